// Tested through tests/unit/sources/evtx.cpp; fuzzed by tests/fuzz/evtx.cpp.

#include "sources/evtx/library.hpp"

// Debian 13's libevtx has the functions over libbfio handles but its header hides them.
#ifndef LIBEVTX_HAVE_BFIO
#define LIBEVTX_HAVE_BFIO 1
#endif
#include <libbfio.h>
#include <libevtx.h>

#include <array>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

namespace escudo::sources {
namespace {

constexpr std::size_t first_buffer = 256 * 1024;
constexpr std::size_t largest_buffer = 64u << 20;

// What libbfio hands back to the functions below.
struct Stream {
  RandomBytes* bytes;
  std::uint64_t at = 0;
};

Stream* stream_of(intptr_t* handle) { return reinterpret_cast<Stream*>(handle); }

int do_nothing_open(intptr_t*, int, libbfio_error_t**) { return 1; }
int do_nothing_close(intptr_t*, libbfio_error_t**) { return 0; }
int always(intptr_t*, libbfio_error_t**) { return 1; }

ssize_t read_bytes(intptr_t* handle, std::uint8_t* to, std::size_t size, libbfio_error_t**) {
  Stream* stream = stream_of(handle);
  const auto got = stream->bytes->read_at(stream->at, reinterpret_cast<char*>(to), size);
  if (!got) return -1;
  stream->at += *got;
  return static_cast<ssize_t>(*got);
}

off64_t seek(intptr_t* handle, off64_t offset, int whence, libbfio_error_t**) {
  Stream* stream = stream_of(handle);
  std::int64_t base = 0;
  if (whence == SEEK_CUR) base = static_cast<std::int64_t>(stream->at);
  if (whence == SEEK_END) base = static_cast<std::int64_t>(stream->bytes->size());
  if (offset > INT64_MAX - base || base + offset < 0) return -1;
  stream->at = static_cast<std::uint64_t>(base + offset);
  return base + offset;
}

int get_size(intptr_t* handle, size64_t* size, libbfio_error_t**) {
  *size = stream_of(handle)->bytes->size();
  return 1;
}

// The cause libevtx names last, without "library_function: "; frees the error.
std::string take_message(libevtx_error_t*& error) {
  std::array<char, 4096> text{};
  if (!error || libevtx_error_backtrace_sprint(error, text.data(), text.size() - 1) < 0) {
    text[0] = 0;
  }
  libevtx_error_free(&error);
  std::string_view all(text.data());
  while (!all.empty() && (all.back() == '\n' || all.back() == '.')) all.remove_suffix(1);
  // The first line of the trace is the innermost cause.
  all = all.substr(0, all.find('\n'));
  const std::size_t colon = all.find(": ");
  if (colon != std::string_view::npos) all.remove_prefix(colon + 2);
  if (!all.empty() && all.back() == '.') all.remove_suffix(1);
  return all.empty() ? "no reason given" : std::string(all);
}

}  // namespace

struct EvtxFile::Handles {
  Stream stream{};
  libbfio_handle_t* io = nullptr;
  libevtx_file_t* file = nullptr;
  std::vector<char> buffer = std::vector<char>(first_buffer);

  ~Handles() {
    if (file) {
      libevtx_file_close(file, nullptr);
      libevtx_file_free(&file, nullptr);
    }
    if (io) libbfio_handle_free(&io, nullptr);
  }

  base::Result<void> open(RandomBytes& bytes) {
    stream.bytes = &bytes;
    libbfio_error_t* io_error = nullptr;
    if (libbfio_handle_initialize(&io, reinterpret_cast<intptr_t*>(&stream), nullptr, nullptr,
                                  do_nothing_open, do_nothing_close, read_bytes, nullptr, seek,
                                  always, always, get_size, LIBBFIO_FLAG_IO_HANDLE_NON_MANAGED,
                                  &io_error) != 1) {
      libbfio_error_free(&io_error);
      return base::Error{"cannot be handed to libevtx"};
    }
    libevtx_error_t* error = nullptr;
    if (libevtx_file_initialize(&file, &error) != 1 ||
        libevtx_file_open_file_io_handle(file, io, LIBEVTX_OPEN_READ, &error) != 1) {
      return base::Error{"libevtx cannot open it: " + take_message(error)};
    }
    return {};
  }

  std::string_view xml_of(libevtx_record_t* record, std::string& why) {
    libevtx_error_t* error = nullptr;
    // Asking for the size first would cost as much as printing: try with what is there.
    auto* text = reinterpret_cast<std::uint8_t*>(buffer.data());
    if (libevtx_record_get_utf8_xml_string(record, text, buffer.size(), &error) == 1) {
      const std::string_view xml(buffer.data(), strnlen(buffer.data(), buffer.size()));
      if (xml.find("</Event>", xml.size() < 16 ? 0 : xml.size() - 16) != std::string_view::npos) {
        return xml;
      }
    }
    libevtx_error_free(&error);
    std::size_t size = 0;
    if (libevtx_record_get_utf8_xml_string_size(record, &size, &error) != 1) {
      why = take_message(error);
      return {};
    }
    if (size == 0 || size > largest_buffer) {
      why = "its text would take " + std::to_string(size) + " bytes";
      return {};
    }
    if (size > buffer.size()) buffer.resize(size);
    text = reinterpret_cast<std::uint8_t*>(buffer.data());
    if (libevtx_record_get_utf8_xml_string(record, text, size, &error) != 1) {
      why = take_message(error);
      return {};
    }
    // NUL characters within strings leave a text that only its size tells the end of.
    return {buffer.data(), size - 1};
  }
};

// libevtx builds its checksum table on first use without a lock: an empty file makes it do so
// before several threads open theirs.
void EvtxFile::build_checksum_table() {
  static std::once_flag once;
  std::call_once(once, [] {
    std::string header(4096, '\0');
    std::memcpy(header.data(), "ElfFile", 8);
    header[32] = static_cast<char>(128);  // the size of what the checksum covers
    header[36] = 1;                       // version 3.1
    header[38] = 3;
    header[41] = 16;  // 4096 bytes of header
    const auto bytes = memory_bytes(std::move(header), nullptr);
    Handles handles;
    static_cast<void>(handles.open(*bytes));
  });
}

EvtxFile::EvtxFile() : handles_(std::make_unique<Handles>()) {}
EvtxFile::~EvtxFile() = default;

base::Result<std::unique_ptr<EvtxFile>> EvtxFile::open(RandomBytes& bytes) {
  build_checksum_table();
  std::unique_ptr<EvtxFile> file(new EvtxFile);
  if (auto opened = file->handles_->open(bytes); !opened) return base::Error{opened.error()};
  libevtx_error_t* error = nullptr;
  if (libevtx_file_get_number_of_records(file->handles_->file, &file->live_, &error) != 1 ||
      libevtx_file_get_number_of_recovered_records(file->handles_->file, &file->recovered_,
                                                   &error) != 1) {
    return base::Error{"libevtx cannot count its records: " + take_message(error)};
  }
  return file;
}

EvtxRecord EvtxFile::read(int index, bool recovered) {
  EvtxRecord result;
  libevtx_record_t* record = nullptr;
  libevtx_error_t* error = nullptr;
  const auto get =
      recovered ? libevtx_file_get_recovered_record_by_index : libevtx_file_get_record_by_index;
  if (get(handles_->file, index, &record, &error) != 1) {
    result.error = take_message(error);
    return result;
  }
  libevtx_record_get_identifier(record, &result.header_id, nullptr);
  result.xml = handles_->xml_of(record, result.error);
  libevtx_record_free(&record, nullptr);
  return result;
}

}  // namespace escudo::sources

// libevtx leaks a little when a record is damaged. Sanitized builds of ours are not to fail for
// that.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ESCUDO_ADDRESS_SANITIZER
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ESCUDO_ADDRESS_SANITIZER
#endif
#ifdef ESCUDO_ADDRESS_SANITIZER
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libevtx.so\n"; }
#endif

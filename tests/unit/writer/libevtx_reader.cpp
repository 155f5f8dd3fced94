#include "libevtx_reader.hpp"

// Debian 13's libevtx has the functions over libbfio handles but its header hides them.
#ifndef LIBEVTX_HAVE_BFIO
#define LIBEVTX_HAVE_BFIO 1
#endif
#include <libbfio.h>
#include <libevtx.h>

#include <memory>
#include <pugixml.hpp>
#include <stdexcept>

namespace writer_test {
namespace {

std::string take(libevtx_error_t* error) {
  std::string text(4096, '\0');
  const int n = libevtx_error_backtrace_sprint(error, text.data(), text.size());
  libevtx_error_free(&error);
  return n > 0 ? std::string(text.c_str()) : "libevtx told no reason";
}

struct File {
  libbfio_handle_t* memory = nullptr;
  libevtx_file_t* file = nullptr;
  ~File() {
    if (file != nullptr) libevtx_file_free(&file, nullptr);
    if (memory != nullptr) libbfio_handle_free(&memory, nullptr);
  }
};

Read read_record(libevtx_file_t* file, int index) {
  Read out;
  libevtx_error_t* error = nullptr;
  libevtx_record_t* record = nullptr;
  if (libevtx_file_get_record_by_index(file, index, &record, &error) != 1) {
    out.error = take(error);
    return out;
  }
  libevtx_record_get_identifier(record, &out.header_id, nullptr);
  std::size_t size = 0;
  if (libevtx_record_get_utf8_xml_string_size(record, &size, &error) != 1) {
    out.error = take(error);
  } else {
    std::string xml(size, '\0');
    if (libevtx_record_get_utf8_xml_string(record, reinterpret_cast<std::uint8_t*>(xml.data()),
                                           size, &error) == 1) {
      out.xml = xml.c_str();
    } else {
      out.error = take(error);
    }
  }
  libevtx_record_free(&record, nullptr);
  return out;
}

void walk(const pugi::xml_node& node, const std::string& path,
          std::multimap<std::string, std::string>& out) {
  bool leaf = true;
  for (const pugi::xml_attribute& a : node.attributes()) {
    const bool names = std::string(node.name()) == "Data" && std::string(a.name()) == "Name";
    if (!names) out.emplace(path + "/@" + a.name(), a.value());
  }
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() != pugi::node_element) continue;
    leaf = false;
    const std::string name = child.attribute("Name").value();
    const bool data = std::string(child.name()) == "Data";
    walk(child, path + (path.empty() ? "" : "/") + child.name() + (data ? "[" + name + "]" : ""),
         out);
  }
  if (leaf) out.emplace(path, node.text().get());
}

}  // namespace

ReadFile read_with_libevtx(const std::string& bytes) {
  File f;
  libevtx_error_t* error = nullptr;
  std::string copy = bytes;
  libbfio_memory_range_initialize(&f.memory, nullptr);
  libbfio_memory_range_set(f.memory, reinterpret_cast<std::uint8_t*>(copy.data()), copy.size(),
                           nullptr);
  if (libevtx_file_initialize(&f.file, &error) != 1 ||
      libevtx_file_open_file_io_handle(f.file, f.memory, LIBEVTX_OPEN_READ, &error) != 1) {
    throw std::runtime_error(take(error));
  }
  ReadFile out;
  int records = 0, recovered = 0;
  libevtx_file_get_number_of_records(f.file, &records, nullptr);
  libevtx_file_get_number_of_recovered_records(f.file, &recovered, nullptr);
  for (int i = 0; i < records; ++i) out.records.push_back(read_record(f.file, i));
  out.recovered = static_cast<std::size_t>(recovered);
  libevtx_file_close(f.file, nullptr);
  return out;
}

std::multimap<std::string, std::string> paths_of(const std::string& xml) {
  pugi::xml_document document;
  const auto flags = (pugi::parse_default | pugi::parse_ws_pcdata_single) & ~pugi::parse_eol &
                     ~pugi::parse_wconv_attribute;
  const pugi::xml_parse_result result = document.load_string(xml.c_str(), flags);
  if (!result) throw std::runtime_error(result.description());
  std::multimap<std::string, std::string> out;
  walk(document.child("Event"), "", out);
  return out;
}

std::vector<std::string> at(const std::multimap<std::string, std::string>& paths,
                            const std::string& path) {
  std::vector<std::string> out;
  for (auto [it, end] = paths.equal_range(path); it != end; ++it) out.push_back(it->second);
  return out;
}

}  // namespace writer_test

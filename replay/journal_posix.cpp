// The journal's native protocol: a datagram of fields, "NAME=value\n", or "NAME\n", the length as
// 64 bits little-endian, the value and "\n" where the value has several lines. What is too large
// for a datagram is handed over in a sealed memory file. libsystemd knows one socket only, which no
// test could offer. Tested by tests/replay/command/send.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.hpp"
#include "replay/send.hpp"

namespace escudo::replay {
namespace {

void field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  if (value.find('\n') == std::string_view::npos) {
    out += '=';
  } else {
    out += '\n';
    for (int k = 0; k < 8; ++k)
      out += static_cast<char>((static_cast<std::uint64_t>(value.size()) >> (8 * k)) & 0xff);
  }
  out += value;
  out += '\n';
}

// Sysmon for Linux logs under its name; readers of the journal look for it.
std::string_view speaker(std::string_view raw) {
  const std::string_view head = raw.substr(0, 300);
  return head.starts_with("<Event") && head.find("Linux-Sysmon") != std::string_view::npos
             ? "sysmon"
             : "escudo-replay";
}

class Journal final : public Destination {
 public:
  Journal(int fd, const sockaddr_un& to, std::string path)
      : fd_(fd), to_(to), path_(std::move(path)) {}
  ~Journal() override { ::close(fd_); }

  base::Result<void> send(const Names& names, std::string_view raw) override {
    std::string datagram;
    field(datagram, "MESSAGE", raw);
    field(datagram, "PRIORITY", "6");
    field(datagram, "SYSLOG_IDENTIFIER", speaker(raw));
    if (!names.source.empty()) field(datagram, "ESCUDO_SOURCE", names.source);
    if (!names.sourcetype.empty()) field(datagram, "ESCUDO_SOURCETYPE", names.sourcetype);
    iovec part{datagram.data(), datagram.size()};
    msghdr message = header();
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (transmit(message)) return {};
    if (errno != EMSGSIZE && errno != ENOBUFS) return failure();
    return send_file(datagram);
  }

  base::Result<void> flush() override { return {}; }

 private:
  msghdr header() {
    msghdr out{};
    out.msg_name = &to_;
    out.msg_namelen = sizeof to_;
    return out;
  }

  bool transmit(const msghdr& message) const {
    while (::sendmsg(fd_, &message, MSG_NOSIGNAL) < 0) {
      if (errno != EINTR) return false;
    }
    return true;
  }

  base::Result<void> send_file(std::string_view bytes) {
    const int file = ::memfd_create("escudo-journal", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (file < 0) return failure();
    bool good = true;
    while (good && !bytes.empty()) {
      const ssize_t n = ::write(file, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      good = n >= 0;
      if (good) bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    good = good && ::fcntl(file, F_ADD_SEALS,
                           F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0;
    if (good) {
      alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))] = {};
      msghdr message = header();
      message.msg_control = space;
      message.msg_controllen = sizeof space;
      cmsghdr* control = CMSG_FIRSTHDR(&message);
      control->cmsg_level = SOL_SOCKET;
      control->cmsg_type = SCM_RIGHTS;
      control->cmsg_len = CMSG_LEN(sizeof(int));
      std::memcpy(CMSG_DATA(control), &file, sizeof file);
      good = transmit(message);
    }
    const int error = errno;
    ::close(file);
    errno = error;
    if (!good) return failure();
    return {};
  }

  base::Error failure() const {
    return {"cannot write to the journal at " + path_ + ": " + std::strerror(errno)};
  }

  int fd_;
  sockaddr_un to_;
  std::string path_;
};

}  // namespace

base::Result<std::unique_ptr<Destination>> journal_destination(const std::string& socket) {
  const std::string path = socket.empty() ? "/run/systemd/journal/socket" : socket;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (path.size() >= sizeof to.sun_path)
    return base::Error{"the path of the journal's socket is too long: " + path};
  std::memcpy(to.sun_path, path.c_str(), path.size());
  if (::access(path.c_str(), F_OK) != 0) return base::Error{"there is no journal at " + path};
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return base::Error{"cannot open a socket: " + std::string(std::strerror(errno))};
  return std::unique_ptr<Destination>(std::make_unique<Journal>(fd, to, path));
}

}  // namespace escudo::replay

#include "hec_server.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace escudo::test {
namespace {

std::string gunzip(const std::string& from) {
  z_stream stream = {};
  std::string out;
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return out;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(from.data()));
  stream.avail_in = static_cast<uInt>(from.size());
  char piece[65536];
  int code = Z_OK;
  while (code == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece);
    stream.avail_out = sizeof piece;
    code = inflate(&stream, Z_NO_FLUSH);
    out.append(piece, sizeof piece - stream.avail_out);
  }
  inflateEnd(&stream);
  return out;
}

std::string response(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " x\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string coded(int status, int code, const char* text) {
  return response(status, std::string("{\"text\":\"") + text + "\",\"code\":" + std::to_string(code) + "}");
}

}  // namespace

std::vector<std::string> split_objects(const std::string& body) {
  std::vector<std::string> out;
  int depth = 0;
  bool quoted = false, escaped = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    if (escaped) {
      escaped = false;
    } else if (quoted) {
      escaped = c == '\\';
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' && depth++ == 0) {
      start = i;
    } else if (c == '}' && --depth == 0) {
      out.push_back(body.substr(start, i + 1 - start));
    }
  }
  return depth == 0 && !quoted ? out : std::vector<std::string>();
}

HecServer::HecServer(Options options) : options_(std::move(options)), never_ack_(options_.never_ack) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(options_.port));
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::perror("hec_server");
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

HecServer::~HecServer() {
  stop_ = true;
  acceptor_.join();
  for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  for (std::thread& each : threads_) each.join();
  for (const int socket : sockets_) ::close(socket);
  ::close(listener_);
}

void HecServer::next(Answer answer, std::size_t times) {
  const std::scoped_lock lock(mutex_);
  script_.insert(script_.end(), times, answer);
}

void HecServer::forgive() {
  const std::scoped_lock lock(mutex_);
  script_.clear();
}

std::vector<std::string> HecServer::events() const {
  const std::scoped_lock lock(mutex_);
  return events_;
}

std::vector<std::size_t> HecServer::batch_of_events() const {
  const std::scoped_lock lock(mutex_);
  return batch_of_events_;
}

void HecServer::take(std::vector<std::string>::const_iterator first, std::vector<std::string>::const_iterator last) {
  events_.insert(events_.end(), first, last);
  batch_of_events_.resize(events_.size(), batches_);
}

void HecServer::accept_all() {
  while (!stop_) {
    pollfd wait{listener_, POLLIN, 0};
    if (::poll(&wait, 1, 50) != 1) continue;
    const int socket = ::accept(listener_, nullptr, nullptr);
    if (socket < 0) continue;
    if (down_) {
      ::close(socket);
      continue;
    }
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

void HecServer::serve(int socket) {
  std::string buffer;
  Request request;
  while (!stop_ && read_request(socket, buffer, request) && !down_) {
    ++requests_;
    bool cut = false, hang = false;
    const std::string text = answer(request, cut, hang);
    while (hang && !stop_) ::usleep(20'000);
    if (cut || hang) break;
    if (::send(socket, text.data(), text.size(), MSG_NOSIGNAL) < 0) break;
  }
  ::shutdown(socket, SHUT_RDWR);
}

bool HecServer::read_request(int socket, std::string& buffer, Request& request) {
  request = {};
  const auto more = [&] {
    char piece[65536];
    const ssize_t n = ::recv(socket, piece, sizeof piece, 0);
    if (n > 0) buffer.append(piece, static_cast<std::size_t>(n));
    return n > 0;
  };
  std::size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
    if (!more()) return false;
  }
  std::size_t at = buffer.find("\r\n");
  const std::string first = buffer.substr(0, at);
  const std::size_t blank = first.find(' ');
  request.path = first.substr(blank + 1, first.rfind(' ') - blank - 1);
  while (at < end) {
    const std::size_t line_end = buffer.find("\r\n", at + 2);
    const std::string line = buffer.substr(at + 2, line_end - at - 2);
    const std::size_t colon = line.find(':');
    if (colon != std::string::npos) {
      std::string name = line.substr(0, colon);
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      request.headers[name] = line.substr(std::min(line.size(), line.find_first_not_of(' ', colon + 1)));
    }
    at = line_end;
  }
  buffer.erase(0, end + 4);
  const std::size_t size = std::strtoul(request.headers["content-length"].c_str(), nullptr, 10);
  while (buffer.size() < size) {
    if (!more()) return false;
  }
  request.body = buffer.substr(0, size);
  buffer.erase(0, size);
  return true;
}

std::string HecServer::answer_ack(const Request& request) {
  const auto asked = nlohmann::json::parse(request.body, nullptr, false);
  nlohmann::json acks = nlohmann::json::object();
  const std::scoped_lock lock(mutex_);
  auto& open = acks_[request.path.substr(request.path.find('=') + 1)];
  for (const auto& id : asked["acks"]) {
    const auto it = open.find(id.get<std::size_t>());
    const bool done = it != open.end() && !never_ack_ && it->second++ >= options_.acks_late;
    acks[std::to_string(id.get<std::size_t>())] = done;
    if (done) open.erase(it);  // told once
  }
  return response(200, nlohmann::json{{"acks", acks}}.dump());
}

std::string HecServer::answer(const Request& request, bool& cut, bool& hang) {
  auto headers = request.headers;
  if (headers["authorization"] != "Splunk " + options_.token) return coded(403, 4, "Invalid token");
  if (request.path.starts_with("/services/collector/ack?channel=")) return answer_ack(request);
  if (request.path != "/services/collector/event") return response(404, "{}");
  const std::string channel = headers["x-splunk-request-channel"];
  if (options_.ack && channel.empty()) return coded(400, 10, "Data channel is missing");
  if (request.body.size() > options_.largest_body) return response(413, "");
  const bool zipped = headers["content-encoding"] == "gzip";
  if (zipped) ++gzipped_;
  std::vector<std::string> objects = split_objects(zipped ? gunzip(request.body) : request.body);
  if (objects.empty()) return coded(400, 5, "No data");
  Answer how = Answer::good;
  const std::scoped_lock lock(mutex_);
  if (!script_.empty()) {
    how = script_.front();
    script_.pop_front();
  }
  if (how == Answer::busy) return coded(503, 9, "Server is busy");
  if (how == Answer::bad_token) return coded(403, 4, "Invalid token");
  if (how == Answer::too_large) return response(413, "");
  hang = how == Answer::hang;
  if (hang) return {};
  ++batches_;
  if (how == Answer::invalid) {
    const std::size_t bad = std::min<std::size_t>(1, objects.size() - 1);
    take(objects.cbegin(), objects.cbegin() + static_cast<std::ptrdiff_t>(bad));
    return response(400, "{\"text\":\"Invalid data format\",\"code\":6,\"invalid-event-number\":" + std::to_string(bad) + "}");
  }
  if (how == Answer::garbage) return response(200, "<html>");
  take(objects.cbegin(), objects.cend());
  cut = how == Answer::cut;
  if (!options_.ack) return coded(200, 0, "Success");
  const std::size_t id = next_ack_[channel]++;
  acks_[channel][id] = 0;
  return response(200, "{\"text\":\"Success\",\"code\":0,\"ackId\":" + std::to_string(id) + "}");
}

}  // namespace escudo::test

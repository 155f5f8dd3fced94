#include "runtime/metrics_server.hpp"

#include <boost/asio.hpp>
#include <chrono>
#include <thread>

namespace escudo::runtime {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

constexpr std::size_t kLargestRequest = 8 * 1024;
constexpr auto kPatience = std::chrono::seconds(5);

// One request, one answer.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const std::function<std::string()>& metrics, const std::function<std::string()>& status)
      : socket_(std::move(socket)), timer_(socket_.get_executor()), metrics_(metrics), status_(status) {}

  void start() {
    timer_.expires_after(kPatience);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      boost::system::error_code ignored;
      if (!error) self->socket_.close(ignored);
    });
    asio::async_read_until(socket_, asio::dynamic_buffer(request_, kLargestRequest), "\r\n\r\n",
                           [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                             if (error) self->timer_.cancel();
                             else self->answer();
                           });
  }

 private:
  void answer() {
    std::string body, type = "text/plain; version=0.0.4; charset=utf-8", line = "200 OK";
    if (request_.starts_with("GET /metrics ")) {
      body = metrics_();
    } else if (request_.starts_with("GET /status ")) {
      body = status_() + "\n";
      type = "application/json";
    } else {
      line = request_.starts_with("GET ") ? "404 Not Found" : "405 Method Not Allowed";
      body = "GET /metrics or /status\n";
    }
    answer_ = "HTTP/1.1 " + line + "\r\nContent-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\nConnection: close\r\n\r\n" + body;
    asio::async_write(socket_, asio::buffer(answer_), [self = shared_from_this()](const boost::system::error_code&, std::size_t) {
      boost::system::error_code ignored;
      self->timer_.cancel();
      self->socket_.shutdown(tcp::socket::shutdown_both, ignored);
    });
  }

  tcp::socket socket_;
  asio::steady_timer timer_;
  std::string request_, answer_;
  const std::function<std::string()>&metrics_, &status_;
};

}  // namespace

struct MetricsServer::Parts {
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  std::function<std::string()> metrics, status;
  std::thread thread;

  void accept() {
    acceptor.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error) std::make_shared<Session>(std::move(socket), metrics, status)->start();
      accept();
    });
  }
};

base::Result<std::unique_ptr<MetricsServer>> MetricsServer::start(std::uint16_t port, std::function<std::string()> metrics,
                                                                  std::function<std::string()> status) {
  auto parts = std::make_unique<Parts>();
  parts->metrics = std::move(metrics);
  parts->status = std::move(status);
  boost::system::error_code error;
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
  parts->acceptor.open(endpoint.protocol(), error);
  if (!error) parts->acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) parts->acceptor.bind(endpoint, error);
  if (!error) parts->acceptor.listen(16, error);
  if (error) return base::Error{"cannot listen on 127.0.0.1:" + std::to_string(port) + ": " + error.message()};
  parts->accept();
  Parts* p = parts.get();
  p->thread = std::thread([p] { p->io.run(); });
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(parts)));
}

MetricsServer::MetricsServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
MetricsServer::~MetricsServer() {
  parts_->io.stop();
  if (parts_->thread.joinable()) parts_->thread.join();
}
std::uint16_t MetricsServer::port() const {
  boost::system::error_code ignored;
  return parts_->acceptor.local_endpoint(ignored).port();
}

}  // namespace escudo::runtime

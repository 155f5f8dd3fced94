#pragma once
// A local HTTP Event Collector that answers as Splunk's does and misbehaves on demand. For tests only.
//
// Threads: one serves each connection; every member may be called from any thread.

#include <atomic>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace escudo::test {

class HecServer {
 public:
  enum class Answer {
    good,
    busy,         // 503, code 9; nothing is taken
    hang,         // takes the request and says nothing
    cut,          // takes the events, then ends the connection: the sender must send again
    bad_token,    // 403, code 4
    invalid,      // 400, code 6: takes what stands before the second event, which it calls invalid
    too_large,    // 413
    garbage,      // 200 with a body that is no JSON
  };
  struct Options {
    std::string token = "secret";
    bool ack = false;                   // gives an ackId for every batch
    std::size_t acks_late = 0;          // polls that say false before one says true
    bool never_ack = false;
    std::size_t largest_body = 1 << 20;
    int port = 0;                       // 0: any
  };
  explicit HecServer(Options options);
  ~HecServer();

  int port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  void next(Answer answer, std::size_t times = 1);  // for coming batches, after those asked before
  void forgive();  // what was asked for is forgotten
  void set_never_ack(bool never) { never_ack_ = never; }
  // Nobody is there: connections end before anything is taken or told. What was taken stays.
  void set_down(bool down) { down_ = down; }

  std::vector<std::string> events() const;  // whole JSON objects in the order they were taken
  std::vector<std::size_t> batch_of_events() const;  // the number of the batch that each of them came in
  std::size_t batches() const { return batches_; }
  std::size_t gzipped() const { return gzipped_; }
  std::size_t requests() const { return requests_; }

 private:
  struct Request {
    std::string path, body;
    std::map<std::string, std::string> headers;  // names in lower case
  };
  void accept_all();
  void serve(int socket);
  void take(std::vector<std::string>::const_iterator first, std::vector<std::string>::const_iterator last);
  bool read_request(int socket, std::string& buffer, Request& request);
  std::string answer(const Request& request, bool& cut, bool& hang);
  std::string answer_ack(const Request& request);

  const Options options_;
  int listener_ = -1, port_ = 0;
  std::atomic<bool> stop_ = false, never_ack_ = false, down_ = false;
  std::atomic<std::size_t> batches_ = 0, gzipped_ = 0, requests_ = 0;
  mutable std::mutex mutex_;
  std::deque<Answer> script_;
  std::vector<std::string> events_;
  std::vector<std::size_t> batch_of_events_;
  std::map<std::string, std::map<std::size_t, std::size_t>> acks_;  // channel -> id -> polls so far
  std::map<std::string, std::size_t> next_ack_;
  std::vector<std::thread> threads_;
  std::vector<int> sockets_;
  std::thread acceptor_;
};

// The top-level JSON objects of a body, blanks between them left out; nothing when it is broken.
std::vector<std::string> split_objects(const std::string& body);

}  // namespace escudo::test

#pragma once
// Status on stderr: "[+]" progress, "[!]" warnings, "[x]" what ends the run, as its users' eyes expect.

#include <chrono>
#include <cstdint>
#include <string>

#include "base/diagnostic.hpp"

namespace escudo::agent {

class Status {
 public:
  explicit Status(bool quiet);
  ~Status();
  void warn(const std::string& sentence);
  void fatal(const std::string& sentence);
  void show(const base::Diagnostic& diagnostic);
  void print(const std::string& text);
  // One line, rewritten in place; only on a terminal and not when quiet.
  void progress(std::uint64_t done, std::uint64_t total, std::uint64_t files_done, std::uint64_t files_total);

 private:
  void clear_line();
  bool quiet_, terminal_, color_;
  bool line_shown_ = false;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

std::string human_bytes(std::uint64_t bytes);       // "12.3 MB"
std::string human_duration(double seconds);         // "1:05", "2:03:04"

}  // namespace escudo::agent

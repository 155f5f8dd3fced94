#include "status.hpp"

#include <cstdio>

#include "base/text.hpp"
#include "messages.hpp"
#include "terminal.hpp"

namespace escudo::agent {

Status::Status(bool quiet) : quiet_(quiet), terminal_(is_terminal(2)), color_(wants_color(2)) {}

Status::~Status() { clear_line(); }

void Status::clear_line() {
  if (!line_shown_) return;
  std::fputs("\r\x1b[K", messages());
  line_shown_ = false;
}

void Status::warn(const std::string& sentence) {
  clear_line();
  std::fprintf(messages(), "%s[!]%s %s\n", color_ ? "\x1b[33m" : "", color_ ? "\x1b[0m" : "", base::harmless(sentence).c_str());
}

void Status::fatal(const std::string& sentence) {
  clear_line();
  std::fprintf(messages(), "%s[x]%s %s\n", color_ ? "\x1b[31m" : "", color_ ? "\x1b[0m" : "", base::harmless(sentence).c_str());
}

void Status::show(const base::Diagnostic& diagnostic) {
  clear_line();
  std::fputs(diagnostic.render().c_str(), messages());
}

void Status::print(const std::string& text) {
  clear_line();
  if (!quiet_) std::fputs(text.c_str(), messages());
}

void Status::progress(std::uint64_t done, std::uint64_t total, std::uint64_t files_done, std::uint64_t files_total) {
  if (quiet_ || !terminal_ || total == 0) return;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  if (seconds < 0.5) return;   // short runs need no bar
  const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  std::string eta = part > 0.01 ? ", " + human_duration(seconds / part * (1 - part)) + " left" : "";
  std::fprintf(messages(), "\r\x1b[K[+] %3.0f %%  %s of %s, file %llu of %llu%s", part * 100, human_bytes(done).c_str(), human_bytes(total).c_str(),
               static_cast<unsigned long long>(files_done + 1), static_cast<unsigned long long>(files_total), eta.c_str());
  std::fflush(messages());
  line_shown_ = true;
}

std::string human_bytes(std::uint64_t bytes) {
  static constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  double n = static_cast<double>(bytes);
  int unit = 0;
  while (n >= 1000 && unit < 4) n /= 1000, ++unit;
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", n, units[unit]);
  return text;
}

std::string human_duration(double seconds) {
  const auto s = static_cast<long long>(seconds + 0.5);
  char text[32];
  if (s >= 3600) std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
  else std::snprintf(text, sizeof text, "%lld:%02lld", s / 60, s % 60);
  return text;
}

}  // namespace escudo::agent

// printf(format, value, …): %d %i %u %o %x %X %c %s %f %F %e %E %g %G %a %A %%, with the flags
// - + blank # 0 ', a width and a precision (either may be *). A value that is missing or no number
// for a number's conversion counts as 0, for %s as nothing.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "pipeline/functions/function.hpp"

namespace escudo::pipeline {
namespace {

constexpr int kWidest = 1000;

struct Conversion {
  std::string flags;
  int width = -1, precision = -1;
  char type = 0;
};

class Writer {
 public:
  explicit Writer(Args args) : args_(args) {}

  std::string write(std::string_view format) {
    for (std::size_t i = 0; i < format.size(); ++i) {
      if (format[i] != '%') {
        out_ += format[i];
        continue;
      }
      const std::size_t begin = i++;
      Conversion c = read(format, i);
      if (c.type == '%')
        out_ += '%';
      else if (c.type == 0)
        out_ += format.substr(begin, i - begin + 1);  // no conversion: as it is
      else
        convert(c);
    }
    return std::move(out_);
  }

 private:
  const Value& next() { return at_ < args_.size() ? *args_[at_++] : Scope::null_value(); }

  int bound(std::string_view format, std::size_t& i) {
    if (i < format.size() && format[i] == '*') {
      ++i;
      return static_cast<int>(
          std::clamp<std::int64_t>(whole(next()).value_or(0), -kWidest, kWidest));
    }
    int n = 0;
    for (; i < format.size() && base::is_digit(format[i]); ++i)
      n = std::min(n * 10 + (format[i] - '0'), kWidest);
    return n;
  }

  // Leaves `i` at the last character of the conversion.
  Conversion read(std::string_view format, std::size_t& i) {
    Conversion c;
    for (;
         i < format.size() && std::string_view("-+ #0'").find(format[i]) != std::string_view::npos;
         ++i)
      if (format[i] != '\'' && c.flags.find(format[i]) == std::string::npos) c.flags += format[i];
    c.width = bound(format, i);
    if (c.width < 0) {
      if (c.flags.find('-') == std::string::npos) c.flags += '-';
      c.width = -c.width;
    }
    if (i < format.size() && format[i] == '.') c.precision = bound(format, ++i);
    while (i < format.size() &&
           std::string_view("hlLqjzt").find(format[i]) != std::string_view::npos)
      ++i;
    if (i < format.size() &&
        std::string_view("diuoxXcsfFeEgGaA%").find(format[i]) != std::string_view::npos)
      c.type = format[i];
    return c;
  }

  void convert(const Conversion& c) {
    const Value& value = next();
    if (c.type == 's') return pad(value.text(), c, c.precision);
    if (c.type == 'c') return pad(value.text(), c, 1);
    std::string pattern = "%" + c.flags + "*";
    if (c.precision >= 0) pattern += ".*";
    const double n = value.number().value_or(0);
    if (std::string_view("diuoxX").find(c.type) == std::string_view::npos)
      return print(pattern + c.type, c, n);
    const auto exact = integer_of(value);
    const auto integer = static_cast<long long>(
        exact ? *exact : static_cast<std::int64_t>(std::clamp(std::trunc(n), -9.2e18, 9.2e18)));
    print(pattern + "ll" + c.type, c, integer);
  }

  // `pattern` is made here of checked parts: a width of at most kWidest, and numbers.
  template <class Number>
  void print(const std::string& pattern, const Conversion& c, Number n) {
    std::array<char, 3 * kWidest> buffer{};  // 309 digits of a double, precision or width
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    const int size =
        c.precision >= 0
            ? std::snprintf(buffer.data(), buffer.size(), pattern.c_str(), c.width, c.precision, n)
            : std::snprintf(buffer.data(), buffer.size(), pattern.c_str(), c.width, n);
#pragma GCC diagnostic pop
    if (size > 0)
      out_.append(buffer.data(),
                  std::min<std::size_t>(static_cast<std::size_t>(size), buffer.size() - 1));
  }

  // Width and precision count characters.
  void pad(const std::string& text, const Conversion& c, int most) {
    std::size_t at = 0;
    int n = 0;
    while (at < text.size() && (most < 0 || n < most)) {
      at += base::decode_utf8(text, at).bytes;
      ++n;
    }
    const std::string blanks(static_cast<std::size_t>(std::max(c.width - n, 0)), ' ');
    const bool left = c.flags.find('-') != std::string::npos;
    if (!left) out_ += blanks;
    out_.append(text, 0, at);
    if (left) out_ += blanks;
  }

  Args args_;
  std::size_t at_ = 1;  // behind the format
  std::string out_;
};

NodePtr make_printf(Call& call) {
  return of_all(call, [](Args args) -> Value {
    if (args[0]->is_null()) return {};
    return Writer(args).write(*Text(*args[0]));
  });
}

constexpr Function kFunctions[] = {
    {"printf", 1, Function::kAny, "printf(\"format\", value, …)", make_printf},
};

}  // namespace

Functions printf_functions() { return kFunctions; }

}  // namespace escudo::pipeline

// The functions of eval: those of the ESCU detections and their near relatives.
#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <numbers>

#include "base/address.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "expression.hpp"
#include "filter.hpp"
#include "pattern.hpp"
#include "spl/parser.hpp"

namespace escudo::twin {
namespace {

using Args = std::vector<Datum>;
using Many = Value::Many;

Value finite(double n) { return std::isfinite(n) ? Value(n) : Value(); }

std::vector<std::string> characters(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size(); at += out.back().size())
    out.push_back(text.substr(at, base::decode_utf8(text, at).bytes));
  return out;
}

std::string joined(const std::vector<std::string>& parts, std::size_t from, std::size_t to) {
  std::string out;
  for (std::size_t k = from; k < to; ++k) out += parts[k];
  return out;
}

std::optional<std::int64_t> whole(const Value& v) {
  const auto n = v.number();
  if (!n) return {};
  return static_cast<std::int64_t>(std::clamp(std::trunc(*n), -1e15, 1e15));
}

// f of each value of the first argument; a list keeps what is not null.
Value of_each(const Args& args, const std::function<Value(const Value&)>& f) {
  const Value first = args[0].as_value();
  if (first.is_null()) return {};
  if (!first.is_many()) return f(first);
  Many out;
  for (const std::string& one : first.as_many())
    if (Value v = f(Value(one)); !v.is_null()) out.push_back(v.text());
  return Value::many(std::move(out));
}

Truth any_of(const Value& v, const std::function<bool(const std::string&)>& f) {
  if (v.is_null()) return Truth::null;
  const Many all = v.values();
  return truth_of(std::any_of(all.begin(), all.end(), f));
}

// ---- patterns ---------------------------------------------------------------------------------

bool like(const std::vector<std::string>& p, std::size_t i, const std::vector<std::string>& t,
          std::size_t j) {
  // The text positions that the pattern so far can reach.
  std::vector<bool> reach(t.size() + 1, false);
  reach[j] = true;
  for (; i < p.size(); ++i) {
    std::vector<bool> next(t.size() + 1, false);
    if (p[i] == "%") {
      bool on = false;
      for (std::size_t k = 0; k <= t.size(); ++k) next[k] = on = on || reach[k];
    } else {
      for (std::size_t k = 0; k < t.size(); ++k)
        if (reach[k] && (p[i] == "_" || p[i] == t[k])) next[k + 1] = true;
    }
    reach = std::move(next);
  }
  return reach[t.size()];
}

Datum like_call(const Args& args) {
  const Value x = args[0].as_value(), patterns = args[1].as_value();
  if (x.is_null() || patterns.is_null()) return Truth::null;
  return any_of(patterns, [&](const std::string& p) {
    const auto letters = characters(p);
    return any_of(x, [&](const std::string& t) { return like(letters, 0, characters(t), 0); }) ==
           Truth::yes;
  });
}

const Pattern* pattern_or_none(const std::string& text) {
  try {
    return &pattern(text);
  } catch (const Unfit&) {
    return nullptr;
  }
}

Datum match_call(const Args& args) {
  const Value x = args[0].as_value(), p = args[1].as_value();
  if (x.is_null() || p.is_null()) return Truth::null;
  const Pattern* regex = pattern_or_none(p.text());
  if (!regex) return Truth::null;
  return any_of(x, [&](const std::string& t) { return regex->found(t); });
}

Datum replace_call(const Args& args) {
  const Value p = args[1].as_value(), with = args[2].as_value();
  if (p.is_null() || with.is_null()) return Value();
  const Pattern* regex = pattern_or_none(p.text());
  if (!regex) return Value();
  return of_each(args, [&](const Value& x) { return regex->replaced(x.text(), with.text()); });
}

Datum mvfind_call(const Args& args) {
  const Value x = args[0].as_value(), p = args[1].as_value();
  if (x.is_null() || p.is_null()) return Value();
  const Pattern* regex = pattern_or_none(p.text());
  if (!regex) return Value();
  const Many all = x.values();
  for (std::size_t k = 0; k < all.size(); ++k)
    if (regex->found(all[k])) return Value(static_cast<double>(k));
  return Value();
}

// ---- text -------------------------------------------------------------------------------------

Datum substr_call(const Args& args) {
  const auto start = whole(args[1].as_value());
  const auto length = args.size() > 2 ? whole(args[2].as_value()) : std::optional<std::int64_t>();
  if (!start || (args.size() > 2 && !length)) return Value();
  return of_each(args, [&](const Value& x) -> Value {
    const auto letters = characters(x.text());
    const auto size = static_cast<std::int64_t>(letters.size());
    std::int64_t from = *start > 0 ? *start - 1 : *start == 0 ? 0 : std::max<std::int64_t>(size + *start, 0);
    from = std::min(from, size);
    const std::int64_t to = length ? std::min(size, from + std::max<std::int64_t>(*length, 0)) : size;
    return joined(letters, static_cast<std::size_t>(from), static_cast<std::size_t>(std::max(from, to)));
  });
}

Datum trim_call(const Args& args, bool left, bool right) {
  const Value given = args.size() > 1 ? args[1].as_value() : Value(" \t");
  if (given.is_null()) return Value();
  const auto set = characters(given.text());
  return of_each(args, [&](const Value& x) -> Value {
    const auto letters = characters(x.text());
    std::size_t from = 0, to = letters.size();
    const auto in_set = [&](const std::string& c) {
      return std::find(set.begin(), set.end(), c) != set.end();
    };
    while (left && from < to && in_set(letters[from])) ++from;
    while (right && to > from && in_set(letters[to - 1])) --to;
    return joined(letters, from, to);
  });
}

std::string url_decoded(const std::string& text) {
  static const Pattern escape("%([0-9A-Fa-f]{2})");
  std::string out;
  std::size_t at = 0;
  for (const Pattern::Match& m : escape.matches(text)) {
    out.append(text, at, m[0].begin - at);
    out += static_cast<char>(std::stoi(m[1].text, nullptr, 16));
    at = m[0].end;
  }
  return out + text.substr(at);
}

// Letters beyond ASCII too, as far as the engine's own tables are tested elsewhere: here ASCII,
// Latin-1, Greek and Cyrillic by their code points.
std::string other_case(const std::string& text, bool upper) {
  std::string out;
  for (const std::string& letter : characters(text)) {
    if (letter.size() == 1) {
      const char c = letter[0];
      if (upper)
        out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
      else
        out += base::ascii_lower(c);
      continue;
    }
    const base::Utf8Char c = base::decode_utf8(letter, 0);
    auto code = static_cast<std::uint32_t>(c.code);
    if (!c.valid) {
      out += letter;
      continue;
    }
    const auto between = [&](std::uint32_t a, std::uint32_t b) { return code >= a && code <= b; };
    if (upper) {
      if (between(0xE0, 0xFE) && code != 0xF7) code -= 32;
      else if (between(0x3B1, 0x3C9) && code != 0x3C2) code -= 32;
      else if (between(0x430, 0x44F)) code -= 32;
      else if (between(0x450, 0x45F)) code -= 80;
    } else {
      if (between(0xC0, 0xDE) && code != 0xD7) code += 32;
      else if (between(0x391, 0x3A9) && code != 0x3A2) code += 32;
      else if (between(0x410, 0x42F)) code += 32;
      else if (between(0x400, 0x40F)) code += 80;
    }
    if (code < 0x800) {
      out += static_cast<char>(0xC0 | code >> 6);
      out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
      out += letter;
    }
  }
  return out;
}

std::string digest(const std::string& text, const EVP_MD* kind) {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), bytes, &size, kind, nullptr);
  std::string out;
  for (unsigned int k = 0; k < size; ++k) {
    out += "0123456789abcdef"[bytes[k] >> 4];
    out += "0123456789abcdef"[bytes[k] & 15];
  }
  return out;
}

// ---- numbers ----------------------------------------------------------------------------------

Datum number_call(const Args& args, double (*f)(double)) {
  return of_each(args, [&](const Value& x) -> Value {
    const auto n = x.number();
    return n ? finite(f(*n)) : Value();
  });
}

double round_to(double x, double places) {
  places = std::clamp(places, -300.0, 300.0);
  const double scale = std::pow(10.0, std::fabs(places));
  const double r = places < 0 ? std::round(x / scale) * scale : std::round(x * scale) / scale;
  return std::isfinite(places < 0 ? x / scale : x * scale) ? r : x;
}

Datum tonumber_call(const Args& args) {
  return of_each(args, [&](const Value& x) -> Value {
    if (args.size() == 1 && x.is_number()) return x;
    std::string text(base::trim(x.text()));
    const auto base = args.size() > 1 ? whole(args[1].as_value()) : std::optional<std::int64_t>(10);
    if (!base || *base < 2 || *base > 36) return {};
    if (*base != 10) {
      const bool minus = text.starts_with('-');
      if (minus || text.starts_with('+')) text.erase(0, 1);
      if (*base == 16 && base::istarts_with(text, "0x")) text.erase(0, 2);
      std::uint64_t n = 0;
      const auto [end, error] =
          std::from_chars(text.data(), text.data() + text.size(), n, static_cast<int>(*base));
      if (error != std::errc{} || end != text.data() + text.size()) return {};
      return minus ? -static_cast<double>(n) : static_cast<double>(n);
    }
    const auto n = event::parse_number(text);
    if (!n) return {};
    std::int64_t exact = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exact);
    const bool whole_text = error == std::errc{} && end == text.data() + text.size();
    return std::fabs(*n) >= 9007199254740992.0 && whole_text ? Value(text) : Value(*n);
  });
}

bool is_whole_number(const Value& v) {
  const auto n = v.number();
  return n && *n == std::trunc(*n) &&
         (v.is_number() || v.text().find_first_of(".eE") == std::string::npos);
}

std::string grouped(const std::string& digits) {
  std::string out;
  for (std::size_t k = 0; k < digits.size(); ++k) {
    if (k > 0 && (digits.size() - k) % 3 == 0) out += ',';
    out += digits[k];
  }
  return out;
}

std::string two(long long n) { return (n < 10 ? "0" : "") + std::to_string(n); }

Datum tostring_call(const Args& args) {
  if (args[0].is_truth && args.size() == 1) return args[0].as_value();
  const std::string format =
      args.size() > 1 ? base::to_lower(args[1].as_value().text()) : std::string();
  return of_each(args, [&](const Value& x) -> Value {
    const auto n = x.number();
    if (!n || format.empty()) return x.text();
    const double size = std::fabs(*n);
    static const Pattern integer("^-?\\d{1,18}$");
    if (integer.found(x.text())) {   // all its digits, also those a double does not keep
      const long long exact = std::stoll(x.text());
      const std::string digits = std::to_string(exact < 0 ? -exact : exact);
      if (format == "commas") return (exact < 0 ? "-" : "") + grouped(digits);
      if (format == "hex" || format == "binary") {
        const unsigned by = format == "hex" ? 16 : 2;
        std::string out;
        auto rest = static_cast<unsigned long long>(exact < 0 ? -exact : exact);
        do out.insert(out.begin(), "0123456789ABCDEF"[rest % by]);
        while (rest /= by);
        return std::string(exact < 0 ? "-" : "") + (format == "hex" ? "0x" : "") + out;
      }
    }
    if (format == "commas" && size < 1e15) {
      const auto cents = static_cast<long long>(std::llround(size * 100));
      std::string out = grouped(std::to_string(cents / 100));
      if (cents % 100) out += "." + two(cents % 100);
      return (*n < 0 && cents ? "-" : "") + out;
    }
    if (const std::string digits = base::number_text(size); format == "commas" && digits.find_first_not_of("0123456789") == std::string::npos)
      return (*n < 0 ? "-" : "") + grouped(digits);
    if (format == "duration" && size < 1e12) {
      const auto micros = static_cast<long long>(std::llround(size * 1e6));
      const long long s = micros / 1'000'000;
      std::string out = s >= 86'400 ? std::to_string(s / 86'400) + "+" : "";
      out += two(s / 3600 % 24) + ":" + two(s / 60 % 60) + ":" + two(s % 60);
      if (micros % 1'000'000) {
        const std::string rest = std::to_string(micros % 1'000'000);
        out += "." + std::string(6 - rest.size(), '0') + rest;
      }
      return (*n < 0 ? "-" : "") + out;
    }
    return x.text();
  });
}

// ---- lists ------------------------------------------------------------------------------------

Datum mvindex_call(const Args& args) {
  const Value list = args[0].as_value();
  const Many all = list.values();
  const auto size = static_cast<std::int64_t>(all.size());
  auto first = whole(args[1].as_value());
  auto last = args.size() > 2 ? whole(args[2].as_value()) : first;
  if (!first || !last) return Value();
  if (*first < 0) *first += size;
  if (*last < 0) *last += size;
  if (args.size() > 2) {
    *first = std::max<std::int64_t>(*first, 0);
    *last = std::min(*last, size - 1);
  }
  Many out;
  if (*first < 0 || *last >= size) return Value();
  for (std::int64_t k = *first; k <= *last; ++k) out.push_back(all[static_cast<std::size_t>(k)]);
  if (out.size() == 1 && !list.is_many()) return list;
  return Value::many(std::move(out));
}

Datum split_call(const Args& args) {
  const Value text = args[0].as_value(), by = args[1].as_value();
  if (text.is_null() || by.is_null()) return Value();
  const std::string delimiter = by.text();
  Many out;
  for (std::string rest : text.values()) {
    if (delimiter.empty()) {
      for (std::string& letter : characters(rest)) out.push_back(std::move(letter));
      continue;
    }
    for (std::size_t at; (at = rest.find(delimiter)) != std::string::npos;) {
      out.push_back(rest.substr(0, at));
      rest.erase(0, at + delimiter.size());
    }
    out.push_back(rest);
  }
  return Value::many(std::move(out));
}

Datum mvappend_call(const Args& args) {
  Many out;
  std::vector<Value> given;
  for (const Datum& d : args)
    if (Value v = d.as_value(); !v.is_null()) {
      for (const std::string& one : v.values()) out.push_back(one);
      given.push_back(std::move(v));
    }
  return given.size() == 1 ? given.front() : Value::many(std::move(out));
}

void fields_in(const spl::Expr& expr, std::set<std::string>& out) {
  const bool dotted = expr.op == spl::Expr::Op::concat && !expr.text.empty();
  if (expr.kind == spl::Expr::Kind::field || (dotted && expr.kind == spl::Expr::Kind::binary))
    out.insert(expr.text);
  else
    for (const spl::Expr& arg : expr.args) fields_in(arg, out);
}

// The condition (mvfilter) or the expression (mvmap) for each value of one field in its place.
Datum loop_call(const spl::Expr& expr, const Frame& frame, bool filter) {
  std::set<std::string> fields;
  fields_in(expr.args[0], fields);
  if (fields.size() != 1) throw Unfit{expr.text + "() goes through one field"};
  const Value list = filter ? frame.row.get(*fields.begin())
                            : evaluate(expr.args[0], frame).as_value();
  Many out;
  std::vector<Value> whole_values = list.is_many() ? std::vector<Value>() : std::vector<Value>{list};
  for (const std::string& one : list.is_many() ? list.as_many() : Many()) whole_values.emplace_back(one);
  if (list.is_null()) whole_values.clear();
  for (const Value& one : whole_values) {
    Row row = frame.row;
    row.set(*fields.begin(), one);
    const Datum result = evaluate(expr.args[filter ? 0 : 1], {row, frame.names, frame.now});
    if (filter && result.as_truth() == Truth::yes) out.push_back(one.text());
    if (!filter)
      for (const std::string& v : result.as_value().values()) out.push_back(v);
  }
  if (filter && !list.is_many() && !out.empty()) return list;   // a number stays one
  return Value::many(std::move(out));
}

Datum in_call(const Args& args) {
  const Value x = args[0].as_value();
  if (x.is_null()) return Truth::null;
  for (std::size_t k = 1; k < args.size(); ++k)
    if (compared(spl::Expr::Op::equal, x, args[k].as_value()) == Truth::yes) return Truth::yes;
  return Truth::no;   // also where an item is NULL (docs/spl.md)
}

Datum extreme_call(const Args& args, int direction) {
  Value out;
  for (const Datum& d : args) {
    const Value v = d.as_value();
    std::vector<Value> all;
    if (v.is_many()) for (const std::string& one : v.as_many()) all.emplace_back(one);
    else if (!v.is_null()) all.push_back(v);
    for (const Value& one : all)
      if (out.is_null() || order(one, out) * direction > 0) out = one;
  }
  return out;
}

// ---- time -------------------------------------------------------------------------------------

std::optional<base::Time> time_of(const Value& v) {
  const auto n = v.number();
  if (!n || *n < -62'167'219'200.0 || *n >= 253'402'300'800.0) return {};
  return base::from_epoch_seconds(*n);
}

// "-70m@m", "@d", "-1mon@mon": seconds and months, each step after the other.
std::optional<double> relative(double at, std::string rest) {
  rest = std::string(base::trim(rest));
  if (base::iequals(rest, "now")) return at;
  static const Pattern step("^(?:([+-])(\\d*)([A-Za-z]*)|@([A-Za-z]+)([0-7]?)|(\\d+)([A-Za-z]*))");
  static const std::map<std::string, std::pair<double, int>> units = [] {
    std::map<std::string, std::pair<double, int>> out;
    const auto add = [&](double seconds, int months, std::initializer_list<const char*> names) {
      for (const char* name : names) out[name] = {seconds, months};
    };
    add(1e-6, 0, {"us"});
    add(1e-3, 0, {"ms"});
    add(1e-2, 0, {"cs"});
    add(1e-1, 0, {"ds"});
    add(1, 0, {"s", "sec", "secs", "second", "seconds", ""});
    add(60, 0, {"m", "min", "mins", "minute", "minutes"});
    add(3600, 0, {"h", "hr", "hrs", "hour", "hours"});
    add(86400, 0, {"d", "day", "days"});
    add(604800, 0, {"w", "week", "weeks"});
    add(0, 1, {"mon", "month", "months"});
    add(0, 3, {"q", "qtr", "qtrs", "quarter", "quarters"});
    add(0, 12, {"y", "yr", "yrs", "year", "years"});
    return out;
  }();
  using namespace std::chrono;
  while (!rest.empty()) {
    const auto found = step.matches(rest, 1);
    if (found.empty()) return {};
    const Pattern::Match& m = found[0];
    const bool snap = m[4].took_part, bare = m[6].took_part;
    const auto unit = units.find(base::to_lower(snap ? m[4].text : bare ? m[7].text : m[3].text));
    if (unit == units.end()) return {};
    const auto [seconds, months] = unit->second;
    const std::string digits = bare ? m[6].text : m[2].text;
    const double count = (digits.empty() ? 1 : std::stod(digits)) * (m[1].text == "-" ? -1 : 1);
    const auto whole_days = static_cast<std::int64_t>(std::floor(at / 86400));
    const double in_day = at - static_cast<double>(whole_days) * 86400;
    if (months) {
      const year_month_day date{sys_days(days(whole_days))};
      std::int64_t index = static_cast<int>(date.year()) * 12LL + static_cast<unsigned>(date.month()) - 1;
      unsigned day = static_cast<unsigned>(date.day());
      double clock = in_day;
      if (snap) {
        index -= index % months;
        day = 1;
        clock = 0;
      } else {
        index += static_cast<std::int64_t>(count) * months;
      }
      const year_month month(year(static_cast<int>(index / 12)), std::chrono::month(static_cast<unsigned>(index % 12) + 1));
      day = std::min(day, static_cast<unsigned>((month / last).day()));
      at = static_cast<double>(sys_days(month / std::chrono::day(day)).time_since_epoch().count()) * 86400 + clock;
    } else if (!snap) {
      at += count * seconds;
    } else if (seconds == 604800) {
      const int wanted = m[5].text.empty() ? 0 : (m[5].text[0] - '0') % 7;
      std::int64_t d = whole_days;
      while (((d + 4) % 7 + 7) % 7 != wanted) --d;
      at = static_cast<double>(d) * 86400;
    } else {
      at = std::floor(at / seconds) * seconds;
    }
    rest.erase(0, m[0].end);
    if (snap && seconds != 604800 && !m[5].text.empty()) return {};
  }
  return at;
}

Datum relative_time_call(const Args& args) {
  const Value how = args[1].as_value();
  if (how.is_null()) return Value();
  return of_each(args, [&](const Value& x) -> Value {
    if (!time_of(x)) return {};
    const auto moved = relative(*x.number(), how.text());
    return moved ? Value(*moved) : Value();
  });
}

Datum strftime_call(const Args& args) {
  const Value format = args[1].as_value();
  return of_each(args, [&](const Value& x) -> Value {
    const auto t = time_of(x);
    return t && !format.is_null() ? Value(base::format_time(*t, format.text())) : Value();
  });
}

Datum strptime_call(const Args& args, base::Time now) {
  const Value format = args[1].as_value();
  return of_each(args, [&](const Value& x) -> Value {
    if (format.is_null()) return {};
    const auto t = base::parse_time(x.text(), format.text(), now);
    return t ? Value(base::to_epoch_seconds(*t)) : Value();
  });
}

Datum cidrmatch_call(const Args& args) {
  const Value block = args[0].as_value(), address = args[1].as_value();
  if (block.is_null() || address.is_null()) return Truth::null;
  return any_of(block, [&](const std::string& b) {
    const auto parsed = base::AddressBlock::parse(b);
    return parsed && any_of(address, [&](const std::string& a) {
                       return parsed->contains(base::trim(a));
                     }) == Truth::yes;
  });
}

Datum typeof_call(const Datum& d) {
  if (d.is_null()) return Value("Invalid");
  if (d.is_truth) return Value("Boolean");
  if (d.value.is_many()) return Value("Multivalue");
  return Value(d.value.number() ? "Number" : "String");
}

// ---- those that evaluate their arguments themselves -------------------------------------------

std::optional<Datum> lazy(const spl::Expr& expr, const Frame& frame) {
  const std::string& name = expr.text;
  const auto ask = [&](std::size_t k) { return evaluate(expr.args.at(k), frame); };
  if (name == "if") return ask(ask(0).as_truth() == Truth::yes ? 1 : 2);
  if (name == "case" || name == "validate") {
    const Truth wanted = name == "case" ? Truth::yes : Truth::no;
    for (std::size_t k = 0; k + 1 < expr.args.size(); k += 2)
      if (ask(k).as_truth() == wanted) return ask(k + 1);
    return Value();
  }
  if (name == "coalesce") {
    for (std::size_t k = 0; k < expr.args.size(); ++k)
      if (Datum d = ask(k); !d.is_null()) return d;
    return Value();
  }
  if (name == "mvfilter") return loop_call(expr, frame, true);
  if (name == "mvmap") return loop_call(expr, frame, false);
  if (name == "null") return Value();
  if (name == "true") return Truth::yes;
  if (name == "false") return Truth::no;
  if (name == "now") return Value(std::floor(base::to_epoch_seconds(frame.now)));
  if (name == "time") return Value(base::to_epoch_seconds(frame.now));
  if (name == "pi") return Value(std::numbers::pi);
  if (name == "searchmatch") {
    std::vector<spl::TextProblem> problems;
    const auto parsed = spl::parse_search_expression(ask(0).as_value().text(), problems);
    if (!parsed) throw Unfit{"searchmatch() with a search that does not parse"};
    const Filter filter(*parsed);
    return truth_of(filter.matches([&](const std::string& f) { return frame.row.get(f).values(); }));
  }
  return {};
}

}  // namespace

Datum call(const spl::Expr& expr, const Frame& frame) {
  if (auto done = lazy(expr, frame)) return *done;
  Args args;
  for (const spl::Expr& arg : expr.args) args.push_back(evaluate(arg, frame));
  const std::string& name = expr.text;
  const auto value = [&](std::size_t k) { return args.at(k).as_value(); };

  if (name == "in") return in_call(args);
  if (name == "like") return like_call(args);
  if (name == "match") return match_call(args);
  if (name == "replace") return replace_call(args);
  if (name == "mvfind") return mvfind_call(args);
  if (name == "cidrmatch") return cidrmatch_call(args);
  if (name == "nullif")
    return compared(spl::Expr::Op::equal, value(0), value(1)) == Truth::yes ? Value() : value(0);

  if (name == "isnull") return truth_of(args.at(0).is_null());
  if (name == "isnotnull") return truth_of(!args.at(0).is_null());
  if (name == "isnum") return truth_of(value(0).number().has_value());
  if (name == "isstr")
    return truth_of(!args.at(0).is_truth && !args[0].is_null() && !value(0).number());
  if (name == "isint") return truth_of(is_whole_number(value(0)));
  if (name == "ismv") return truth_of(value(0).is_many());
  if (name == "isbool") return truth_of(args.at(0).is_truth && !args[0].is_null());
  if (name == "typeof") return typeof_call(args.at(0));

  if (name == "lower")
    return of_each(args, [](const Value& x) { return other_case(x.text(), false); });
  if (name == "upper")
    return of_each(args, [](const Value& x) { return other_case(x.text(), true); });
  if (name == "len")
    return of_each(args, [](const Value& x) { return static_cast<double>(characters(x.text()).size()); });
  if (name == "substr") return substr_call(args);
  if (name == "trim") return trim_call(args, true, true);
  if (name == "ltrim") return trim_call(args, true, false);
  if (name == "rtrim") return trim_call(args, false, true);
  if (name == "urldecode")
    return of_each(args, [](const Value& x) { return url_decoded(x.text()); });
  if (name == "md5") return of_each(args, [](const Value& x) { return digest(x.text(), EVP_md5()); });
  if (name == "sha1") return of_each(args, [](const Value& x) { return digest(x.text(), EVP_sha1()); });
  if (name == "sha256")
    return of_each(args, [](const Value& x) { return digest(x.text(), EVP_sha256()); });
  if (name == "sha512")
    return of_each(args, [](const Value& x) { return digest(x.text(), EVP_sha512()); });

  if (name == "abs") return number_call(args, [](double x) { return std::fabs(x); });
  if (name == "ceil" || name == "ceiling") return number_call(args, [](double x) { return std::ceil(x); });
  if (name == "floor") return number_call(args, [](double x) { return std::floor(x); });
  if (name == "sqrt") return number_call(args, [](double x) { return std::sqrt(x); });
  if (name == "exp") return number_call(args, [](double x) { return std::exp(x); });
  if (name == "ln") return number_call(args, [](double x) { return std::log(x); });
  if (name == "exact") return number_call(args, [](double x) { return x; });
  if (name == "log") {
    const auto by = args.size() > 1 ? value(1).number() : std::optional(10.0);
    return of_each(args, [&](const Value& x) -> Value {
      const auto n = x.number();
      if (!n || !by) return {};
      return finite(*by == 10 ? std::log10(*n) : std::log(*n) / std::log(*by));
    });
  }
  if (name == "pow")
    return of_each(args, [&](const Value& x) -> Value {
      const auto n = x.number(), e = value(1).number();
      return n && e ? finite(std::pow(*n, *e)) : Value();
    });
  if (name == "round") {
    const auto places = args.size() > 1 ? whole(value(1)) : std::optional<std::int64_t>(0);
    return of_each(args, [&](const Value& x) -> Value {
      const auto n = x.number();
      return n && places ? finite(round_to(*n, static_cast<double>(*places))) : Value();
    });
  }
  if (name == "tonumber") return tonumber_call(args);
  if (name == "tostring") return tostring_call(args);
  if (name == "min") return extreme_call(args, -1);
  if (name == "max") return extreme_call(args, 1);

  if (name == "mvcount") {
    const Value v = value(0);
    return v.is_null() ? Value() : Value(static_cast<double>(v.count()));
  }
  if (name == "mvindex") return mvindex_call(args);
  if (name == "mvappend") return mvappend_call(args);
  if (name == "split") return split_call(args);
  if (name == "mvjoin") {
    const Value list = value(0), by = value(1);
    if (list.is_null() || by.is_null()) return Value();
    std::string out;
    const Many all = list.values();
    for (std::size_t k = 0; k < all.size(); ++k) out += (k ? by.text() : "") + all[k];
    return Value(out);
  }
  if (name == "mvdedup") {
    const Value list = value(0);
    if (!list.is_many()) return list;
    Many out;
    for (const std::string& one : list.as_many())
      if (std::find(out.begin(), out.end(), one) == out.end()) out.push_back(one);
    return Value::many(std::move(out));
  }
  if (name == "mvsort") {
    Many out = value(0).values();
    std::sort(out.begin(), out.end());
    return Value::many(std::move(out));
  }
  if (name == "mvzip") {
    const Value left = value(0), right = value(1);
    const Value by = args.size() > 2 ? value(2) : Value(",");
    if (left.is_null() || right.is_null() || by.is_null()) return Value();
    Many a = left.values(), b = right.values();
    if (a.size() > b.size()) a.resize(b.size());
    for (std::size_t k = 0; k < a.size(); ++k) a[k] += by.text() + b[k];
    return Value::many(std::move(a));
  }
  if (name == "mvrange" && (args.size() < 3 || value(2).number())) {
    const auto from = value(0).number(), to = value(1).number();
    const auto step = args.size() > 2 ? value(2).number() : std::optional(1.0);
    if (!from || !to || *step == 0) return Value();
    Many out;
    for (std::size_t k = 0; k < 100'000; ++k) {
      const double at = *from + static_cast<double>(k) * *step;
      if (*step > 0 ? at >= *to : at <= *to) break;
      out.push_back(base::number_text(at));
    }
    return Value::many(std::move(out));
  }

  if (name == "relative_time") return relative_time_call(args);
  if (name == "strftime") return strftime_call(args);
  if (name == "strptime") return strptime_call(args, frame.now);
  throw Unfit{"the twin does not know the function " + name};
}

}  // namespace escudo::twin

// Functions over lists of values. NULL is the list without values.
#include <algorithm>
#include <unordered_set>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "pipeline/functions/function.hpp"
#include "pipeline/time_modifier.hpp"

namespace escudo::pipeline {
namespace {

NodePtr make_mvcount(Call& call) {
  return of_all(call, [](Args args) {
    return args[0]->is_null() ? Value() : Value(static_cast<double>(args[0]->count()));
  });
}

NodePtr make_mvindex(Call& call) {
  return of_all(call, [](Args args) -> Value {
    const auto size = static_cast<std::int64_t>(args[0]->count());
    auto first = whole(*args[1]);
    auto last = args.size() > 2 ? whole(*args[2]) : first;
    if (!first || !last) return {};
    if (*first < 0) *first += size;
    if (*last < 0) *last += size;
    if (args.size() > 2) {
      // A range reaches as far as there are values.
      first = std::max<std::int64_t>(*first, 0);
      last = std::min(*last, size - 1);
    }
    if (*first < 0 || *last >= size || *first > *last) return {};
    if (!args[0]->is_many()) return *args[0];
    const auto& all = args[0]->as_many();
    return Value::many({all.begin() + *first, all.begin() + *last + 1});
  });
}

NodePtr make_mvappend(Call& call) {
  const Context& context = call.context();
  return of_all(call, [&context](Args args) -> Value {
    const Value* only = nullptr;
    std::size_t filled = 0;
    for (const Value* v : args)
      if (!v->is_null()) only = v, ++filled;
    if (filled <= 1) return only ? *only : Value();
    Value::Many out;
    for (const Value* v : args) {
      if (v->is_many())
        out.insert(out.end(), v->as_many().begin(), v->as_many().end());
      else if (!v->is_null())
        out.push_back(v->text());
    }
    return bounded(std::move(out), context);
  });
}

NodePtr make_mvjoin(Call& call) {
  const Context& context = call.context();
  return of_all(call, [&context](Args args) -> Value {
    if (args[0]->is_null() || args[1]->is_null()) return {};
    if (!args[0]->is_many()) return args[0]->text();
    const Text delimiter(*args[1]);
    std::string out;
    for (const std::string& one : args[0]->as_many()) {
      if (&one != &args[0]->as_many().front()) out += *delimiter;
      out += one;
      if (out.size() <= kLongestText) continue;
      warn_too_large(context);
      return {};
    }
    return out;
  });
}

NodePtr make_mvdedup(Call& call) {
  return of_all(call, [](Args args) -> Value {
    if (!args[0]->is_many()) return *args[0];
    std::unordered_set<std::string_view> seen;
    Value::Many out;
    for (const std::string& one : args[0]->as_many())
      if (seen.insert(one).second) out.push_back(one);
    return Value::many(std::move(out));
  });
}

// Byte by byte, as Splunk sorts lists: "10" before "9".
NodePtr make_mvsort(Call& call) {
  return of_all(call, [](Args args) -> Value {
    Value::Many out = args[0]->values();
    std::sort(out.begin(), out.end());
    return out.empty() ? Value() : Value::many(std::move(out));
  });
}

// Pairs by place; the longer list's surplus is left out.
NodePtr make_mvzip(Call& call) {
  const Context& context = call.context();
  return of_all(call, [&context](Args args) -> Value {
    if (args[0]->is_null() || args[1]->is_null()) return {};
    if (args.size() > 2 && args[2]->is_null()) return {};
    const std::string delimiter = args.size() > 2 ? args[2]->text() : ",";
    const Value::Many left = args[0]->values(), right = args[1]->values();
    Value::Many out;
    std::size_t bytes = 0;
    for (std::size_t k = 0; k < std::min(left.size(), right.size()); ++k) {
      out.push_back(left[k] + delimiter + right[k]);
      bytes += out.back().size();
      if (bytes <= kLongestText) continue;
      warn_too_large(context);
      return {};
    }
    return Value::many(std::move(out));
  });
}

// Numbers from `from` up to, without, `to`. A step such as "7d" goes through times.
NodePtr make_mvrange(Call& call) {
  const Context& context = call.context();
  return of_all(call, [&context](Args args) -> Value {
    const auto from = args[0]->number(), to = args[1]->number();
    if (!from || !to || (args.size() > 2 && args[2]->is_null())) return {};
    const auto step = args.size() > 2 ? args[2]->number() : std::optional(1.0);
    const auto by_time = step ? std::nullopt : TimeModifier::parse(args[2]->text());
    if (step ? *step == 0 : !by_time) return {};
    const bool down = step && *step < 0;
    Value::Many out;
    double at = *from;
    for (std::size_t k = 1; down ? at > *to : at < *to; ++k) {
      if (k > kMostValues) {
        warn_too_large(context);
        return {};
      }
      out.push_back(base::number_text(at));
      if (step) {
        at = *from + static_cast<double>(k) * *step;
        continue;
      }
      const auto next = by_time->apply(base::from_epoch_seconds(at));
      if (!next || base::to_epoch_seconds(*next) <= at) break;
      at = base::to_epoch_seconds(*next);
    }
    return Value::many(std::move(out));
  });
}

void split_characters(std::string_view s, Value::Many& out) {
  for (std::size_t at = 0; at < s.size() && out.size() <= kMostValues;) {
    const std::size_t n = base::decode_utf8(s, at).bytes;
    out.emplace_back(s.substr(at, n));
    at += n;
  }
}

// An empty delimiter splits between all characters.
NodePtr make_split(Call& call) {
  const Context& context = call.context();
  return of_all(call, [&context](Args args) -> Value {
    if (args[0]->is_null() || args[1]->is_null()) return {};
    const Text delimiter(*args[1]);
    Value::Many out;
    for (const std::string& text : args[0]->values()) {
      if ((*delimiter).empty()) {
        split_characters(text, out);
        continue;
      }
      std::size_t at = 0;
      while (out.size() <= kMostValues) {
        const std::size_t end = text.find(*delimiter, at);
        out.push_back(text.substr(at, end == std::string::npos ? end : end - at));
        if (end == std::string::npos) break;
        at = end + (*delimiter).size();
      }
    }
    return bounded(std::move(out), context);
  });
}

constexpr Function kFunctions[] = {
    {"mvappend", 1, Function::kAny, "mvappend(values, …)", make_mvappend},
    {"mvcount", 1, 1, "mvcount(values)", make_mvcount},
    {"mvdedup", 1, 1, "mvdedup(values)", make_mvdedup},
    {"mvindex", 2, 3, "mvindex(values, first [, last])", make_mvindex},
    {"mvjoin", 2, 2, "mvjoin(values, \"delimiter\")", make_mvjoin},
    {"mvrange", 2, 3, "mvrange(from, to [, step])", make_mvrange},
    {"mvsort", 1, 1, "mvsort(values)", make_mvsort},
    {"mvzip", 2, 3, "mvzip(values, others [, \"delimiter\"])", make_mvzip},
    {"split", 2, 2, "split(text, \"delimiter\")", make_split},
};

}  // namespace

Functions multivalue_functions() { return kFunctions; }

}  // namespace escudo::pipeline

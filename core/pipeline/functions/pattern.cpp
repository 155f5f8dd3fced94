// Functions that look for a pattern: match, replace, mvfind by regular expression, like by % and _.
#include "pipeline/functions/pattern.hpp"

#include "pipeline/functions/like.hpp"

namespace escudo::pipeline {

std::optional<PatternArgument> PatternArgument::make(const Call& call, std::size_t argument) {
  PatternArgument out(call.context());
  if (const std::string* text = call.literal(argument)) {
    out.fixed_ =
        Regex::compile(*text, call.limits(), call.span_of(argument), call.compiler.problems);
    if (!out.fixed_) return {};
  }
  return out;
}

const Regex* PatternArgument::get(const Value& pattern) {
  if (fixed_) return fixed_.get();
  if (pattern.is_null()) return nullptr;
  const Text text(pattern);
  for (const auto& [known, regex] : recent_)
    if (known == *text) return regex.get();
  auto compiled = Regex::compile(*text, context_->limits);
  if (!compiled) warn(*context_, "a regular expression from a field is wrong: " + compiled.error());
  constexpr std::size_t kept = 16;
  if (recent_.size() < kept) recent_.emplace_back();
  auto& slot = recent_[oldest_++ % kept];
  slot = {std::string(*text), compiled ? *compiled : nullptr};
  return slot.second.get();
}

bool PatternArgument::found(const Regex& regex, std::string_view subject) {
  const Regex::Found found = regex.search(subject, match_);
  if (found == Regex::Found::gave_up) warn_gave_up(regex);
  return found == Regex::Found::yes;
}

void PatternArgument::warn_gave_up(const Regex& regex) const {
  warn(*context_,
       "a regular expression gave up on a value, which counts as no match: " + regex.pattern());
}

namespace {

class MatchCall final : public ConditionNode {
 public:
  MatchCall(std::vector<NodePtr> args, PatternArgument pattern)
      : ConditionNode(std::move(args)), pattern_(std::move(pattern)) {}
  Truth truth(const Scope& scope) override {
    Value left, right;
    const Value& x = arg(0).value(scope, left);
    if (x.is_null()) return Truth::null;
    const Regex* regex = pattern_.get(arg(1).value(scope, right));
    if (!regex) return Truth::null;
    return any_text(x, [&](std::string_view s) { return pattern_.found(*regex, s); });
  }

 private:
  PatternArgument pattern_;
};

NodePtr make_match(Call& call) {
  auto pattern = PatternArgument::make(call, 1);
  if (!pattern) return nullptr;
  return std::make_unique<MatchCall>(std::move(call.args), std::move(*pattern));
}

NodePtr make_replace(Call& call) {
  auto pattern = PatternArgument::make(call, 1);
  if (!pattern) return nullptr;
  std::optional<Replacement> fixed;
  if (const std::string* text = call.literal(2)) fixed.emplace(*text);
  return of_each(call,
                 [pattern = std::move(*pattern), fixed = std::move(fixed)](
                     const Value& x, Args args) mutable -> Value {
                   const Regex* regex = pattern.get(*args[1]);
                   if (!regex || args[2]->is_null()) return {};
                   const Text subject(x);
                   bool gave_up = false;
                   Value out = fixed
                                   ? replace_matches(*regex, *subject, *fixed, true,
                                                     pattern.match(), gave_up)
                                   : replace_matches(*regex, *subject, Replacement(*Text(*args[2])),
                                                     true, pattern.match(), gave_up);
                   if (gave_up) pattern.warn_gave_up(*regex);
                   return out;
                 });
}

// The place of the first value that matches, from 0.
NodePtr make_mvfind(Call& call) {
  auto pattern = PatternArgument::make(call, 1);
  if (!pattern) return nullptr;
  return of_all(call, [pattern = std::move(*pattern)](Args args) mutable -> Value {
    const Regex* regex = pattern.get(*args[1]);
    if (!regex || args[0]->is_null()) return {};
    double place = 0;
    const Truth any = any_text(*args[0], [&](std::string_view s) {
      if (pattern.found(*regex, s)) return true;
      ++place;
      return false;
    });
    return any == Truth::yes ? Value(place) : Value();
  });
}

NodePtr make_like(Call& call) {
  std::optional<LikePattern> fixed;
  if (const std::string* text = call.literal(1)) fixed.emplace(*text);
  return condition(call, [fixed = std::move(fixed)](Args args) {
    if (args[0]->is_null() || args[1]->is_null()) return Truth::null;
    if (fixed) return any_text(*args[0], [&](std::string_view s) { return fixed->matches(s); });
    return any_text(*args[1], [&](std::string_view p) {
      const LikePattern pattern(p);
      return any_text(*args[0], [&](std::string_view s) { return pattern.matches(s); }) ==
             Truth::yes;
    });
  });
}

constexpr Function kFunctions[] = {
    {"like", 2, 2, "like(text, \"pattern with % and _\")", make_like},
    {"match", 2, 2, "match(text, \"regular expression\")", make_match},
    {"mvfind", 2, 2, "mvfind(values, \"regular expression\")", make_mvfind},
    {"replace", 3, 3, "replace(text, \"regular expression\", \"replacement with \\1\")",
     make_replace},
};

}  // namespace

Functions pattern_functions() { return kFunctions; }

}  // namespace escudo::pipeline

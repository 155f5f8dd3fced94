// Tested by tests/unit/detect/reach.cpp.

#include "detect/reach.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "cim/kind.hpp"
#include "event/value.hpp"
#include "match/test.hpp"
#include "spl/print.hpp"

namespace escudo::detect {
namespace {

using spl::SearchExpr;

// Fields that tell where an event comes from and that Escudo gives every event itself.
bool tells_source(std::string_view field) {
  for (std::string_view name :
       {"source", "sourcetype", "index", "eventtype", "Channel", "EventCode", "EventID"}) {
    if (field == name) return true;
  }
  return false;
}

bool by_kind(std::string_view field) {
  return field == "sourcetype" || field == "index" || field == "eventtype";
}

// Whether some text that begins with `head` can match the pattern.
bool may_begin(std::string_view pattern, std::string_view head) {
  const std::string folded = base::to_lower(pattern), wanted = base::to_lower(head);
  const std::string literal = folded.substr(0, folded.find('*'));
  return wanted.starts_with(literal) || (literal.starts_with(wanted));
}

bool has_own_map(const cim::Maps& maps, std::string_view channel) {
  for (std::uint32_t k = 0; k < maps.kind_count(); ++k) {
    if (base::iequals(maps.kind(k).channel, channel)) return true;
  }
  return false;
}

// Whether source or Channel may be so in an event of a Windows channel that has no map of its own.
bool may_be_unmapped(const SearchExpr& expr, const cim::Maps& maps) {
  return std::ranges::any_of(expr.patterns, [&](const std::string& pattern) {
    const bool wild = pattern.find('*') != std::string::npos;
    if (expr.field == "Channel") return wild || !has_own_map(maps, pattern);
    for (std::string_view head : {"XmlWinEventLog:", "WinEventLog:"}) {
      if (!may_begin(pattern, head)) continue;
      if (wild || !base::istarts_with(pattern, head)) return true;
      if (!has_own_map(maps, std::string_view(pattern).substr(head.size()))) return true;
    }
    return false;
  });
}

// The ids that a filter allows, nothing when it allows any.
std::optional<std::set<std::int32_t>> ids_of(const SearchExpr& expr) {
  using Kind = SearchExpr::Kind;
  const bool of_id = expr.field == "EventCode" || expr.field == "EventID";
  const bool equals = expr.kind == Kind::compare && expr.comparison == spl::Comparison::equal;
  if (of_id && (expr.kind == Kind::member || equals)) {
    std::set<std::int32_t> out;
    for (const std::string& pattern : expr.patterns) {
      const auto number = event::parse_number(pattern);
      if (!number || *number < 0 || *number > 65535) return std::nullopt;
      out.insert(static_cast<std::int32_t>(*number));
    }
    return out;
  }
  if (expr.kind == Kind::any_of) {
    std::set<std::int32_t> out;
    for (const SearchExpr& part : expr.parts) {
      const auto ids = ids_of(part);
      if (!ids) return std::nullopt;
      out.insert(ids->begin(), ids->end());
    }
    return out;
  }
  std::optional<std::set<std::int32_t>> out;
  if (expr.kind != Kind::all_of) return out;
  for (const SearchExpr& part : expr.parts) {
    const auto ids = ids_of(part);
    if (!ids) continue;
    if (!out) {
      out = ids;
      continue;
    }
    std::erase_if(*out, [&](std::int32_t id) { return !ids->contains(id); });
  }
  return out;
}

}  // namespace

Reach::Reach(const cim::Maps& maps) : maps_(maps), nothing_(event::intern_schema({})) {
  std::vector<event::Column> columns;
  for (const std::string& name : maps.known_fields()) {
    const event::FieldId id = event::intern(name);
    columns.push_back({id, id, event::Section::event_data});
  }
  all_ = event::intern_schema(columns);
}

// Yes, no, or nothing: what a kind says of a term for all its events alike.
struct Reach::Probe {
  const cim::Maps& maps;
  const cim::Kind& kind;
  cim::DatasetId dataset;
  const event::Schema* schema;
  base::Arena scratch{4096};

  std::optional<bool> ask(const SearchExpr& expr) {
    using Kind = SearchExpr::Kind;
    switch (expr.kind) {
      case Kind::all_of:
      case Kind::any_of: {
        const bool decisive = expr.kind == Kind::any_of;
        bool open = false;
        for (const SearchExpr& part : expr.parts) {
          const auto answer = ask(part);
          if (answer == decisive) return decisive;
          open = open || !answer;
        }
        return open ? std::nullopt : std::optional(!decisive);
      }
      case Kind::none_of: {
        const auto inner = ask(expr.parts.front());
        return inner ? std::optional(!*inner) : std::nullopt;
      }
      case Kind::compare:
      case Kind::member:
        return leaf(expr);
      case Kind::everything:
        return true;
      default:
        return std::nullopt;
    }
  }

  // An event says itself which channel it is of and what id it has; what it is called in Splunk
  // (sourcetype, index, eventtype) depends on its kind alone.
  std::optional<bool> leaf(const SearchExpr& expr) {
    const std::string_view name = expr.field;
    if (dataset.is_raw() && !tells_source(name)) return std::nullopt;
    if (name == "_time" || name == "_raw") return std::nullopt;
    const bool denies =
        expr.kind == SearchExpr::Kind::compare && expr.comparison == spl::Comparison::not_equal;
    const auto recipe = maps.recipe(kind, *schema, dataset, event::intern(name));
    if (!recipe->is_constant() && !(dataset.is_raw() && by_kind(name))) {
      const bool tells_channel = name == "source" || name == "Channel";
      if (tells_channel && kind.channel.empty() && !denies && !may_be_unmapped(expr, maps)) {
        return false;
      }
      return std::nullopt;
    }
    const event::Event event{.schema = schema, .values = {}};
    const event::Origin origin;
    const cim::FieldValues values = recipe->evaluate(event, origin, scratch);
    if (dataset.is_raw() && values.empty() && !by_kind(name) && !(name == "source"))
      return std::nullopt;
    return match::Test::compile(expr).matches(values);
  }
};

bool Reach::may_pass(const cim::Kind& kind, const SearchExpr& filter,
                     cim::DatasetId dataset) const {
  if (maps_.membership(kind, dataset) == cim::Membership::never) return false;
  Probe probe{maps_, kind, dataset, dataset.is_raw() ? nothing_ : all_};
  return probe.ask(filter).value_or(true);
}

bool Reach::possible(const spl::Feed& feed) const {
  const auto dataset = feed.dataset.empty() ? cim::DatasetId::raw() : maps_.dataset(feed.dataset);
  for (std::uint32_t k = 0; k < maps_.kind_count(); ++k) {
    if (may_pass(maps_.kind(k), feed.filter, dataset)) return true;
  }
  return false;
}

std::vector<Reached> Reach::of(const spl::Feed& feed) const {
  const auto dataset = feed.dataset.empty() ? cim::DatasetId::raw() : maps_.dataset(feed.dataset);
  const auto asked = ids_of(feed.filter);
  std::map<std::string, std::optional<std::set<std::int32_t>>> channels;  // nothing: any id
  std::map<std::string, std::set<std::int32_t>> refused;
  const auto add = [&](const std::string& channel, std::int32_t id) {
    auto [at, fresh] = channels.try_emplace(channel, std::set<std::int32_t>{});
    if (at->second) at->second->insert(id);
  };
  for (std::uint32_t k = 0; k < maps_.kind_count(); ++k) {
    const cim::Kind& kind = maps_.kind(k);
    const bool passes = may_pass(kind, feed.filter, dataset);
    if (kind.event_id >= 0 && !passes) refused[kind.channel].insert(kind.event_id);
    if (kind.event_id >= 0 && passes) add(kind.channel, kind.event_id);
  }
  for (std::uint32_t k = 0; k < maps_.kind_count(); ++k) {
    const cim::Kind& kind = maps_.kind(k);
    if (kind.event_id >= 0 || !may_pass(kind, feed.filter, dataset)) continue;
    if (!asked) {
      channels[kind.channel] = std::nullopt;
      continue;
    }
    for (std::int32_t id : *asked) {
      if (!refused[kind.channel].contains(id)) add(kind.channel, id);
    }
  }
  std::vector<Reached> out;
  for (const auto& [channel, ids] : channels) {
    Reached reached{channel, {}};
    if (ids) reached.ids.assign(ids->begin(), ids->end());
    if (!ids || !ids->empty()) out.push_back(std::move(reached));
  }
  return out;
}

Missing Reach::missing(const spl::Feed& feed) const {
  const auto dataset = feed.dataset.empty() ? cim::DatasetId::raw() : maps_.dataset(feed.dataset);
  const auto written = [&](SearchExpr expr) {
    const bool own = expr.field.empty() || tells_source(expr.field) || expr.field == "host";
    if (!own) expr.field = feed.prefix + expr.field;
    return Missing{spl::print(expr), expr.span};
  };
  const auto hopeless = [&](const SearchExpr& expr) {
    for (std::uint32_t k = 0; k < maps_.kind_count(); ++k) {
      if (may_pass(maps_.kind(k), expr, dataset)) return false;
    }
    return true;
  };
  if (feed.filter.kind == SearchExpr::Kind::all_of) {
    for (const SearchExpr& part : feed.filter.parts) {
      if (hopeless(part)) return written(part);
    }
  }
  return written(feed.filter);
}

std::string Reach::never_there(const spl::Tstats& tstats, const spl::Feed& feed) const {
  if (tstats.fill_null || feed.dataset.empty()) return {};
  const auto dataset = maps_.dataset(feed.dataset);
  for (const std::string& field : tstats.by) {
    const auto at = feed.plain.find(field);
    const event::FieldId plain = event::intern(at == feed.plain.end() ? field : at->second);
    bool there = false;
    for (std::uint32_t k = 0; k < maps_.kind_count() && !there; ++k) {
      const cim::Kind& kind = maps_.kind(k);
      if (maps_.membership(kind, dataset) == cim::Membership::never) continue;
      const auto recipe = maps_.recipe(kind, *all_, dataset, plain);
      base::Arena scratch(1024);
      const event::Event event{.schema = all_, .values = {}};
      there = !recipe->is_constant() || !recipe->evaluate(event, event::Origin{}, scratch).empty();
    }
    if (!there) return field;
  }
  return {};
}

}  // namespace escudo::detect

#include "vary.hpp"

#include <algorithm>

namespace escudo::witness {
namespace {

constexpr std::size_t kForms = 5;  // the last leaves the column alone

void names_of(const spl::Expr& expr, std::set<std::string>& out) {
  if (expr.kind == spl::Expr::Kind::field) out.insert(expr.text);
  for (const spl::Expr& arg : expr.args) names_of(arg, out);
}

bool concerns(Vary what, const Roles& roles, const std::string& field) {
  switch (what) {
    case Vary::nothing:
      return false;
    case Vary::counted:
      return roles.counted.contains(field);
    case Vary::not_keys:
      return !roles.keys.contains(field) || roles.counted.contains(field);
    case Vary::everything:
      return true;
    case Vary::keys:
      return roles.keys.contains(field) && !roles.apart.contains(field);
  }
  return false;
}

}  // namespace

Roles::Roles(const Demand& demand, const catalog::Catalog& catalog) {
  if (!demand.pipeline) return;
  const auto& commands = demand.pipeline->commands;
  const auto add = [&](std::size_t end, const std::string& name, std::set<std::string>& to) {
    const std::string field =
        field_behind(*demand.pipeline, demand.first, end, *demand.feed, catalog, name);
    if (!field.empty() && field != "_time") to.insert(field);
  };
  const auto take = [&](std::size_t end, const std::vector<spl::Aggregate>& aggregates,
                        const std::vector<std::string>& by, std::set<std::string>& groups) {
    for (const spl::Aggregate& a : aggregates) {
      if (a.function != "dc" && a.function != "count") continue;
      std::set<std::string> names{a.field};
      if (a.expression) names_of(*a.expression, names);
      for (const std::string& name : names)
        if (!name.empty()) add(end, name, counted);
    }
    for (const std::string& name : by) add(end, name, groups);
  };
  for (std::size_t k = 0; k < commands.size(); ++k) {
    if (const auto* v = std::get_if<spl::Tstats>(&commands[k].verb))
      take(k, v->aggregates, v->by, keys);
    if (const auto* v = std::get_if<spl::Stats>(&commands[k].verb))
      take(k, v->aggregates, v->by, v->mode == spl::Stats::Mode::stats ? keys : apart);
  }
}

Varier::Varier(Maker& maker, const Made& event, const Demand& demand,
               const std::vector<Atom>& atoms, const Roles& roles, const catalog::Catalog& catalog)
    : maker_(maker),
      event_(event),
      demand_(demand),
      atoms_(atoms),
      roles_(roles),
      stages_(*demand.pipeline, demand.first, catalog, {}) {
  reached_ = stages_.reached({maker_.fields(event_, demand_.dataset, demand_.needed)});
}

std::string Varier::form(const std::string& old, std::size_t which, const std::string& more) const {
  const std::size_t name = old.rfind('\\') + 1;
  switch (which) {
    case 0:
      return old + more;
    case 1:
      return more + old;
    case 2:
      return old.substr(0, name) + "w" + more + old.substr(name);
    case 3:
      return old.size() > more.size() ? old.substr(0, old.size() - more.size()) + more : more;
    default:
      return old;
  }
}

bool Varier::as_good(const Made& event, const std::string& field) const {
  return maker_.values(event, demand_.dataset, field) !=
             maker_.values(event_, demand_.dataset, field) &&
         maker_.satisfies(event, demand_.dataset, atoms_) &&
         stages_.reached({maker_.fields(event, demand_.dataset, demand_.needed)}) >= reached_;
}

Made Varier::operator()(std::size_t k, Vary what, std::size_t filling) {
  Made out = event_;
  if (k == 0 || what == Vary::nothing) return out;
  const std::string more = std::to_string(k) + std::string(filling, 'w');
  std::set<std::string> done;
  for (const std::string& field : demand_.needed) {
    if (field.starts_with('_') || !concerns(what, roles_, field)) continue;
    for (const std::string& column : maker_.columns(*out.kind, demand_.dataset, field)) {
      if (!done.insert(column).second) continue;
      const std::string old = out.raw[column];
      const auto [at, fresh] = forms_.try_emplace({column, filling > 0}, 0);
      if (fresh)
        for (; at->second + 1 < kForms; ++at->second) {
          Made one = event_;
          one.raw[column] = form(one.raw[column], at->second, more);
          if (as_good(one, field)) break;
        }
      out.raw[column] = form(old, at->second, more);
    }
  }
  return out;
}

}  // namespace escudo::witness

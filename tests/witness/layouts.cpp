#include "layouts.hpp"

#include <algorithm>

#include "vary.hpp"

namespace escudo::witness {
namespace {

constexpr double kStart = 1717236000;  // 2024-06-01T10:00:00Z

std::vector<Made> laid(std::vector<Made> events, double step, bool reversed = false) {
  if (reversed) std::reverse(events.begin(), events.end());
  for (std::size_t k = 0; k < events.size(); ++k)
    events[k].time = kStart + static_cast<double>(k) * step;
  return events;
}

}  // namespace

std::vector<std::vector<Made>> Layouts::of(const std::vector<Piece>& pieces) const {
  std::vector<std::vector<Made>> out;
  std::vector<Made> plain;
  for (const Piece& piece : pieces) plain.push_back(piece.event);
  out.push_back(laid(plain, 1));
  if (plain.size() > 1) {
    out.push_back(laid(plain, 1, true));
    out.push_back(laid(plain, 0));  // joined by _time
  }
  std::vector<Roles> roles;
  for (const Demand& demand : demands) roles.emplace_back(demand, catalog);
  std::vector<Varier> varied;
  for (const Piece& piece : pieces)
    varied.emplace_back(maker, piece.event, demands[piece.demand], demands[piece.demand].atoms,
                        roles[piece.demand], catalog);
  std::vector<Made> others, different;
  for (const Alternative& other : alternatives) {
    others.push_back(other.event);
    different.push_back(Varier(maker, other.event, demands[0], other.atoms, roles[0], catalog)(
        others.size(), Vary::counted));
  }
  if (others.size() > 1) {
    out.push_back(laid(others, 0.5));
    out.push_back(laid(std::move(different), 0.5));
  }
  std::set<std::size_t> copies{2};
  for (const double n : numbers)
    if (n >= 2 && n <= 400)
      copies.insert({static_cast<std::size_t>(n), static_cast<std::size_t>(n) + 1});
  for (const std::size_t n : copies)
    for (const Vary what : {Vary::counted, Vary::not_keys, Vary::nothing, Vary::everything}) {
      std::vector<Made> events;
      for (Varier& one : varied)
        for (std::size_t k = 0; k < n; ++k) events.push_back(one(k, what));
      out.push_back(laid(events, what == Vary::everything ? 2 : 0.1));
      if (what != Vary::counted || others.size() < 2) continue;
      events.insert(
          events.end(), others.begin(),
          others.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(others.size(), 3)));
      out.push_back(laid(std::move(events), 0.1));
    }
  if (pieces.size() != 1) return out;
  const Demand& demand = demands[0];
  const auto next = [&](std::vector<Made>& events, std::size_t k, Vary what,
                        std::size_t filling = 0) -> Made& {
    events.push_back(varied[0](k, what, filling));
    return events.back();
  };
  const bool compares = std::any_of(demand.pipeline->commands.begin(),
                                    demand.pipeline->commands.end(), [](const spl::Command& c) {
                                      const auto* stats = std::get_if<spl::Stats>(&c.verb);
                                      return stats && stats->mode != spl::Stats::Mode::stats;
                                    });
  const bool deviates =
      compares ||
      std::any_of(demand.pipeline->commands.begin(), demand.pipeline->commands.end(),
                  [](const spl::Command& c) {
                    const auto* stats = std::get_if<spl::Stats>(&c.verb);
                    return stats && std::any_of(stats->aggregates.begin(), stats->aggregates.end(),
                                                [](const spl::Aggregate& a) {
                                                  return a.function.starts_with("stdev");
                                                });
                  });
  // Many groups of one event, and one that is far from them: in number, in values, in length.
  if (compares) {
    for (const Vary more : {Vary::nothing, Vary::counted, Vary::not_keys}) {
      std::vector<Made> events;
      for (std::size_t k = 0; k < 40; ++k) next(events, k, Vary::keys);
      for (std::size_t k = 1; k < 40; ++k) next(events, k, more);
      out.push_back(laid(std::move(events), 0.1));
    }
    std::vector<Made> events;
    for (std::size_t k = 0; k < 40; ++k) next(events, k, Vary::keys);
    next(events, 41, Vary::keys, 400);
    out.push_back(laid(std::move(events), 0.1));
  }
  // A burst after a long time of little: what stands out by its deviation.
  if (deviates || *copies.rbegin() > 2)
    for (const double pause : {3600.0, 86400.0})
      for (const Vary what : {Vary::counted, Vary::not_keys, Vary::everything}) {
        const std::size_t quiet = std::clamp<std::size_t>(*copies.rbegin(), 24, 100);
        std::vector<Made> events;
        for (std::size_t k = 0; k < quiet + 30 + *copies.rbegin(); ++k) {
          Made& event = next(events, k, what);
          event.time = k < quiet ? kStart - static_cast<double>(quiet - k) * pause
                                 : kStart + static_cast<double>(k) * 0.1;
        }
        out.push_back(std::move(events));
      }
  return out;
}

}  // namespace escudo::witness

// Maker::improve: an event that passes the filter, changed column by column until it comes as far
// through the search as the goals lead it.
#include <algorithm>

#include "base/text.hpp"
#include "maker.hpp"
#include "twin/filter.hpp"
#include "twin/pattern.hpp"

namespace escudo::witness {
namespace {

constexpr std::size_t kMost = 4'000;  // looks at the stages, of one event
constexpr const char* kForms[] = {
    "%",          "C:\\%",     "C:\\Windows\\Temp\\%", "witness %", "%;",
    "EXAMPLE\\%", "% witness", "HKLM\\SOFTWARE\\%",    "\"%\"",     "DWORD (%)"};

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

bool met(const Goal& goal, const Texts& texts) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    switch (goal.kind) {
      case Goal::Kind::text:
        return base::iequals(text, goal.text);
      case Goal::Kind::wildcard:
        return twin::glob(base::to_lower(goal.text), base::to_lower(text));
      case Goal::Kind::pattern:
        return twin::pattern(goal.text).found(text);
      default:
        return true;
    }
  });
}

// Texts that meet the goals of a field: each, several at once, and with the length that is asked
// for.
std::vector<std::string> texts_of(const std::vector<Goal>& goals, Random& random) {
  std::vector<std::string> out, wildcards, patterns;
  std::vector<std::size_t> lengths;
  std::vector<Goal> shuffled = goals;
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  for (const Goal& goal : shuffled) {
    if (goal.kind == Goal::Kind::wildcard) wildcards.push_back(goal.text);
    if (goal.kind == Goal::Kind::text) out.push_back(goal.text);
    if (goal.kind == Goal::Kind::pattern) patterns.push_back(goal.text);
    if (goal.kind == Goal::Kind::length) lengths.push_back(text_for(goal, random).size());
  }
  if (!wildcards.empty())
    for (std::string& text : texts_for(wildcards)) out.push_back(std::move(text));
  // What several commands take out of one field, one after another in every order.
  std::vector<std::string> parts(
      out.begin(), out.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(out.size(), 4)));
  for (int k = 0; k < 4; ++k) {
    std::vector<std::string> all = parts;
    for (const std::string& p : patterns) {
      out.push_back(text_found_by(p, random));
      all.push_back(out.back());
    }
    std::sort(all.begin(), all.end());
    if (all.size() < 2 || all.size() > 4) continue;
    do {
      for (const char* between : {" ", ""}) {
        std::string joined;
        for (const std::string& one : all) joined += (joined.empty() ? "" : between) + one;
        out.push_back(std::move(joined));
      }
    } while (std::next_permutation(all.begin(), all.end()));
  }
  for (const std::size_t length : lengths) {
    const std::size_t before = std::min<std::size_t>(out.size(), 8);
    for (std::size_t k = 0; k < before; ++k)
      if (out[k].size() < length) out.push_back(std::string(length - out[k].size(), 'w') + out[k]);
    out.push_back(std::string(length, 'w'));
  }
  return out;
}

}  // namespace

twin::Fields Maker::fields(const Made& made, cim::DatasetId dataset,
                           const std::set<std::string>& needed) {
  twin::Fields out;
  for (const std::string& name : needed) {
    const Texts texts = values(made, dataset, name);
    if (!texts.empty()) out[name] = event::Value::many(texts);
  }
  out["_time"] = made.time;
  return out;
}

void Maker::improve(Made& made, cim::DatasetId dataset, const std::vector<Atom>& atoms,
                    const std::set<std::string>& needed, Random& random, const Wish& wish) {
  std::vector<twin::Fields> world;
  if (wish.others)
    for (const Made& other : *wish.others) world.push_back(fields(other, dataset, needed));
  world.emplace_back();
  std::size_t looks = 0;
  const auto reached = [&] {
    ++looks;
    world.back() = fields(made, dataset, needed);
    return wish.stages->reached(world);
  };
  std::size_t best = reached();
  // In the first pass what meets a goal and leads nowhere yet is kept too: it may be one of two.
  for (int pass = 0; pass < 2; ++pass)
    for (const auto& [field, goals] : *wish.goals) {
      const std::vector<std::string> texts = texts_of(goals, random);
      const Goal& first = goals[random() % goals.size()];
      std::vector<std::string> targets = columns(*made.kind, dataset, field);
      if (field == "_raw" || field.ends_with("Data_Xml")) targets = {"Witness"};
      for (const std::string& column : targets) {
        const std::string old = made.raw[column];
        std::string chosen = old;
        bool moved = false;
        std::vector<std::string> all = texts;
        for (std::size_t k = 0; k < std::min<std::size_t>(texts.size(), 6); ++k)
          for (const char* between : {"", "\\", " "})
            all.insert(all.end(), {texts[k] + between + old, old + between + texts[k]});
        all.push_back(old);
        for (std::string& word : vocabulary(column)) all.push_back(std::move(word));
        for (std::size_t k = 0; k < std::min<std::size_t>(texts.size(), 6); ++k)
          all.push_back(upper(texts[k]));  // equal to a search, not to a table
        for (const std::string& text : all)
          for (const char* form : kForms) {
            if (looks > kMost ||
                (best == wish.stages->most() && (moved || pass > 0 || wish.stages->whole())))
              break;
            made.raw[column] = base::replace_all(form, "%", text);
            if (!satisfies(made, dataset, atoms)) continue;
            const std::size_t now = reached();
            if (now > best ||
                (now == best && !moved && pass == 0 && met(first, values(made, dataset, field)))) {
              best = now;
              chosen = made.raw[column];
              moved = true;
            }
          }
        made.raw[column] = chosen;
      }
    }
}

}  // namespace escudo::witness

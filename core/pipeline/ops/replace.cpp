// replace: values that match a pattern as a whole, case and all, give way to another text. A '*' of
// the text stands for what that '*' of the pattern stood for. Of several exact pairs the last one
// written counts, else the pattern with the longest literal part.
#include <algorithm>

#include "pipeline/ops/ops.hpp"
#include "spl/field_names.hpp"

namespace escudo::pipeline {
namespace {

class Replace final : public Operator {
 public:
  explicit Replace(const spl::Replace& verb) : verb_(verb) {}

  Table push(Table rows) override {
    for (std::size_t c = 0; c < rows.columns.size(); ++c) {
      const bool concerned =
          verb_.fields.empty() ||
          std::any_of(verb_.fields.begin(), verb_.fields.end(),
                      [&](const std::string& f) { return spl::match_name(f, rows.columns[c]); });
      if (!concerned) continue;
      for (Row& row : rows.rows) {
        Value& cell = row.cells[c];
        if (cell.is_null()) continue;
        if (!cell.is_many()) {
          if (auto text = replaced(cell.text())) cell = Value(std::move(*text));
          continue;
        }
        Value::Many values = cell.as_many();
        for (std::string& value : values)
          if (auto text = replaced(value)) value = std::move(*text);
        cell = Value::many(std::move(values));
      }
    }
    return rows;
  }

 private:
  std::optional<std::string> replaced(const std::string& text) const {
    const spl::FieldPair* best = nullptr;
    std::size_t best_literal = 0;
    for (const spl::FieldPair& pair : verb_.pairs) {
      const auto stars =
          static_cast<std::size_t>(std::count(pair.from.begin(), pair.from.end(), '*'));
      if (!spl::match_name(pair.from, text)) continue;
      // An exact pattern is as long as the text, which no wildcard's literal part exceeds.
      const std::size_t literal = stars == 0 ? text.size() + 1 : pair.from.size() - stars;
      if (best && literal < best_literal) continue;
      if (best && literal == best_literal && stars > 0) continue;
      best = &pair;
      best_literal = literal;
    }
    return best ? spl::renamed(*best, text) : std::nullopt;
  }

  spl::Replace verb_;
};

}  // namespace

OperatorPtr make_replace(const spl::Replace& verb, const Build&) {
  return std::make_unique<Replace>(verb);
}

}  // namespace escudo::pipeline

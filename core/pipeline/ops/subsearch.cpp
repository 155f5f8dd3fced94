#include "pipeline/ops/subsearch.hpp"

#include "spl/parser.hpp"

namespace escudo::pipeline {
namespace {

spl::SearchExpr nothing() {  // NOT *
  spl::SearchExpr out;
  out.kind = spl::SearchExpr::Kind::none_of;
  out.parts.emplace_back();
  return out;
}

spl::SearchExpr comparison(const std::string& field, std::string value) {
  spl::SearchExpr out;
  out.kind = spl::SearchExpr::Kind::compare;
  out.field = field;
  out.patterns.push_back(std::move(value));
  return out;
}

}  // namespace

spl::SearchExpr rows_as_filter(const Table& rows, const std::map<std::string, std::string>& plain,
                               std::uint64_t limit) {
  spl::SearchExpr any;
  any.kind = spl::SearchExpr::Kind::any_of;
  for (const Row& row : rows.rows) {
    if (any.parts.size() >= limit) break;
    spl::SearchExpr all;
    all.kind = spl::SearchExpr::Kind::all_of;
    for (std::size_t c = 0; c < rows.columns.size(); ++c) {
      const std::string& column = rows.columns[c];
      if (row.cells[c].is_null() || column.starts_with('_')) continue;
      if (column == "search" || column == "query") {
        std::vector<spl::TextProblem> problems;
        if (auto inner = spl::parse_search_expression(row.cells[c].text(), problems))
          all.parts.push_back(*inner);
        continue;
      }
      auto name = plain.find(column);
      spl::SearchExpr values;
      values.kind = spl::SearchExpr::Kind::any_of;
      for (std::string& v : row.cells[c].values())
        values.parts.push_back(
            comparison(name == plain.end() ? column : name->second, std::move(v)));
      all.parts.push_back(values.parts.size() == 1 ? values.parts.front() : values);
    }
    if (!all.parts.empty()) any.parts.push_back(std::move(all));
  }
  return any.parts.empty() ? nothing() : any;
}

}  // namespace escudo::pipeline

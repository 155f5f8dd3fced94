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
  std::map<std::string, std::size_t> alone;   // by field: the part for rows that name nothing else
  std::uint64_t taken = 0;
  for (const Row& row : rows.rows) {
    if (taken >= limit) break;
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
    if (all.parts.empty()) continue;
    ++taken;
    spl::SearchExpr& first = all.parts.front();
    if (all.parts.size() > 1 || first.kind != spl::SearchExpr::Kind::compare || first.comparison != spl::Comparison::equal ||
        first.case_sensitive) {
      any.parts.push_back(std::move(all));
      continue;
    }
    // One test of many values looks them up; many tests of one value would be asked each.
    const auto [at, fresh] = alone.try_emplace(first.field, any.parts.size());
    if (fresh) {
      first.kind = spl::SearchExpr::Kind::member;
      any.parts.push_back(std::move(first));
    } else {
      any.parts[at->second].patterns.push_back(std::move(first.patterns.front()));
    }
  }
  return any.parts.empty() ? nothing() : any;
}

}  // namespace escudo::pipeline

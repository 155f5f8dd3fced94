#include "pipeline/ops/row_filter.hpp"

#include <algorithm>

namespace escudo::pipeline {

RowFilter::RowFilter(const spl::SearchExpr& expr) : root_(compile(expr)) {}

RowFilter::Node RowFilter::compile(const spl::SearchExpr& expr) {
  using Kind = spl::SearchExpr::Kind;
  Node node;
  node.kind = expr.kind;
  for (const spl::SearchExpr& part : expr.parts) node.parts.push_back(compile(part));
  if (expr.kind == Kind::compare || expr.kind == Kind::member || expr.kind == Kind::term) {
    node.field = expr.kind == Kind::term ? "_raw" : expr.field;
    node.test = std::make_shared<const match::Test>(match::Test::compile(expr));
  }
  return node;
}

void RowFilter::bind(const std::vector<std::string>& columns) { bind(root_, columns); }

void RowFilter::bind(Node& node, const std::vector<std::string>& columns) {
  auto at = std::find(columns.begin(), columns.end(), node.field);
  node.column = at == columns.end() ? Table::npos : static_cast<std::size_t>(at - columns.begin());
  for (Node& part : node.parts) bind(part, columns);
}

bool RowFilter::asks(const Node& node, std::string_view field) {
  return node.field == field ||
         std::any_of(node.parts.begin(), node.parts.end(), [&](const Node& n) { return asks(n, field); });
}

template <class AnyRow>
bool RowFilter::matches(const Node& node, const AnyRow& row) {
  using Kind = spl::SearchExpr::Kind;
  switch (node.kind) {
    case Kind::everything:
    case Kind::subsearch:
      return true;
    case Kind::all_of:
      return std::all_of(node.parts.begin(), node.parts.end(),
                         [&](const Node& n) { return matches(n, row); });
    case Kind::any_of:
      return std::any_of(node.parts.begin(), node.parts.end(),
                         [&](const Node& n) { return matches(n, row); });
    case Kind::none_of:
      return !matches(node.parts.front(), row);
    default:
      break;
  }
  if (node.column == Table::npos) return node.test->matches({});
  return test(node, row);
}
template bool RowFilter::matches(const Node& node, const Row& row);
template bool RowFilter::matches(const Node& node, const ViewRow& row);

bool RowFilter::test(const Node& node, const ViewRow& row) { return node.test->matches(row.cells[node.column]); }

bool RowFilter::test(const Node& node, const Row& row) {
  const Value& cell = row.cells[node.column];
  if (cell.is_null()) return node.test->matches({});
  if (cell.is_text()) {
    const std::string_view one = cell.as_text();
    return node.test->matches({&one, 1});
  }
  const Value::Many texts = cell.values();
  std::vector<std::string_view> views(texts.begin(), texts.end());
  return node.test->matches(views);
}

}  // namespace escudo::pipeline

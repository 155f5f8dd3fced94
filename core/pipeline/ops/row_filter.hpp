#pragma once
// RowFilter: a search expression over rows. Compiled once, bound to columns, asked per row.

#include <memory>
#include <string>
#include <vector>

#include "match/test.hpp"
#include "pipeline/row.hpp"
#include "pipeline/views.hpp"
#include "spl/ast.hpp"

namespace escudo::pipeline {

class RowFilter {
 public:
  explicit RowFilter(const spl::SearchExpr& expr);
  void bind(const std::vector<std::string>& columns);
  bool matches(const Row& row) const { return matches(root_, row); }
  // Of a row that lies in its batch, whose _time the filter does not ask for.
  bool matches(const ViewRow& row) const { return matches(root_, row); }
  bool asks(std::string_view field) const { return asks(root_, field); }

 private:
  struct Node {
    spl::SearchExpr::Kind kind = spl::SearchExpr::Kind::everything;
    std::vector<Node> parts;
    std::string field;
    std::size_t column = Table::npos;
    std::shared_ptr<const match::Test> test;
  };
  static Node compile(const spl::SearchExpr& expr);
  static void bind(Node& node, const std::vector<std::string>& columns);
  static bool asks(const Node& node, std::string_view field);
  template <class AnyRow>
  static bool matches(const Node& node, const AnyRow& row);
  static bool test(const Node& node, const Row& row);
  static bool test(const Node& node, const ViewRow& row);
  Node root_;
};

}  // namespace escudo::pipeline

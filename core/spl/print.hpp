#pragma once
// Every stage prints itself, and the print is the test: canonical text of expressions and pipelines.

#include <string>

#include "spl/ast.hpp"

namespace escudo::spl {

// AND[OR[a=b, c=d], NOT[e=*], f IN [g, "h i"], "phrase"]
std::string print(const SearchExpr& expr);
// Fully parenthesised: ((a + 1) < len(b))
std::string print(const Expr& expr);
// One command a line, sub-pipelines indented.
std::string print(const Pipeline& pipeline, int indent = 0);
std::string print(const Aggregate& aggregate);
std::string print(const TimeSpan& span);
// A literal, quoted where needed.
std::string quote(const std::string& text);
std::string_view symbol(Comparison comparison);
std::string_view symbol(Expr::Op op);

}  // namespace escudo::spl

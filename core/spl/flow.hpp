#pragma once
// Flow: which fields pass through a pipeline. Two questions are answered by one walk:
//   what must the base search deliver?    needs(), so that nothing else of a record is decoded
//   what columns can come out?            columns(), for the lints of `rules check`
//
// A pipeline is *open* while rows still carry whatever the event had (raw searches), and *closed* once
// a verb fixed the columns (stats, table, tstats).

#include <set>
#include <string>
#include <vector>

#include "spl/ast.hpp"

namespace escudo::spl {

struct FieldNeeds {
  bool everything = false;
  std::set<std::string> names;
  std::set<std::string> patterns;   // wildcards
  bool operator==(const FieldNeeds&) const = default;
};

class Flow {
 public:
  static Flow open() { Flow f; f.open_ = true; return f; }
  static Flow closed(std::vector<std::string> columns) { Flow f; f.columns_ = std::move(columns); return f; }

  // Passes one command; sub-pipelines of joins and the like contribute their columns.
  void pass(const Command& command);
  void pass(const Pipeline& pipeline);
  // At the end of the search: an open pipeline shows every field.
  void finish();

  bool is_open() const { return open_; }
  const std::vector<std::string>& columns() const { return columns_; }  // produced or fixed, in order
  const FieldNeeds& needs() const { return needs_; }
  bool may_have(const std::string& field) const;   // false only when certain

  // What a command reads: used by passes and by the verbs' own lints.
  void read(const std::string& field);
  void read(const SearchExpr& expr);
  void read(const Expr& expr);
  void write(const std::string& field);
  // Writes in some rows; the others keep what they have under that name.
  void may_write(const std::string& field);

 private:
  struct Visitor;
  void close(std::vector<std::string> columns);
  void remove(const std::string& pattern);
  bool produced(const std::string& field) const;
  bool open_ = false;
  bool unknown_columns_ = false;   // spath, xmlkv, … add columns nobody can list
  std::vector<std::string> columns_;
  std::set<std::string> removed_;
  FieldNeeds needs_;
};

}  // namespace escudo::spl

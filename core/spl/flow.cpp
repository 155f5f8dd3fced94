// One walk over a pipeline that keeps account of its columns. Tested by tests/unit/spl and by the
// `plan` sections of the text tests.
#include "spl/flow.hpp"

#include <algorithm>

#include "spl/field_names.hpp"
#include "spl/named_groups.hpp"
#include "spl/parser.hpp"

namespace escudo::spl {

bool Flow::produced(const std::string& field) const {
  return std::find(columns_.begin(), columns_.end(), field) != columns_.end();
}

bool Flow::may_have(const std::string& field) const {
  if (produced(field) || unknown_columns_) return true;
  return open_ && !removed_.contains(field);
}

void Flow::read(const std::string& field) {
  if (field.empty()) return;
  if (field.find('*') != std::string::npos) {
    if (!open_) return;
    if (field == "*") needs_.everything = true;
    else needs_.patterns.insert(field);
    return;
  }
  if (open_ && !produced(field) && !removed_.contains(field)) needs_.names.insert(field);
}

void Flow::read(const SearchExpr& expr) {
  if (!expr.field.empty()) read(expr.field);
  if (expr.kind == SearchExpr::Kind::term) read("_raw");
  // What a subsearch yields names fields nobody knows before it ran; its last table or fields does.
  if (expr.kind == SearchExpr::Kind::subsearch) {
    Flow inner = Flow::open();
    inner.pass(*expr.subsearch);
    if (inner.is_open() || inner.unknown_columns_) needs_.everything = needs_.everything || open_;
    for (const std::string& column : inner.columns()) read(column);
  }
  for (const SearchExpr& part : expr.parts) read(part);
}

void Flow::read(const Expr& expr) {
  if (expr.kind == Expr::Kind::field) read(expr.text);
  if (expr.kind == Expr::Kind::binary && expr.op == Expr::Op::concat && !expr.text.empty()) read(expr.text);
  for (const Expr& arg : expr.args) read(arg);
  // searchmatch("user=x"): a search expression in a text.
  if (expr.kind == Expr::Kind::call && expr.text == "searchmatch" && !expr.args.empty() &&
      expr.args.front().kind == Expr::Kind::string) {
    std::vector<TextProblem> ignored;   // the function itself complains
    if (const auto inner = parse_search_expression(expr.args.front().text, ignored)) read(*inner);
  }
}

void Flow::write(const std::string& field) {
  removed_.erase(field);
  if (!produced(field)) columns_.push_back(field);
}

void Flow::may_write(const std::string& field) {
  read(field);
  write(field);
}

void Flow::close(std::vector<std::string> columns) {
  open_ = false;
  unknown_columns_ = false;
  removed_.clear();
  columns_ = std::move(columns);
}

void Flow::remove(const std::string& pattern) {
  std::erase_if(columns_, [&](const std::string& c) { return match_name(pattern, c); });
  if (open_ && pattern.find('*') == std::string::npos) removed_.insert(pattern);
}

struct Flow::Visitor {
  Flow& f;

  void aggregates(const std::vector<Aggregate>& all, std::vector<std::string>& columns) {
    for (const Aggregate& a : all) {
      f.read(a.field);
      if (a.expression) f.read(*a.expression);
      if (a.function == "first" || a.function == "last" || a.function.starts_with("earliest") || a.function.starts_with("latest") || a.function == "rate")
        f.read("_time");
      if (a.field.find('*') == std::string::npos) {
        columns.push_back(a.output);
        continue;
      }
      for (const std::string& c : f.columns_)
        if (auto name = renamed({a.field, a.named ? a.output : a.function + "(" + a.field + ")", {}}, c)) columns.push_back(*name);
      if (f.open_) f.unknown_columns_ = true;
    }
  }

  void operator()(const Search& v) { f.read(v.expr); }
  void operator()(const Where& v) { f.read(v.expr); }
  void operator()(const Tstats& v) {
    std::vector<std::string> columns = v.by;
    for (const Aggregate& a : v.aggregates) columns.push_back(a.output);
    f.close(std::move(columns));
  }
  void operator()(const Eval& v) {
    for (const Assignment& a : v.assignments) {
      f.read(a.expr);
      if (a.field.find('{') == std::string::npos) {
        f.write(a.field);
        continue;
      }
      // "count_{host}": the name comes from the row.
      f.unknown_columns_ = true;
      for (std::size_t open = a.field.find('{'); open != std::string::npos; open = a.field.find('{', open + 1)) {
        const std::size_t close = a.field.find('}', open);
        if (close != std::string::npos) f.read(a.field.substr(open + 1, close - open - 1));
      }
    }
  }
  void operator()(const Stats& v) {
    std::vector<std::string> columns = v.by;
    for (const std::string& b : v.by) f.read(b);
    if (v.time_window) f.read("_time");
    const bool unknown_before = f.unknown_columns_;
    aggregates(v.aggregates, columns);
    if (v.mode == Stats::Mode::stats) {
      const bool unknown = f.unknown_columns_ && !unknown_before;
      f.close(std::move(columns));
      f.unknown_columns_ = unknown;
    } else {
      // A row without a BY field keeps what it has under that name.
      for (const std::string& c : columns) v.by.empty() ? f.write(c) : f.may_write(c);
    }
  }
  // Every pair sees the names the rows came with, and the first that matches a name takes it.
  void operator()(const Rename& v) {
    for (const FieldPair& pair : v.pairs) f.read(pair.from);
    std::vector<std::string> names = f.columns_, targets;
    std::vector<bool> taken(names.size(), false);
    for (const FieldPair& pair : v.pairs) {
      bool matched = false;
      for (std::size_t c = 0; c < names.size(); ++c) {
        if (taken[c]) continue;
        auto name = renamed(pair, names[c]);
        if (!name) continue;
        names[c] = std::move(*name);
        targets.push_back(names[c]);
        matched = taken[c] = true;
      }
      const bool plain = pair.from.find('*') == std::string::npos;
      if (!matched && plain && f.open_) targets.push_back(pair.to);
      if (f.open_ && plain) f.removed_.insert(pair.from);
      if (f.open_ && !plain) f.unknown_columns_ = true;
    }
    std::vector<std::string> next;
    const auto has = [](const std::vector<std::string>& all, const std::string& name) {
      return std::find(all.begin(), all.end(), name) != all.end();
    };
    for (std::size_t c = 0; c < names.size(); ++c)
      if ((taken[c] || !has(targets, names[c])) && !has(next, names[c])) next.push_back(names[c]);
    for (const std::string& t : targets)
      if (!has(next, t)) next.push_back(t);
    f.columns_ = std::move(next);
    for (const std::string& t : targets) f.removed_.erase(t);
  }
  void operator()(const Convert& v) {
    for (const Convert::Item& item : v.items) {
      f.read(item.field);
      if (item.output != item.field) f.write(item.output);
    }
  }
  void operator()(const Rex& v) {
    f.read(v.field);
    if (!v.sed)
      for (const std::string& group : named_groups(v.pattern)) f.may_write(group);
    if (!v.offset_field.empty()) f.may_write(v.offset_field);
  }
  void operator()(const Regex& v) { f.read(v.field); }
  void operator()(const Lookup& v) {
    for (const FieldPair& key : v.keys) f.read(key.to);
    for (const FieldPair& output : v.outputs) f.may_write(output.to);
    if (v.outputs.empty()) f.unknown_columns_ = true;
  }
  void operator()(const InputLookup&) { f.unknown_columns_ = true; }
  void operator()(const OutputLookup&) {}
  void operator()(const Join& v) {
    for (const std::string& field : v.fields) f.read(field);
    if (v.fields.empty()) f.read("*");
    if (v.use_time) f.read("_time");
    merge(v.right);
  }
  void operator()(const Append& v) { merge(v.pipeline); }
  void operator()(const AppendCols& v) { merge(v.pipeline); }
  void operator()(const Multisearch& v) {
    for (const PipelinePtr& p : v.pipelines) merge(p);
  }
  void operator()(const AppendPipe& v) {
    Flow inner = f;
    inner.pass(*v.pipeline);
    f.needs_ = inner.needs_;
    if (inner.open_ || inner.unknown_columns_) f.unknown_columns_ = true;
    for (const std::string& c : inner.columns_) f.may_write(c);
  }
  void operator()(const Map& v) {
    for (const MapToken& token : map_tokens(v.search)) f.read(token.field);
    f.close({});
    f.unknown_columns_ = true;
  }
  void operator()(const Bin& v) {
    f.read(v.field);
    f.write(v.output);
  }
  void operator()(const Timechart& v) {
    f.read("_time");
    f.read(v.by);
    std::vector<std::string> columns{"_time"};
    aggregates(v.aggregates, columns);
    f.close(std::move(columns));
    if (!v.by.empty()) f.unknown_columns_ = true;
  }
  void operator()(const Chart& v) {
    f.read(v.over);
    f.read(v.by);
    std::vector<std::string> columns{v.over};
    aggregates(v.aggregates, columns);
    f.close(std::move(columns));
    if (!v.by.empty()) f.unknown_columns_ = true;
  }
  void operator()(const Top& v) {
    std::vector<std::string> columns = v.by;
    for (const std::string& c : v.fields) columns.push_back(c);
    for (const std::string& c : columns) f.read(c);
    if (v.show_count) columns.push_back(v.count_field);
    if (v.show_percent) columns.push_back(v.percent_field);
    f.close(std::move(columns));
  }
  void keep(const std::vector<std::string>& patterns, bool hidden) {
    std::vector<std::string> columns;
    bool unknown = false;
    auto add = [&](const std::string& c) {
      if (std::find(columns.begin(), columns.end(), c) == columns.end()) columns.push_back(c);
    };
    for (const std::string& p : patterns) {
      f.read(p);
      if (p.find('*') == std::string::npos) {
        add(p);
        continue;
      }
      for (const std::string& c : f.columns_)
        if (match_name(p, c)) add(c);
      unknown = unknown || f.open_ || f.unknown_columns_;
    }
    if (hidden)
      for (const char* c : {"_time", "_raw"})
        if (f.may_have(c)) {
          f.read(c);
          add(c);
        }
    f.close(std::move(columns));
    f.unknown_columns_ = unknown;
  }
  void operator()(const Table& v) { keep(v.fields, false); }
  void operator()(const Fields& v) {
    if (!v.remove) return keep(v.fields, true);
    for (const std::string& p : v.fields) f.remove(p);
  }
  void operator()(const FillNull& v) {
    for (const std::string& field : v.fields) {
      f.read(field);
      f.write(field);
    }
    if (v.fields.empty()) f.read("*");
  }
  void operator()(const MvExpand& v) { f.read(v.field); }
  void operator()(const MvCombine& v) { f.read("*"); f.read(v.field); }
  void operator()(const NoMv& v) { f.read(v.field); }
  void operator()(const MakeMv& v) { f.read(v.field); }
  void operator()(const Dedup& v) {
    for (const std::string& field : v.fields) f.read(field);
    for (const SortKey& key : v.sort_by) f.read(key.field);
  }
  void operator()(const Sort& v) {
    for (const SortKey& key : v.keys) f.read(key.field);
  }
  void operator()(const Head& v) {
    if (v.condition) f.read(*v.condition);
  }
  void operator()(const Tail&) {}
  void operator()(const Reverse&) {}
  void operator()(const Spath& v) {
    f.read(v.input);
    if (!v.output.empty()) f.may_write(v.output);
    else if (!v.path.empty()) f.may_write(v.path);
    else f.unknown_columns_ = true;
  }
  void operator()(const XmlKv& v) {
    f.read(v.field);
    f.unknown_columns_ = true;
  }
  void operator()(const Foreach& v) {
    for (const std::string& field : v.fields) f.read(field);
    if (!v.body) return;
    // The body reads and writes other fields too. A name made from the stand-ins is a pattern of names.
    Flow inner = f;
    inner.needs_ = {};
    inner.pass(*v.body);
    for (const std::string& name : inner.needs_.names)
      if (name != Foreach::kField) f.read(Foreach::as_pattern(name));
    for (const std::string& pattern : inner.needs_.patterns) f.read(Foreach::as_pattern(pattern));
    if (inner.needs_.everything) f.read("*");
    for (const std::string& c : inner.columns_) {
      if (Foreach::as_pattern(c) == c) f.may_write(c);
      else if (c != Foreach::kField) f.unknown_columns_ = true;
    }
  }
  void operator()(const Replace& v) {
    for (const std::string& field : v.fields) f.read(field);
    if (v.fields.empty()) f.read("*");
  }
  void operator()(const Transaction& v) {
    f.read("*");
    f.read("_time");
    for (const char* c : {"duration", "eventcount", "closed_txn"}) f.write(c);
    (void)v;
  }
  void operator()(const AddTotals& v) {
    for (const std::string& field : v.fields) f.read(field);
    if (v.fields.empty()) f.read("*");
    if (v.row) f.write(v.field_name);
    if (v.column && !v.label_field.empty()) f.write(v.label_field);
  }
  void operator()(const MakeResults&) { f.close({"_time"}); }
  void operator()(const From&) {
    f.close({});
    f.open_ = true;
  }
  void operator()(const Noop&) {}
  void operator()(const Unsupported&) { f.unknown_columns_ = true; }

  void merge(const PipelinePtr& pipeline) {
    if (!pipeline) return;
    Flow inner = Flow::open();
    inner.pass(*pipeline);
    if (inner.open_ || inner.unknown_columns_) f.unknown_columns_ = true;
    // Rows of this side keep their own fields of these names.
    for (const std::string& c : inner.columns_) f.may_write(c);
  }
};

void Flow::pass(const Command& command) { std::visit(Visitor{*this}, command.verb); }

void Flow::pass(const Pipeline& pipeline) {
  for (const Command& command : pipeline.commands) pass(command);
}

void Flow::finish() {
  if (open_) needs_.everything = true;
}

}  // namespace escudo::spl

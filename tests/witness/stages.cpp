#include "stages.hpp"

#include "twin/interpreter.hpp"

namespace escudo::witness {
namespace {

// Which names are numbers of rows or made of such.
class Counts {
 public:
  void see(const spl::Command& command) {
    if (const auto* v = std::get_if<spl::Tstats>(&command.verb)) take(v->aggregates);
    if (const auto* v = std::get_if<spl::Stats>(&command.verb)) take(v->aggregates);
    if (const auto* v = std::get_if<spl::Eval>(&command.verb))
      for (const spl::Assignment& a : v->assignments)
        if (reads(a.expr)) names_.insert(a.field);
    if (const auto* v = std::get_if<spl::Rename>(&command.verb))
      for (const spl::FieldPair& pair : v->pairs)
        if (names_.contains(pair.from)) names_.insert(pair.to);
  }
  bool reads(const spl::Expr& expr) const {
    if (expr.kind == spl::Expr::Kind::field && names_.contains(expr.text)) return true;
    for (const spl::Expr& arg : expr.args)
      if (reads(arg)) return true;
    return false;
  }
  bool reads(const spl::SearchExpr& expr) const {
    if (names_.contains(expr.field)) return true;
    for (const spl::SearchExpr& part : expr.parts)
      if (reads(part)) return true;
    return false;
  }

 private:
  void take(const std::vector<spl::Aggregate>& aggregates) {
    static const std::set<std::string> passing{"values", "list", "latest", "earliest",
                                               "first",  "last", "mode"};
    for (const spl::Aggregate& a : aggregates)
      if (!passing.contains(a.function) &&
          !(a.field == "_time" && (a.function == "min" || a.function == "max")))
        names_.insert(a.output);
  }
  std::set<std::string> names_;
};

// A AND B as two commands, so that each counts.
void split(const spl::Expr& expr, std::vector<spl::Expr>& out) {
  if (expr.kind == spl::Expr::Kind::binary && expr.op == spl::Expr::Op::logical_and) {
    for (const spl::Expr& side : expr.args) split(side, out);
  } else {
    out.push_back(expr);
  }
}

void split(const spl::SearchExpr& expr, std::vector<spl::SearchExpr>& out) {
  if (expr.kind == spl::SearchExpr::Kind::all_of) {
    for (const spl::SearchExpr& part : expr.parts) split(part, out);
  } else {
    out.push_back(expr);
  }
}

bool brings_rows(const spl::Verb& verb) {
  return std::holds_alternative<spl::Join>(verb) || std::holds_alternative<spl::Append>(verb) ||
         std::holds_alternative<spl::AppendPipe>(verb) ||
         std::holds_alternative<spl::AppendCols>(verb) || std::holds_alternative<spl::Map>(verb) ||
         std::holds_alternative<spl::Transaction>(verb) ||
         std::holds_alternative<spl::Multisearch>(verb) ||
         std::holds_alternative<spl::Timechart>(verb);
}

}  // namespace

Stages::Stages(const spl::Pipeline& pipeline, std::size_t first, const catalog::Catalog& catalog,
               std::set<std::string> columns)
    : catalog_(catalog), columns_(std::move(columns)) {
  Counts counts;
  const auto add = [&](const std::string& name, spl::Verb verb) {
    spl::Pipeline one;
    one.commands.push_back({name, std::move(verb), {}});
    commands_.push_back(std::move(one));
  };
  for (std::size_t k = first; k < pipeline.commands.size(); ++k) {
    const spl::Command& command = pipeline.commands[k];
    if (brings_rows(command.verb)) {
      columns_.clear();
      whole_ = false;
      break;
    }
    counts.see(command);
    if (const auto* where = std::get_if<spl::Where>(&command.verb)) {
      std::vector<spl::Expr> parts;
      split(where->expr, parts);
      for (spl::Expr& part : parts)
        if (!counts.reads(part)) add("where", spl::Where{std::move(part)});
    } else if (const auto* search = std::get_if<spl::Search>(&command.verb)) {
      std::vector<spl::SearchExpr> parts;
      split(search->expr, parts);
      for (spl::SearchExpr& part : parts)
        if (!counts.reads(part)) add("search", spl::Search{std::move(part)});
    } else if (const auto* tstats = std::get_if<spl::Tstats>(&command.verb)) {
      spl::Tstats all = *tstats;
      all.where = {};  // the filter is looked at by itself
      add("tstats", std::move(all));
    } else {
      add(command.name, command.verb);
    }
  }
}

std::size_t Stages::reached(const std::vector<twin::Fields>& events) const {
  std::vector<twin::Event> decoded;
  twin::Rows rows;
  for (const twin::Fields& fields : events) {
    twin::Event event;
    event.record.number = decoded.size();
    event.raw.fields = fields;
    event.everywhere = true;
    rows.push_back({fields, {event.record}});
    decoded.push_back(std::move(event));
  }
  const twin::World world{&catalog_, &decoded, base::Time{}};
  twin::Interpreter interpreter(world);
  std::size_t out = 0;
  try {
    for (const spl::Pipeline& command : commands_) {
      rows = interpreter.apply(command, 0, std::move(rows));
      if (rows.empty()) return out;
      ++out;
    }
  } catch (const twin::Unfit&) {
    return out;
  }
  std::size_t filled = 0;
  for (const twin::Row& row : rows) {
    std::size_t here = 0;
    for (const std::string& name : columns_) here += !row.get(name).is_null();
    filled = std::max(filled, here);
  }
  return out + filled;
}

}  // namespace escudo::witness

#include "atoms.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/csv.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "spl/field_names.hpp"
#include "spl/named_groups.hpp"
#include "twin/expression.hpp"
#include "twin/pattern.hpp"

namespace escudo::witness {
namespace {

using Kind = spl::SearchExpr::Kind;
using Op = spl::Expr::Op;

std::size_t pick(std::size_t n, Random* random) { return random ? (*random)() % n : 0; }

void push(const spl::SearchExpr& expr, bool wanted, Random* random, std::vector<Atom>& out) {
  Atom atom;
  atom.field = expr.kind == Kind::term ? "_raw" : expr.field;
  const twin::Filter filter(expr);
  atom.holds = [filter, wanted](const Texts& texts) {
    return filter.matches([&](const std::string&) { return texts; }) == wanted;
  };
  const bool unequal = expr.kind == Kind::compare && expr.comparison == spl::Comparison::not_equal;
  atom.positive = wanted != unequal;
  if (expr.kind == Kind::compare &&
      (expr.comparison == spl::Comparison::less || expr.comparison == spl::Comparison::less_equal ||
       expr.comparison == spl::Comparison::greater ||
       expr.comparison == spl::Comparison::greater_equal)) {
    if (const auto n = event::parse_number(expr.patterns[0]))
      for (const double d : {0.0, 1.0, -1.0, 1000.0, -1000.0})
        atom.texts.push_back(std::to_string(static_cast<long long>(*n + d)));
  } else if (atom.positive) {
    std::string pattern = expr.patterns[pick(expr.patterns.size(), random)];
    for (const auto& [name, letter] : {std::pair<const char*, const char*>{"&lt;", "<"},
                                       {"&gt;", ">"},
                                       {"&quot;", "\""},
                                       {"&amp;", "&"}})
      pattern = base::replace_all(pattern, name, letter);
    // A block of addresses: its first address but one.
    if (const std::size_t slash = pattern.find('/');
        slash != std::string::npos && base::AddressBlock::parse(pattern))
      pattern = pattern.substr(0, pattern.rfind('.', slash)) + ".7";
    atom.wildcards.push_back(pattern);
  }
  out.push_back(std::move(atom));
}

}  // namespace

void atoms_of(const spl::SearchExpr& expr, bool wanted, Random* random, std::vector<Atom>& out) {
  switch (expr.kind) {
    case Kind::everything:
    case Kind::subsearch:
      return;
    case Kind::none_of:
      return atoms_of(expr.parts[0], !wanted, random, out);
    case Kind::all_of:
    case Kind::any_of:
      if ((expr.kind == Kind::all_of) == wanted) {
        for (const spl::SearchExpr& part : expr.parts) atoms_of(part, wanted, random, out);
      } else {
        atoms_of(expr.parts[pick(expr.parts.size(), random)], wanted, random, out);
      }
      return;
    default:
      push(expr, wanted, random, out);
  }
}

namespace {

class Walk {
 public:
  Walk(const spl::Feed& feed, const catalog::Catalog& catalog, Random* random,
       std::vector<Atom>& out, std::vector<double>& numbers)
      : feed_(feed), catalog_(catalog), random_(random), out_(out), numbers_(numbers) {}

  void command(const spl::Command& command) {
    if (const auto* v = std::get_if<spl::Search>(&command.verb))
      search(v->expr);
    else if (const auto* where = std::get_if<spl::Where>(&command.verb))
      condition(where->expr, true);
    else if (const auto* regex = std::get_if<spl::Regex>(&command.verb))
      pattern(regex->field, regex->pattern, !regex->negated);
    else if (const auto* rex = std::get_if<spl::Rex>(&command.verb)) {
      if (!rex->sed) pattern(rex->field, rex->pattern, true);
      for (const std::string& name : spl::named_groups(rex->pattern))
        own_.erase(name), computed_.insert(name);
    } else if (const auto* rename = std::get_if<spl::Rename>(&command.verb))
      renamed(*rename);
    else if (const auto* eval = std::get_if<spl::Eval>(&command.verb)) {
      for (const spl::Assignment& a : eval->assignments) assigned(a);
    } else if (const auto* stats = std::get_if<spl::Stats>(&command.verb))
      aggregated(stats->aggregates);
    else if (const auto* tstats = std::get_if<spl::Tstats>(&command.verb))
      aggregated(tstats->aggregates);
    else if (const auto* lookup = std::get_if<spl::Lookup>(&command.verb))
      looked_up(*lookup);
    else if (const auto* each = std::get_if<spl::Foreach>(&command.verb))
      visited(*each);
  }

 private:
  // The event's field behind a name, "" when it is computed.
  std::string source(const std::string& name) const {
    if (const auto at = own_.find(name); at != own_.end()) return at->second;
    if (computed_.contains(name)) return "";
    return plain(name);
  }
  std::string plain(const std::string& name) const {
    if (const auto at = feed_.plain.find(name); at != feed_.plain.end()) return at->second;
    if (!feed_.prefix.empty() && name.starts_with(feed_.prefix))
      return name.substr(feed_.prefix.size());
    return name;
  }

  void renamed(const spl::Rename& verb) {
    std::map<std::string, std::string> next = own_;
    for (const spl::FieldPair& pair : verb.pairs) {
      if (pair.from.find('*') != std::string::npos) {
        for (const auto& [name, from] : own_)
          if (auto to = spl::renamed(pair, name)) next[*to] = from;
        continue;
      }
      next[pair.to] = source(pair.from);
      if (next[pair.to].empty()) {
        next.erase(pair.to);
        computed_.insert(pair.to);
      }
    }
    own_ = std::move(next);
  }

  void assigned(const spl::Assignment& a) {
    // What is only dressed differently still comes from the field: lower(x), coalesce(x, y) …
    const spl::Expr* e = &a.expr;
    while (e->kind == spl::Expr::Kind::call && !e->args.empty() &&
           std::set<std::string>{"lower", "upper", "trim", "coalesce", "mvindex", "tostring",
                                 "tonumber", "replace", "urldecode", "mvjoin", "mvappend", "split",
                                 "if"}
               .contains(e->text)) {
      if (e->text == "if" && random_ && (*random_)() % 2) condition(e->args[0], true);
      e = &e->args[e->text == "if" ? 1 : 0];
    }
    constants(a.expr);
    if (a.expr.kind == spl::Expr::Kind::call && (a.expr.text == "if" || a.expr.text == "case") &&
        !random_)
      condition(a.expr.args[0], true);
    const std::string from = e->kind == spl::Expr::Kind::field ? source(e->text) : "";
    own_.erase(a.field);
    if (from.empty())
      computed_.insert(a.field);
    else
      own_[a.field] = from;
  }

  // A row of the table, so that its outputs are there.
  void looked_up(const spl::Lookup& verb) {
    for (const spl::FieldPair& output : verb.outputs)
      own_.erase(output.to), computed_.insert(output.to);
    const catalog::LookupDefinition* definition = catalog_.find_lookup(verb.table);
    if (!definition || definition->file.empty()) return;
    const auto text = base::read_file(definition->file);
    const auto table =
        text ? base::parse_csv(*text) : base::Result<base::CsvTable>(base::Error{"none"});
    if (!table || table->rows.empty()) return;
    const auto& row = table->rows[random_ ? (*random_)() % table->rows.size() : 0];
    for (const spl::FieldPair& key : verb.keys) {
      const std::string name = source(key.to);
      const auto column = std::find(table->header.begin(), table->header.end(), key.from);
      if (name.empty() || column == table->header.end()) continue;
      const std::string& cell = row[static_cast<std::size_t>(column - table->header.begin())];
      if (cell.empty()) continue;
      spl::SearchExpr equal;
      equal.kind = Kind::compare;
      equal.field = name;
      equal.patterns = {cell};
      push(equal, true, nullptr, out_);
      out_.back().from_filter = false;
    }
  }

  // What a body makes of the fields it visits comes from one of them.
  void visited(const spl::Foreach& verb) {
    for (const spl::Command& command : verb.body->commands)
      if (const auto* eval = std::get_if<spl::Eval>(&command.verb))
        for (const spl::Assignment& a : eval->assignments) {
          std::set<std::string> fields;
          names(a.expr, fields);
          if (fields.contains(spl::Foreach::kField) && a.field != spl::Foreach::kField)
            own_[a.field] = base::replace_all(verb.fields.front(), "*", "1");
        }
  }

  void aggregated(const std::vector<spl::Aggregate>& aggregates) {
    for (const spl::Aggregate& a : aggregates) {
      const bool passes = std::set<std::string>{"values", "latest", "earliest", "first",
                                                "last",   "min",    "max",      "list"}
                              .contains(a.function);
      const std::string from = passes && !a.field.empty() && a.field.find('*') == std::string::npos
                                   ? source(a.field)
                                   : "";
      own_.erase(a.output);
      if (from.empty())
        computed_.insert(a.output);
      else
        own_[a.output] = from;
    }
  }

  void search(const spl::SearchExpr& expr) {
    std::vector<Atom> atoms;
    atoms_of(expr, true, random_, atoms);
    for (Atom& atom : atoms) {
      const std::string name = source(atom.field);
      if (name.empty()) {
        for (const std::string& text : atom.texts)
          if (const auto n = event::parse_number(text)) numbers_.push_back(*n);
        continue;
      }
      atom.field = name;
      atom.from_filter = false;
      out_.push_back(std::move(atom));
    }
  }

  void pattern(const std::string& field, const std::string& text, bool wanted) {
    const std::string name = source(field);
    if (name.empty()) return;
    Atom atom;
    atom.field = name;
    atom.positive = wanted;
    atom.from_filter = false;
    if (wanted) atom.patterns.push_back(text);
    atom.holds = [text, wanted](const Texts& texts) {
      const twin::Pattern& regex = twin::pattern(text);
      return std::any_of(texts.begin(), texts.end(),
                         [&](const std::string& t) { return regex.found(t); }) == wanted;
    };
    out_.push_back(std::move(atom));
  }

  void condition(const spl::Expr& expr, bool wanted) {
    if (expr.kind == spl::Expr::Kind::logical_not) return condition(expr.args[0], !wanted);
    if (expr.op == Op::logical_and || expr.op == Op::logical_or) {
      if ((expr.op == Op::logical_and) == wanted) {
        condition(expr.args[0], wanted);
        condition(expr.args[1], wanted);
      } else {
        condition(expr.args[pick(2, random_)], wanted);
      }
      return;
    }
    // One field of the event, asked by itself: the condition is the atom.
    std::set<std::string> fields;
    constants(expr);
    names(expr, fields);
    if (fields.size() != 1) return;
    const std::string written = *fields.begin(), name = source(written);
    if (name.empty()) return;
    Atom atom;
    atom.field = name;
    atom.from_filter = false;
    atom.positive = wanted;
    hints(expr, wanted, atom);
    atom.holds = [expr, written, wanted](const Texts& texts) {
      twin::Row row;
      row.set(written, event::Value::many(texts));
      const twin::Truth truth = twin::evaluate(expr, {row, {}, {}}).as_truth();
      return truth == (wanted ? twin::Truth::yes : twin::Truth::no);
    };
    out_.push_back(std::move(atom));
  }

  void hints(const spl::Expr& expr, bool wanted, Atom& atom) {
    const auto literal = [](const spl::Expr& e) {
      return e.kind == spl::Expr::Kind::string || e.kind == spl::Expr::Kind::number;
    };
    const auto text = [](const spl::Expr& e) { return e.text; };
    if (!wanted && expr.op != Op::not_equal) return;
    if (expr.kind == spl::Expr::Kind::call && (expr.text == "match" || expr.text == "like") &&
        expr.args.size() == 2) {
      if (expr.text == "match")
        atom.patterns.push_back(text(expr.args[1]));
      else
        atom.wildcards.push_back(
            base::replace_all(base::replace_all(text(expr.args[1]), "%", "*"), "_", "x"));
    }
    if (expr.kind == spl::Expr::Kind::call && expr.text == "in")
      for (std::size_t k = 1; k < expr.args.size(); ++k)
        if (literal(expr.args[k])) atom.texts.push_back(text(expr.args[k]));
    if (expr.kind == spl::Expr::Kind::binary)
      for (const spl::Expr& side : expr.args)
        if (literal(side)) {
          atom.texts.push_back(text(side));
          if (side.kind == spl::Expr::Kind::number)
            for (const double d : {1.0, -1.0, 1000.0})
              atom.texts.push_back(std::to_string(static_cast<long long>(side.number + d)));
          if (side.kind == spl::Expr::Kind::number && side.number < 100'000)  // of len()
            atom.texts.push_back(
                std::string(static_cast<std::size_t>(std::max(side.number + 2, 1.0)), 'w'));
        }
  }

  void constants(const spl::Expr& expr) {
    if (expr.kind == spl::Expr::Kind::number) numbers_.push_back(expr.number);
    for (const spl::Expr& arg : expr.args) constants(arg);
  }
  static void names(const spl::Expr& expr, std::set<std::string>& out) {
    if (expr.kind == spl::Expr::Kind::field) out.insert(expr.text);
    for (const spl::Expr& arg : expr.args) names(arg, out);
  }

  const spl::Feed& feed_;
  const catalog::Catalog& catalog_;
  Random* random_;
  std::vector<Atom>& out_;
  std::vector<double>& numbers_;
  std::map<std::string, std::string> own_;  // name -> field of the event
  std::set<std::string> computed_;
};

}  // namespace

void atoms_of(const spl::Pipeline& pipeline, std::size_t first, const spl::Feed& feed,
              const catalog::Catalog& catalog, Random* random, std::vector<Atom>& out,
              std::vector<double>& numbers) {
  Walk walk(feed, catalog, random, out, numbers);
  if (!pipeline.commands.empty() && first > 0) {
    if (std::holds_alternative<spl::Tstats>(pipeline.commands[0].verb))
      walk.command(pipeline.commands[0]);
  }
  for (std::size_t k = first; k < pipeline.commands.size(); ++k) walk.command(pipeline.commands[k]);
}

}  // namespace escudo::witness

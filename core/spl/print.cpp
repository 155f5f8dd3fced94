// Canonical text of the AST. Tested by every tests/spl file with an `ast` section.
#include "spl/print.hpp"

#include "base/json.hpp"

namespace escudo::spl {
namespace {

std::string list(const std::vector<std::string>& names, std::string_view separator = " ") {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += separator;
    out += quote(name);
  }
  return out;
}

std::string pairs(const std::vector<FieldPair>& all, std::string_view word) {
  std::string out;
  for (const FieldPair& p : all) {
    if (!out.empty()) out += ", ";
    out += quote(p.from);
    if (p.from != p.to || word == "with") out += " " + std::string(word) + " " + quote(p.to);
  }
  return out;
}

std::string aggregates(const std::vector<Aggregate>& all) {
  std::string out;
  for (const Aggregate& a : all) out += (out.empty() ? "" : ", ") + print(a);
  return out;
}

std::string keys(const std::vector<SortKey>& all) {
  std::string out;
  for (const SortKey& k : all) out += (out.empty() ? "" : " ") + std::string(k.descending ? "-" : "+") + quote(k.field);
  return out;
}

std::string by(const std::vector<std::string>& fields) { return fields.empty() ? "" : " by " + list(fields); }

std::string nested(const PipelinePtr& p, int indent) {
  return p ? " [\n" + print(*p, indent + 1) + std::string(2 * indent, ' ') + "]" : "";
}

struct Printer {
  int indent;
  std::string operator()(const Search& v) { return print(v.expr); }
  std::string operator()(const Tstats& v) {
    std::string out = aggregates(v.aggregates) + " from " + v.model + (v.dataset.empty() ? "" : "." + v.dataset);
    out += " where " + print(v.where) + by(v.by);
    if (v.time_span) out += " span=" + print(*v.time_span);
    if (v.fill_null) out += " fillnull=" + quote(*v.fill_null);
    return out;
  }
  std::string operator()(const Where& v) { return print(v.expr); }
  std::string operator()(const Eval& v) {
    std::string out;
    for (const Assignment& a : v.assignments) out += (out.empty() ? "" : ", ") + quote(a.field) + " = " + print(a.expr);
    return out;
  }
  std::string operator()(const Stats& v) {
    std::string out;
    if (v.window) out += "window=" + std::to_string(v.window) + " ";
    if (!v.current) out += "current=false ";
    if (v.time_window) out += "time_window=" + print(*v.time_window) + " ";
    return out + aggregates(v.aggregates) + by(v.by);
  }
  std::string operator()(const Rename& v) { return pairs(v.pairs, "as"); }
  std::string operator()(const Convert& v) {
    std::string out = "timeformat=" + quote(v.time_format);
    for (const Convert::Item& i : v.items)
      out += " " + i.function + "(" + quote(i.field) + ")" + (i.field == i.output ? "" : " as " + quote(i.output));
    return out;
  }
  std::string operator()(const Rex& v) {
    return "field=" + quote(v.field) + (v.sed ? " sed" : "") + (v.max_match == 1 ? "" : " max_match=" + std::to_string(v.max_match)) + " /" + v.pattern + "/";
  }
  std::string operator()(const Regex& v) { return quote(v.field) + (v.negated ? " !~ /" : " ~ /") + v.pattern + "/"; }
  std::string operator()(const Lookup& v) {
    std::string out = quote(v.table) + " " + pairs(v.keys, "as");
    if (!v.outputs.empty()) out += (v.overwrite ? " output " : " outputnew ") + pairs(v.outputs, "as");
    return out;
  }
  std::string operator()(const InputLookup& v) { return quote(v.table) + (v.where ? " where " + print(*v.where) : ""); }
  std::string operator()(const OutputLookup& v) { return quote(v.table); }
  std::string operator()(const Join& v) {
    return std::string(v.type == Join::Type::left ? "left" : "inner") + " max=" + std::to_string(v.max) + (v.fields.empty() ? "" : " ") + list(v.fields) + nested(v.right, indent);
  }
  std::string operator()(const Append& v) { return nested(v.pipeline, indent).substr(1); }
  std::string operator()(const AppendPipe& v) { return nested(v.pipeline, indent).substr(1); }
  std::string operator()(const AppendCols& v) { return nested(v.pipeline, indent).substr(1); }
  std::string operator()(const Multisearch& v) {
    std::string out;
    for (const PipelinePtr& p : v.pipelines) out += nested(p, indent);
    return out.substr(out.empty() ? 0 : 1);
  }
  std::string operator()(const Map& v) { return "maxsearches=" + std::to_string(v.max_searches) + " " + quote(v.search); }
  std::string operator()(const Bin& v) {
    std::string out = quote(v.field);
    if (v.time_span) out += " span=" + print(*v.time_span);
    else if (v.span) out += " span=" + base::number_text(*v.span);
    else out += " bins=" + std::to_string(v.bins);
    return out + (v.field == v.output ? "" : " as " + quote(v.output));
  }
  std::string operator()(const Timechart& v) {
    return (v.span ? "span=" + print(*v.span) + " " : "") + "limit=" + std::to_string(v.limit) + " " + aggregates(v.aggregates) + (v.by.empty() ? "" : " by " + quote(v.by));
  }
  std::string operator()(const Chart& v) {
    return aggregates(v.aggregates) + " over " + quote(v.over) + (v.by.empty() ? "" : " by " + quote(v.by));
  }
  std::string operator()(const Top& v) { return std::to_string(v.limit) + " " + list(v.fields) + by(v.by); }
  std::string operator()(const Table& v) { return list(v.fields); }
  std::string operator()(const Fields& v) { return (v.remove ? "- " : "+ ") + list(v.fields); }
  std::string operator()(const FillNull& v) { return "value=" + quote(v.value) + (v.fields.empty() ? "" : " ") + list(v.fields); }
  std::string operator()(const MvExpand& v) { return quote(v.field); }
  std::string operator()(const MvCombine& v) { return quote(v.field); }
  std::string operator()(const NoMv& v) { return quote(v.field); }
  std::string operator()(const MakeMv& v) {
    return quote(v.field) + (v.tokenizer.empty() ? " delim=" + quote(v.delimiter) : " tokenizer=/" + v.tokenizer + "/");
  }
  std::string operator()(const Dedup& v) { return std::to_string(v.keep) + " " + list(v.fields) + (v.sort_by.empty() ? "" : " sortby " + keys(v.sort_by)); }
  std::string operator()(const Sort& v) { return std::to_string(v.limit) + " " + keys(v.keys); }
  std::string operator()(const Head& v) { return v.condition ? print(*v.condition) : std::to_string(v.count); }
  std::string operator()(const Tail& v) { return std::to_string(v.count); }
  std::string operator()(const Reverse&) { return ""; }
  std::string operator()(const Spath& v) {
    return "input=" + quote(v.input) + (v.path.empty() ? "" : " path=" + quote(v.path)) + (v.output.empty() ? "" : " output=" + quote(v.output));
  }
  std::string operator()(const XmlKv& v) { return quote(v.field); }
  std::string operator()(const Foreach& v) { return list(v.fields) + " [" + v.text + "]"; }
  std::string operator()(const Replace& v) { return pairs(v.pairs, "with") + (v.fields.empty() ? "" : " in " + list(v.fields)); }
  std::string operator()(const Transaction& v) {
    std::string out = list(v.fields);
    if (v.starts_with) out += " startswith=" + print(*v.starts_with);
    if (v.starts_with_eval) out += " startswith=eval" + print(*v.starts_with_eval);
    if (v.ends_with) out += " endswith=" + print(*v.ends_with);
    if (v.ends_with_eval) out += " endswith=eval" + print(*v.ends_with_eval);
    if (v.max_span) out += " maxspan=" + print(*v.max_span);
    if (v.max_pause) out += " maxpause=" + print(*v.max_pause);
    if (!v.connected) out += " connected=false";
    return out;
  }
  std::string operator()(const AddTotals& v) { return "fieldname=" + quote(v.field_name) + (v.fields.empty() ? "" : " ") + list(v.fields); }
  std::string operator()(const MakeResults& v) { return "count=" + std::to_string(v.count); }
  std::string operator()(const From& v) { return v.model + (v.dataset.empty() ? "" : "." + v.dataset); }
  std::string operator()(const Noop&) { return ""; }
  std::string operator()(const Unsupported&) { return "(not supported)"; }
};

}  // namespace

std::string quote(const std::string& text) {
  bool plain = !text.empty();
  for (char c : text)
    plain = plain && (c == '_' || c == '.' || c == '*' || c == '-' || c == '\\' || c == ':' || c == '/' || c == '%' || c == '@' || c == '{' || c == '}' ||
                      (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
  if (plain) return text;
  std::string out = "\"";
  for (char c : text) {
    if (c == '"') out += "\\\"";
    else if (c == '\n') out += "\\n";
    else if (c == '\r') out += "\\r";
    else if (c == '\t') out += "\\t";
    else out += c;
  }
  return out + "\"";
}

std::string_view symbol(Comparison comparison) {
  static constexpr std::string_view names[] = {"=", "!=", "<", "<=", ">", ">="};
  return names[static_cast<int>(comparison)];
}

std::string_view symbol(Expr::Op op) {
  static constexpr std::string_view names[] = {"", "+", "-", "*", "/", "%", ".", "=", "!=", "<", "<=", ">", ">=", "AND", "OR", "XOR"};
  return names[static_cast<int>(op)];
}

std::string print(const SearchExpr& e) {
  auto inside = [&](std::string_view word) {
    std::string out(word);
    out += '[';
    for (std::size_t i = 0; i < e.parts.size(); ++i) out += (i ? ", " : "") + print(e.parts[i]);
    return out + "]";
  };
  switch (e.kind) {
    case SearchExpr::Kind::everything: return "*";
    case SearchExpr::Kind::all_of: return inside("AND");
    case SearchExpr::Kind::any_of: return inside("OR");
    case SearchExpr::Kind::none_of: return inside("NOT");
    case SearchExpr::Kind::compare:
      return quote(e.field) + std::string(symbol(e.comparison)) + (e.case_sensitive ? "CASE(" + quote(e.patterns[0]) + ")" : quote(e.patterns[0]));
    case SearchExpr::Kind::member: return quote(e.field) + " IN [" + list(e.patterns, ", ") + "]";
    case SearchExpr::Kind::term: return e.quoted ? "phrase(" + quote(e.patterns[0]) + ")" : "word(" + quote(e.patterns[0]) + ")";
    case SearchExpr::Kind::subsearch: return "subsearch[\n" + print(*e.subsearch, 2) + "]";
  }
  return {};
}

std::string print(const Expr& e) {
  switch (e.kind) {
    case Expr::Kind::number: return base::number_text(e.number);
    case Expr::Kind::string: { std::string q = quote(e.text); return q.starts_with('"') ? q : "\"" + q + "\""; }
    case Expr::Kind::field: { std::string q = quote(e.text); return q.starts_with('"') ? "'" + e.text + "'" : q; }
    case Expr::Kind::negate: return "-" + print(e.args[0]);
    case Expr::Kind::logical_not: return "NOT " + print(e.args[0]);
    case Expr::Kind::binary: return "(" + print(e.args[0]) + " " + std::string(symbol(e.op)) + " " + print(e.args[1]) + ")";
    case Expr::Kind::call: {
      std::string out = e.text + "(";
      for (std::size_t i = 0; i < e.args.size(); ++i) out += (i ? ", " : "") + print(e.args[i]);
      return out + ")";
    }
  }
  return {};
}

std::string print(const Aggregate& a) {
  std::string name = a.function == "perc" ? "perc" + base::number_text(a.argument) : a.function;
  std::string out = name;
  if (a.expression) out += "(" + print(*a.expression) + ")";
  else if (!a.field.empty()) out += "(" + quote(a.field) + ")";
  return a.named ? out + " as " + quote(a.output) : out;
}

std::string print(const TimeSpan& span) {
  if (span.months) return std::to_string(span.months) + "mon";
  return base::number_text(static_cast<double>(span.microseconds) / 1e6) + "s";
}

std::string print(const Pipeline& pipeline, int indent) {
  std::string out;
  for (const Command& command : pipeline.commands) {
    out += std::string(2 * indent, ' ') + command.name;
    const std::string rest = std::visit(Printer{indent}, command.verb);
    if (!rest.empty()) out += " " + rest;
    out += '\n';
  }
  return out;
}

}  // namespace escudo::spl

// tstats [options] AGGREGATES from datamodel=MODEL[.DATASET] [where EXPRESSION] [by FIELDS [span=SPAN]]
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

namespace {

void option(Parser& p, Tstats& out, const std::string& name, const Token& value) {
  if (name == "fillnull_value") out.fill_null = p.text_of(value);
  else if (name == "prestats") out.prestats = p.boolean(value);
  else if (name == "append") out.append = p.boolean(value);
  else if (name == "summariesonly" || name == "allow_old_summaries") (void)p.boolean(value);  // no summaries here
  else if (name == "chunk_size" || name == "include_reduced_buckets" || name == "local") {}    // no effect here
  else p.fail(value.span, "unknown-option", "tstats has no option " + name);
}

void from(Parser& p, Tstats& out) {
  std::string name;
  Token value;
  std::string model;
  if (p.option(name, value)) {
    if (name != "datamodel") return p.fail(value.span, "unsupported-source", "tstats can read a datamodel only, not " + name,
                                           "write from datamodel=Model.Dataset");
    model = p.text_of(value);
    out.model_span = value.span;
  } else if (p.accept_word("datamodel")) {
    model = p.name_token();
    out.model_span = p.last_span();
  } else {
    return p.fail(p.peek().span, "syntax", "datamodel=Model.Dataset was expected after from");
  }
  const std::size_t dot = model.find('.');
  out.model = model.substr(0, dot);
  if (dot != std::string::npos) out.dataset = model.substr(dot + 1);
}

void by(Parser& p, Tstats& out) {
  p.skip_commas();
  while (!p.failed() && !p.at_end()) {
    std::string name;
    Token value;
    if (p.option(name, value)) {
      if (name == "span") out.time_span = p.time_span(value);
      else option(p, out, name, value);
    } else {
      out.by.push_back(p.name_token());
    }
    p.skip_commas();
  }
}

}  // namespace

Verb parse_tstats(Parser& p) {
  Tstats out;
  std::string name;
  Token value;
  while (!p.failed() && p.option(name, value)) option(p, out, name, value);
  {
    Parser::Clauses clauses(p, {"from", "where", "by", "groupby"});
    while (!p.failed() && !p.at_end() && !p.is_clause_word(p.peek())) {
      if (p.option(name, value)) {
        option(p, out, name, value);
        continue;
      }
      auto more = p.aggregates();
      for (Aggregate& a : more) out.aggregates.push_back(std::move(a));
    }
    if (p.failed()) return out;
    if (p.accept_word("from")) from(p, out);
    else p.fail(p.peek().span, "unsupported-source", "tstats without `from datamodel=…` reads index metadata, which only Splunk has",
                "write from datamodel=Model.Dataset");
  }
  Parser::Clauses clauses(p, {"by", "groupby"});
  if (!p.failed() && p.accept_word("where")) out.where = p.search_expression();
  if (!p.failed() && (p.accept_word("by") || p.accept_word("groupby"))) by(p, out);
  if (!p.failed() && out.aggregates.empty()) {
    Aggregate count;
    count.function = count.output = "count";
    count.span = out.model_span;
    out.aggregates.push_back(std::move(count));
  }
  return out;
}

}  // namespace escudo::spl::verbs

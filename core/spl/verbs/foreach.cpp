// foreach FIELDS [ PIPELINE with <<FIELD>> ]
#include "base/text.hpp"
#include "spl/verbs/verbs.hpp"

namespace escudo::spl {

std::string Foreach::as_pattern(std::string name) {
  return base::replace_all(base::replace_all(name, kField, "*"), kMatch, "*");
}

namespace verbs {

Verb parse_foreach(Parser& p) {
  Foreach out;
  std::string name;
  Token value;
  p.skip_commas();
  while (!p.failed() && !p.at_end() && !p.peek().is(TokenKind::left_bracket)) {
    if (p.option(name, value)) {
      // mode=multifield is the default; fieldstr and matchstr would rename the tokens.
      if (name != "mode" || !base::iequals(value.text, "multifield"))
        p.fail(value.span, "unsupported-option", "foreach " + name + "=" + std::string(value.text) + " is not supported");
    } else {
      out.fields.push_back(p.name_token());
    }
    p.skip_commas();
  }
  if (p.failed()) return out;
  out.text = std::string(p.bracketed_text(out.text_span));
  if (p.failed()) return out;
  // Parsed once with stand-ins, so that a mistake is found before any row comes.
  std::string sample = base::replace_all(out.text, "<<FIELD>>", Foreach::kField);
  for (const char* token : {"<<MATCHSTR>>", "<<MATCHSEG1>>", "<<MATCHSEG2>>", "<<MATCHSEG3>>"})
    sample = base::replace_all(sample, token, Foreach::kMatch);
  std::vector<TextProblem> problems;
  Parser inner(sample, problems);
  out.body = inner.pipeline(false, true);
  for (const TextProblem& problem : problems)
    if (problem.severity == base::Severity::error)
      p.fail(out.text_span, problem.code, problem.message + " (inside foreach)", problem.hint);
  return out;
}

}  // namespace verbs
}  // namespace escudo::spl

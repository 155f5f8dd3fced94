// sort [N] [+|-]KEY …; dedup [N] FIELDS [sortby KEYS]; reverse
#include "event/value.hpp"
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

namespace {

std::vector<SortKey> sort_keys(Parser& p) {
  std::vector<SortKey> keys;
  bool pending_descending = false;
  p.skip_commas();
  while (!p.failed() && !p.at_end()) {
    const Token token = p.peek();
    if (token.is_word("-") || token.is_word("+")) {
      pending_descending = token.is_word("-");
      p.take();
      continue;
    }
    if (token.is_word("desc") || token.is_word("d")) {   // trailing `desc` turns every key round
      p.take();
      for (SortKey& key : keys) key.descending = !key.descending;
      continue;
    }
    SortKey key;
    key.descending = pending_descending;
    std::string text = p.name_token();
    if (p.failed()) break;
    if (token.is(TokenKind::word) && text.size() > 1 && (text[0] == '-' || text[0] == '+')) {
      key.descending = text[0] == '-';
      text.erase(0, 1);
    }
    if (p.peek().is(TokenKind::left_paren) && (text == "num" || text == "str" || text == "ip" || text == "auto")) {
      p.take();
      key.as = text == "num" ? SortKey::As::number : text == "str" ? SortKey::As::text
               : text == "ip" ? SortKey::As::ip : SortKey::As::automatic;
      text = p.name_token();
      if (!p.expect(TokenKind::right_paren, "`)`")) break;
    }
    key.field = std::move(text);
    keys.push_back(std::move(key));
    pending_descending = false;
    p.skip_commas();
  }
  return keys;
}

}  // namespace

Verb parse_sort(Parser& p) {
  Sort out;
  std::string name;
  Token value;
  if (p.option(name, value)) {
    if (name == "limit") out.limit = p.integer(value);
    else p.fail(value.span, "unknown-option", "sort has no option " + name);
  } else if (p.peek().is(TokenKind::word)) {
    if (auto n = event::parse_number(p.peek().text); n && *n >= 0) {
      out.limit = static_cast<std::int64_t>(*n);
      p.take();
    }
  }
  if (!p.failed()) out.keys = sort_keys(p);
  if (!p.failed() && out.keys.empty()) p.fail(p.peek().span, "syntax", "sort names no field");
  return out;
}

Verb parse_dedup(Parser& p) {
  Dedup out;
  Parser::Clauses clauses(p, {"sortby"});
  if (p.peek().is(TokenKind::word)) {
    if (auto n = event::parse_number(p.peek().text); n && *n >= 1) {
      out.keep = static_cast<std::int64_t>(*n);
      p.take();
    }
  }
  p.skip_commas();
  while (!p.failed() && !p.at_end() && !p.is_clause_word(p.peek())) {
    std::string name;
    Token value;
    if (p.option(name, value)) {
      if (name == "keepempty") out.keep_empty = p.boolean(value);
      else if (name == "keepevents") out.keep_events = p.boolean(value);
      else if (name == "consecutive") out.consecutive = p.boolean(value);
      else p.fail(value.span, "unknown-option", "dedup has no option " + name);
    } else {
      out.fields.push_back(p.name_token());
    }
    p.skip_commas();
  }
  if (!p.failed() && p.accept_word("sortby")) out.sort_by = sort_keys(p);
  if (!p.failed() && out.fields.empty()) p.fail(p.peek().span, "syntax", "dedup names no field");
  return out;
}

Verb parse_reverse(Parser&) { return Reverse{}; }

}  // namespace escudo::spl::verbs

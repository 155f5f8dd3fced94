// xmlkv: each <tag>text</tag> of a text becomes the field `tag`; tags that hold other tags do not
// count, repeated ones give several values, and what is empty gives none. Entities in the text are
// decoded. It looks for tags and does not parse, so a torn document still gives what it has.
#include <cstdint>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "pipeline/ops/data_columns.hpp"
#include "pipeline/ops/ops.hpp"
#include "pipeline/ops/spath.hpp"

namespace escudo::pipeline {
namespace {

// &#65; and &#x41;; false when it is none.
bool append_numbered(std::string& out, std::string_view digits) {
  const bool hex = digits.starts_with('x') || digits.starts_with('X');
  if (hex) digits.remove_prefix(1);
  if (digits.empty() || digits.size() > 7) return false;
  std::uint32_t code = 0;
  for (const char c : digits) {
    const char l = base::ascii_lower(c);
    if (base::is_digit(l))
      code = code * (hex ? 16 : 10) + static_cast<std::uint32_t>(l - '0');
    else if (hex && l >= 'a' && l <= 'f')
      code = code * 16 + static_cast<std::uint32_t>(l - 'a' + 10);
    else
      return false;
  }
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
  base::append_utf8(out, code);
  return true;
}

std::string decoded(std::string_view text) {
  static constexpr std::pair<std::string_view, char> names[] = {
      {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"amp", '&'}};
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end =
        text[at] == '&' ? text.substr(at, 12).find(';') : std::string_view::npos;
    if (end == std::string_view::npos) {
      out += text[at++];
      continue;
    }
    const std::string_view inside = text.substr(at + 1, end - 1);
    bool known = inside.starts_with('#') && append_numbered(out, inside.substr(1));
    for (const auto& [name, c] : names)
      if (!known && inside == name) {
        out += c;
        known = true;
      }
    if (!known) out += text.substr(at, end + 1);
    at += end + 1;
  }
  return out;
}

void find_tags(std::string_view text, spath::Leaves& out) {
  std::size_t open = text.find('<');
  while (open != std::string_view::npos) {
    if (text.substr(open).starts_with("<!--")) {
      const std::size_t end = text.find("-->", open + 4);
      if (end == std::string_view::npos) return;
      open = text.find('<', end);
      continue;
    }
    const std::size_t close = text.find('>', open);
    if (close == std::string_view::npos) return;
    const std::string_view tag = text.substr(open + 1, close - open - 1);
    const std::size_t next = text.find('<', close);
    if (next == std::string_view::npos) return;
    const std::string_view name = tag.substr(0, tag.find_first_of(" \t\r\n/"));
    const std::string_view end = text.substr(next);
    const bool opens =
        !name.empty() && name.front() != '?' && name.front() != '!' && !tag.ends_with('/');
    if (opens && next > close + 1 && end.size() > name.size() + 2 && end.starts_with("</") &&
        end.substr(2, name.size()) == name &&
        base::trim(end.substr(2 + name.size())).starts_with('>'))
      out.add(name, decoded(text.substr(close + 1, next - close - 1)));
    open = next;
  }
}

class XmlKv final : public Operator {
 public:
  XmlKv(std::string field, const Context& context)
      : field_(std::move(field)), context_(&context), data_columns_("xmlkv", context) {}

  Table push(Table rows) override {
    const std::size_t source = rows.find(field_);
    if (source == Table::npos) return rows;
    for (Row& row : rows.rows) {
      spath::Leaves leaves;
      for (const std::string& text : row.cells[source].values()) {
        if (text.size() <= context_->limits.document_bytes)
          find_tags(text, leaves);
        else
          context_->say("xmlkv: a very long value was left alone");
      }
      for (auto& [name, values] : leaves.all()) {
        const std::size_t column = data_columns_.column(rows, name);
        if (column != Table::npos) row.cells[column] = Value::many(std::move(values));
      }
    }
    return rows;
  }

 private:
  std::string field_;
  const Context* context_;
  DataColumns data_columns_;
};

}  // namespace

OperatorPtr make_xmlkv(const spl::XmlKv& verb, const Build& build) {
  return std::make_unique<XmlKv>(verb.field, build.context);
}

}  // namespace escudo::pipeline

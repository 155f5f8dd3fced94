#include "base/yaml.hpp"

#include <algorithm>
#include <charconv>

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/yaml_document.hpp"
#include "base/yaml_scalar.hpp"

namespace escudo::base {
namespace {

constexpr std::uint64_t largest_file = 16u << 20;
const std::string nothing;

std::string sentence(const Diagnostics& problems) {
  const Diagnostic& d = problems.back();
  const std::string place = d.place();
  std::string out = place.empty() ? d.message : place + ": " + d.message;
  if (!d.hint.empty()) out += " (" + d.hint + ")";
  return out;
}

}  // namespace

std::optional<Yaml> Yaml::parse(std::string_view text, std::string file, Diagnostics& problems) {
  auto document = std::make_shared<YamlDocument>();
  document->file = std::move(file);
  document->source = text;
  if (auto problem = parse_yaml(*document)) {
    problems.push_back(std::move(*problem));
    return {};
  }
  const YamlNode* root = document->root;
  return Yaml(std::move(document), root);
}

Result<Yaml> Yaml::parse(std::string_view text, std::string file) {
  Diagnostics problems;
  if (auto yaml = parse(text, std::move(file), problems)) return std::move(*yaml);
  return Error{sentence(problems)};
}

std::optional<Yaml> Yaml::read_file(const std::string& path, Diagnostics& problems) {
  auto text = base::read_file(path, largest_file);
  if (text) return parse(*text, path, problems);
  Diagnostic d;
  d.code = "unreadable-file";
  d.message = text.error();
  problems.push_back(std::move(d));
  return {};
}

Result<Yaml> Yaml::read_file(const std::string& path) {
  Diagnostics problems;
  if (auto yaml = read_file(path, problems)) return std::move(*yaml);
  return Error{sentence(problems)};
}

Yaml::operator bool() const { return node_ && node_->kind != YamlKind::null; }
bool Yaml::is_map() const { return node_ && node_->kind == YamlKind::map; }
bool Yaml::is_list() const { return node_ && node_->kind == YamlKind::list; }
bool Yaml::is_scalar() const { return node_ && node_->kind == YamlKind::scalar; }
bool Yaml::quoted() const { return node_ && node_->quoted; }

Yaml Yaml::operator[](std::string_view key) const {
  if (is_map()) {
    for (const YamlNode* child = node_->first; child; child = child->next) {
      if (child->key->text == key) return sibling(child);
    }
  }
  return {};
}

std::vector<Yaml> Yaml::items() const {
  std::vector<Yaml> out;
  if (is_scalar()) out.push_back(*this);
  if (is_list()) {
    out.reserve(node_->size);
    for (const YamlNode* child = node_->first; child; child = child->next) {
      out.push_back(sibling(child));
    }
  }
  return out;
}

std::vector<std::pair<std::string, Yaml>> Yaml::members() const {
  std::vector<std::pair<std::string, Yaml>> out;
  if (is_map()) {
    out.reserve(node_->size);
    for (const YamlNode* child = node_->first; child; child = child->next) {
      out.emplace_back(child->key->text, sibling(child));
    }
  }
  return out;
}

Yaml Yaml::key() const { return node_ && node_->key ? sibling(node_->key) : Yaml(); }

std::string Yaml::text() const { return is_scalar() ? std::string(node_->text) : std::string(); }

std::string Yaml::text_or(std::string_view fallback) const {
  return std::string(is_scalar() ? node_->text : fallback);
}

std::optional<double> Yaml::number() const {
  if (!is_scalar()) return {};
  const std::string_view text = trim(node_->text);
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  // from_chars would also take "inf" and "nan".
  if (digits.empty() || !(is_digit(digits.front()) || digits.front() == '.')) return {};
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return {};
  return number;
}

bool Yaml::boolean(bool fallback) const {
  if (!is_scalar()) return fallback;
  const std::string word = to_lower(trim(node_->text));
  if (word == "true" || word == "yes" || word == "on") return true;
  if (word == "false" || word == "no" || word == "off") return false;
  return fallback;
}

std::vector<std::string> Yaml::strings() const {
  std::vector<std::string> out;
  for (const Yaml& item : items()) out.push_back(item.text());
  return out;
}

std::uint32_t Yaml::line() const {
  if (!node_) return 0;
  const auto& starts = document_->line_starts;
  const auto after = std::ranges::upper_bound(starts, node_->begin);
  return static_cast<std::uint32_t>(after - starts.begin());
}

std::uint32_t Yaml::column() const {
  return node_ ? node_->begin - document_->line_starts[line() - 1] + 1 : 0;
}

const std::string& Yaml::file() const { return document_ ? document_->file : nothing; }
const std::string& Yaml::source() const { return document_ ? document_->source : nothing; }

Diagnostic Yaml::complain_about(Span in_source, std::string code, std::string message,
                                std::string hint) const {
  Diagnostic d;
  d.code = std::move(code);
  d.message = std::move(message);
  d.hint = std::move(hint);
  d.file = file();
  if (node_) locate(d, document_->source, in_source);
  return d;
}

Diagnostic Yaml::complain(std::string code, std::string message, std::string hint) const {
  Span span;
  if (node_) span = {node_->begin, node_->begin};
  if (is_scalar()) {
    const std::string& source = document_->source;
    const Span all{0, static_cast<std::uint32_t>(node_->text.size())};
    const ScalarStyle style = scalar_style(source, node_->begin);
    if (style == ScalarStyle::plain) {
      span = written_as(source, node_->begin, node_->text, all).value_or(span);
    } else if (style != ScalarStyle::block) {
      const auto end = end_of_quoted(source, node_->begin);
      span.end = static_cast<std::uint32_t>(end.value_or(span.begin));
    }
  }
  return complain_about(span, std::move(code), std::move(message), std::move(hint));
}

Diagnostic Yaml::complain_at(Span within_text, std::string code, std::string message,
                             std::string hint) const {
  std::optional<Span> span;
  if (is_scalar()) {
    span = written_as(document_->source, node_->begin, node_->text, within_text);
  }
  if (!span) return complain(std::move(code), std::move(message), std::move(hint));
  return complain_about(*span, std::move(code), std::move(message), std::move(hint));
}

}  // namespace escudo::base

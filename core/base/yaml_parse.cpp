// The library's events become nodes here, and whatever it throws becomes a diagnostic. Fuzzed by
// tests/fuzz/yaml.cpp.

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <streambuf>
#include <unordered_set>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "base/yaml_document.hpp"
#include "base/yaml_scalar.hpp"

namespace escudo::base {
namespace {

constexpr std::size_t most_bytes = 16u << 20;
constexpr std::size_t most_bytes_a_value = 1u << 20;
constexpr std::size_t most_levels = 64;
// Every node costs about 100 bytes, so a hostile file costs 100 MB at most.
constexpr std::size_t most_nodes = 1'000'000;

constexpr const char* alias_message = "anchors and aliases are not allowed";
constexpr const char* alias_hint = "a value that begins with * or & needs quotes";

// Some versions of the library give the escapes \N and \_ as one byte of Latin-1. The source is
// valid UTF-8, so no other byte can be wrong.
std::string repaired(std::string_view value) {
  std::string out;
  for (std::size_t at = 0; at < value.size();) {
    const Utf8Char c = decode_utf8(value, at);
    if (c.valid) {
      out += value.substr(at, c.bytes);
    } else {
      append_utf8(out, static_cast<unsigned char>(value[at]));
    }
    at += c.bytes;
  }
  return out;
}

// Thrown by the handler through the library, caught at the call.
struct Refusal {
  std::size_t at;
  std::string code, message, hint;
};

// The bytes on their way into the library. Tokens that may yet turn out to belong to a key, `[[[[`
// for one, are kept by it, up to 240 bytes for a character, before it tells of any: so what it may
// read without telling of a value is bounded.
class Input final : public std::streambuf {
 public:
  explicit Input(std::string& source) {
    setg(source.data(), source.data(), source.data() + source.size());
  }

  void told_of(std::size_t at) {
    last_value_ = at;
    read_ = static_cast<std::size_t>(gptr() - eback());
  }

 protected:
  std::streamsize xsgetn(char* to, std::streamsize n) override {
    if (static_cast<std::size_t>(gptr() - eback()) - read_ > most_bytes_a_value) {
      throw Refusal{last_value_, "yaml-limit", "no value ends within 1 MiB from here", {}};
    }
    return std::streambuf::xsgetn(to, n);
  }

 private:
  std::size_t last_value_ = 0, read_ = 0;
};

class Builder final : public YAML::EventHandler {
 public:
  Builder(YamlDocument& document, Input& input) : document_(document), input_(input) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (document_.root) {
      refuse(mark, "yaml-syntax", "a second document begins here",
             "split the file: one document a file");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlNode& node = add(mark, anchor, YamlKind::null);
    // As a key, null is a word like any other.
    const std::string_view rest = std::string_view(document_.source).substr(node.begin);
    for (const std::string_view word : {"null", "Null", "NULL", "~"}) {
      if (rest.starts_with(word)) node.text = word;
    }
    // The library puts a value that is not there at what follows it: it belongs to its key's colon.
    if (const auto colon = colon_before(node); colon && node.text.empty()) node.begin = *colon;
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "yaml-alias", alias_message, alias_hint);
  }

  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode& node = add(mark, anchor, YamlKind::scalar);
    node.text = value;
    const ScalarStyle style = scalar_style(document_.source, node.begin);
    node.quoted = style != ScalarStyle::plain;
    if (style == ScalarStyle::double_quoted && !is_utf8(value)) node.text = repaired(value);
    if ((style == ScalarStyle::single_quoted || style == ScalarStyle::double_quoted) &&
        !end_of_quoted(document_.source, node.begin)) {
      refuse(mark, "yaml-syntax", "the quote that begins here is not closed");
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(add(mark, anchor, YamlKind::list), false);
  }
  void OnSequenceEnd() override { open_.pop_back(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(add(mark, anchor, YamlKind::map), style == YAML::EmitterStyle::Block);
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  // A list or map that is being filled.
  struct Open {
    YamlNode* node;
    bool block_map;
    const YamlNode* key = nullptr;  // of the value that comes next
    std::unordered_set<std::string_view> keys;
  };

  [[noreturn]] static void refuse(const YAML::Mark& mark, std::string code, std::string message,
                                  std::string hint = {}) {
    throw Refusal{static_cast<std::size_t>(std::max(mark.pos, 0)), std::move(code),
                  std::move(message), std::move(hint)};
  }

  YamlNode& add(const YAML::Mark& mark, YAML::anchor_t anchor, YamlKind kind) {
    if (anchor != YAML::NullAnchor) refuse(mark, "yaml-alias", alias_message, alias_hint);
    if (document_.nodes.size() == most_nodes) {
      refuse(mark, "yaml-limit", "the document has more than a million values");
    }
    YamlNode& node = document_.nodes.emplace_back();
    node.kind = kind;
    const std::size_t begin = std::clamp<std::size_t>(mark.pos < 0 ? 0 : mark.pos, 0,
                                                      document_.source.size());
    node.begin = static_cast<std::uint32_t>(skip_tags(document_.source, begin));
    input_.told_of(begin);
    attach(node, mark);
    return node;
  }

  void attach(YamlNode& node, const YAML::Mark& mark) {
    if (open_.empty()) {
      document_.root = &node;
      return;
    }
    Open& parent = open_.back();
    if (parent.node->kind == YamlKind::map && !parent.key) {
      if (node.kind == YamlKind::list || node.kind == YamlKind::map) {
        refuse(mark, "yaml-syntax", "a key must be plain text",
               "a value that begins with [ or { needs quotes");
      }
      parent.key = &node;
      return;
    }
    if (parent.node->kind == YamlKind::map) {
      node.key = parent.key;
      if (!parent.keys.insert(parent.key->text).second) {
        throw Refusal{parent.key->begin, "yaml-duplicate-key",
                      "this map has the same key twice", "remove one of the two"};
      }
      parent.key = nullptr;
    }
    parent.node->children.push_back(&node);
  }

  void open(YamlNode& node, bool block_map) {
    open_.push_back({&node, block_map, nullptr, {}});
    if (open_.size() > most_levels) {
      throw Refusal{node.begin, "yaml-limit", "more than 64 levels of lists and maps", {}};
    }
  }

  // Where the colon stands that makes `value` a value; refuses when there is none, for the library
  // takes a lone word at a map's end for a key without a value.
  std::optional<std::uint32_t> colon_before(const YamlNode& value) const {
    const YamlNode* key = value.key;
    if (!key || key->kind != YamlKind::scalar || !open_.back().block_map) return {};
    const std::string_view source = document_.source;
    const std::string_view before = source.substr(0, key->begin);
    if (trim(before.substr(before.rfind('\n') + 1)).ends_with('?')) return {};
    const Span all{0, static_cast<std::uint32_t>(key->text.size())};
    std::size_t end = key->begin;
    if (const auto written = written_as(source, key->begin, key->text, all)) end = written->end;
    if (key->quoted) end = end_of_quoted(source, key->begin).value_or(end);
    end = source.find_first_not_of(" \t", end);
    if (end == std::string_view::npos || source[end] != ':') {
      throw Refusal{key->begin, "yaml-syntax", "a key or `- ` is expected here",
                    "is a colon missing, or the indentation of a longer text?"};
    }
    return static_cast<std::uint32_t>(end);
  }

  YamlDocument& document_;
  Input& input_;
  std::vector<Open> open_;
};

// Characters that YAML forbids. The library would stop at some of them as if the file ended there.
std::optional<Refusal> check_characters(std::string_view s) {
  for (std::size_t at = 0; at < s.size();) {
    const Utf8Char c = decode_utf8(s, at);
    if (!c.valid) {
      return Refusal{at, "yaml-encoding", "this byte is not UTF-8", "save the file as UTF-8"};
    }
    const bool allowed = c.code >= 0x20 ? c.code != 0x7F && c.code != 0xFFFE && c.code != 0xFFFF
                                        : c.code == '\t' || c.code == '\n' || c.code == '\r';
    if (!allowed) {
      return Refusal{at, "yaml-encoding", "a control character stands here",
                     "write it as an escape in double quotes"};
    }
    at += c.bytes;
  }
  return {};
}

Refusal from_library(const YAML::Exception& e, std::string_view source) {
  const std::size_t at =
      e.mark.is_null() ? source.size()
                       : std::min<std::size_t>(std::max(e.mark.pos, 0), source.size());
  const bool alias = (at < source.size() && (source[at] == '*' || source[at] == '&')) ||
                     (at > 0 && (source[at - 1] == '*' || source[at - 1] == '&'));
  if (alias) return {at, "yaml-alias", alias_message, alias_hint};
  std::string hint;
  if (e.msg == "illegal map value") hint = "a value that holds `: ` needs quotes";
  return {at, "yaml-syntax", "this is not YAML: " + e.msg, std::move(hint)};
}

std::optional<Refusal> build(YamlDocument& document) {
  std::string& source = document.source;
  if (source.size() > most_bytes) {
    return Refusal{0, "yaml-limit", "the file is larger than 16 MiB", {}};
  }
  if (source.starts_with("\xFF\xFE") || source.starts_with("\xFE\xFF")) {
    return Refusal{0, "yaml-encoding", "the file is UTF-16", "save the file as UTF-8"};
  }
  if (auto bad = check_characters(source)) return bad;
  try {
    Input input(source);
    std::istream in(&input);
    YAML::Parser parser(in);
    Builder builder(document, input);
    while (parser.HandleNextDocument(builder)) {
    }
    return {};
  } catch (Refusal& refusal) {
    return std::move(refusal);
  } catch (const YAML::Exception& e) {
    return from_library(e, source);
  } catch (const std::exception& e) {
    return Refusal{0, "yaml-syntax", std::string("this cannot be read as YAML: ") + e.what(), {}};
  }
}

}  // namespace

std::optional<Diagnostic> parse_yaml(YamlDocument& document) {
  if (document.source.starts_with("\xEF\xBB\xBF")) document.source.erase(0, 3);
  auto refusal = build(document);
  if (!refusal) {
    document.line_starts.push_back(0);
    for (std::size_t at = 0; (at = document.source.find('\n', at)) != std::string::npos;) {
      document.line_starts.push_back(static_cast<std::uint32_t>(++at));
    }
    if (!document.root) document.root = &document.nodes.emplace_back();
    return {};
  }
  Diagnostic d;
  d.code = std::move(refusal->code);
  d.message = std::move(refusal->message);
  d.hint = std::move(refusal->hint);
  d.file = document.file;
  const auto at = static_cast<std::uint32_t>(std::min(refusal->at, document.source.size()));
  if (document.source.size() <= most_bytes) locate(d, document.source, {at, at});
  return d;
}

}  // namespace escudo::base

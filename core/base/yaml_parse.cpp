// The library's events become nodes here, and its errors diagnostics. Fuzzed by tests/fuzz/yaml.cpp.
//
// libyaml reads YAML 1.1. It keeps at most 1024 characters of tokens back to see whether they are a
// key, and one value; its time is linear in the input but for %TAG lines, which it compares with
// each other, so that these are counted beforehand.

#include <yaml.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "base/yaml_document.hpp"
#include "base/yaml_scalar.hpp"

namespace escudo::base {
namespace {

constexpr std::size_t most_bytes = 16u << 20;
constexpr std::size_t most_levels = 64;
// Every node costs about 100 bytes, so a hostile file costs 100 MB at most.
constexpr std::size_t most_nodes = 1'000'000;
constexpr std::size_t most_tag_lines = 16;

struct Refusal {
  std::size_t at = 0;
  std::string code, message, hint;
};

Refusal alias_at(std::size_t at) {
  return {at, "yaml-alias", "anchors and aliases are not allowed",
          "a value that begins with * or & needs quotes"};
}

// From the library's count of characters to bytes. Marks come in order, nearly.
class Places {
 public:
  explicit Places(std::string_view source) : source_(source), ascii_(is_ascii(source)) {}

  std::size_t byte(std::size_t character) {
    if (ascii_) return std::min(character, source_.size());
    if (character < character_) character_ = byte_ = 0;
    while (character_ < character && byte_ < source_.size()) {
      byte_ += decode_utf8(source_, byte_).bytes;
      ++character_;
    }
    return byte_;
  }
  std::size_t byte(const yaml_mark_t& mark) { return byte(mark.index); }

 private:
  std::string_view source_;
  bool ascii_;
  std::size_t character_ = 0, byte_ = 0;
};

class Parser {
 public:
  explicit Parser(std::string_view source) : good_(yaml_parser_initialize(&parser_) == 1) {
    if (!good_) return;
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(source.data()),
                                 source.size());
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() {
    yaml_event_delete(&event_);
    if (good_) yaml_parser_delete(&parser_);
  }

  // The next event, valid until the next call; null where the library gives up.
  const yaml_event_t* next() {
    yaml_event_delete(&event_);
    return good_ && yaml_parser_parse(&parser_, &event_) == 1 ? &event_ : nullptr;
  }

  Refusal error(std::string_view source, Places& places) const {
    if (!good_ || parser_.error == YAML_MEMORY_ERROR) {
      return {0, "yaml-limit", "there is not enough memory to read this", {}};
    }
    if (parser_.error == YAML_READER_ERROR) {
      return {parser_.problem_offset, "yaml-encoding", std::string("this is not YAML: ") + problem(),
              {}};
    }
    const std::size_t at = places.byte(parser_.problem_mark);
    const bool alias = (at < source.size() && (source[at] == '*' || source[at] == '&')) ||
                       (at > 0 && (source[at - 1] == '*' || source[at - 1] == '&'));
    if (alias) return alias_at(at);
    // What was left open is to be blamed, not the place where that was seen.
    const std::string_view context = parser_.context ? parser_.context : "";
    const std::string_view what = problem();
    const std::size_t begin = places.byte(parser_.context_mark);
    if (context == "while scanning a simple key") {
      return {begin, "yaml-syntax", "a key or `- ` is expected here",
              "is a colon missing, or the indentation of a longer text?"};
    }
    if (context == "while scanning a quoted scalar" && what.starts_with("found unexpected")) {
      return {begin, "yaml-syntax", "the quote that begins here is not closed", {}};
    }
    return {at, "yaml-syntax", "this is not YAML: " + std::string(what), hint(source, at)};
  }

 private:
  const char* problem() const { return parser_.problem ? parser_.problem : "unknown error"; }

  std::string hint(std::string_view source, std::size_t at) const {
    const std::string_view what = problem();
    if (what == "mapping values are not allowed in this context") {
      return "a value that holds `: ` needs quotes";
    }
    if (what != "found character that cannot start any token" || at >= source.size()) return {};
    if (source[at] == '\t') return "indentation is made of spaces";
    return std::string("a value that begins with ") + source[at] + " needs quotes";
  }

  yaml_parser_t parser_{};
  yaml_event_t event_{};
  bool good_;
};

class Builder {
 public:
  Builder(YamlDocument& document, Places& places) : document_(document), places_(places) {}

  std::optional<Refusal> take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        if (!document_.root) return {};
        return Refusal{places_.byte(event.start_mark), "yaml-syntax",
                       "a second document begins here", "split the file: one document a file"};
      case YAML_ALIAS_EVENT: return alias_at(places_.byte(event.start_mark));
      case YAML_SCALAR_EVENT: return scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        return open(event, YamlKind::list, event.data.sequence_start.anchor);
      case YAML_MAPPING_START_EVENT:
        return open(event, YamlKind::map, event.data.mapping_start.anchor);
      case YAML_SEQUENCE_END_EVENT: open_.pop_back(); return {};
      case YAML_MAPPING_END_EVENT: return close_map();
      default: return {};
    }
  }

 private:
  // A list or map that is being filled.
  struct Open {
    YamlNode* node;
    YamlNode* last = nullptr;       // of its children
    const YamlNode* key = nullptr;  // of the value that comes next
  };

  std::optional<Refusal> scalar(const yaml_event_t& event) {
    const auto& data = event.data.scalar;
    const std::string_view value(reinterpret_cast<const char*>(data.value), data.length);
    const bool plain = data.style == YAML_PLAIN_SCALAR_STYLE;
    const std::size_t at = places_.byte(event.start_mark);
    const bool tagged = at < document_.source.size() && document_.source[at] == '!';
    const bool null = plain && !tagged &&
                      (value.empty() || value == "~" || value == "null" || value == "Null" ||
                       value == "NULL");
    YamlNode node;
    node.kind = null ? YamlKind::null : YamlKind::scalar;
    node.quoted = !plain;
    node.begin = content(value.empty() && null ? absent_at(at) : at);
    node.text = kept(value, node.begin + (plain ? 0 : 1));
    return add(node, event, data.anchor);
  }

  // A value that is not there belongs to the colon or the dash before it.
  std::size_t absent_at(std::size_t at) const {
    const std::string_view source = document_.source;
    const std::size_t before = source.substr(0, at).find_last_not_of(" \t\r\n");
    const bool found = before != std::string_view::npos &&
                       (source[before] == ':' || source[before] == '-');
    return found ? before : at;
  }

  // The value as it stands in the source, if it does, at or after `at`: most do.
  std::string_view kept(std::string_view value, std::size_t at) {
    const std::string_view source = document_.source;
    const std::string_view written = source.substr(std::min(at, source.size()), value.size());
    return written == value ? written : document_.texts.copy(value);
  }

  std::uint32_t content(std::size_t at) const {
    return static_cast<std::uint32_t>(skip_tags(document_.source, at));
  }

  std::optional<Refusal> open(const yaml_event_t& event, YamlKind kind,
                              const yaml_char_t* anchor) {
    YamlNode node;
    node.kind = kind;
    node.begin = content(places_.byte(event.start_mark));
    if (auto refusal = add(node, event, anchor)) return refusal;
    open_.push_back({&document_.nodes.back()});
    if (open_.size() > most_levels) {
      return Refusal{node.begin, "yaml-limit", "more than 64 levels of lists and maps", {}};
    }
    return {};
  }

  // The node is the last of the document's then.
  std::optional<Refusal> add(const YamlNode& as, const yaml_event_t& event,
                             const yaml_char_t* anchor) {
    if (anchor) return alias_at(places_.byte(event.start_mark));
    if (document_.nodes.size() == most_nodes) {
      return Refusal{as.begin, "yaml-limit", "the document has more than a million values", {}};
    }
    YamlNode& node = document_.nodes.emplace_back(as);
    if (open_.empty()) {
      document_.root = &node;
      return {};
    }
    Open& parent = open_.back();
    if (parent.node->kind == YamlKind::map) {
      if (!parent.key) {
        parent.key = &node;
        if (node.kind == YamlKind::null || node.kind == YamlKind::scalar) return {};
        return Refusal{node.begin, "yaml-syntax", "a key must be plain text",
                       "a value that begins with [ or { needs quotes"};
      }
      node.key = parent.key;
      parent.key = nullptr;
    }
    (parent.last ? parent.last->next : parent.node->first) = &node;
    parent.last = &node;
    ++parent.node->size;
    return {};
  }

  std::optional<Refusal> close_map() {
    const YamlNode* map = open_.back().node;
    open_.pop_back();
    keys_.clear();
    for (const YamlNode* child = map->first; child; child = child->next) {
      keys_.push_back(child->key);
    }
    std::ranges::sort(keys_, [](const YamlNode* a, const YamlNode* b) {
      return a->text != b->text ? a->text < b->text : a->begin < b->begin;
    });
    const YamlNode* twice = nullptr;
    for (std::size_t i = 1; i < keys_.size(); ++i) {
      const bool same = keys_[i]->text == keys_[i - 1]->text;
      if (same && (!twice || keys_[i]->begin < twice->begin)) twice = keys_[i];
    }
    if (!twice) return {};
    return Refusal{twice->begin, "yaml-duplicate-key", "this map has the same key twice",
                   "remove one of the two"};
  }

  YamlDocument& document_;
  Places& places_;
  std::vector<Open> open_;
  std::vector<const YamlNode*> keys_;  // of the map that is closed
};

// Characters that YAML forbids, and those that YAML 1.1 takes for line breaks and 1.2 does not: a
// comment, or a plain value, would end at them.
std::optional<Refusal> check_characters(std::string_view s) {
  for (std::size_t at = 0; at < s.size();) {
    if (s[at] >= 0x20 && s[at] < 0x7F) {
      ++at;
      continue;
    }
    const Utf8Char c = decode_utf8(s, at);
    if (!c.valid) {
      return Refusal{at, "yaml-encoding", "this byte is not UTF-8", "save the file as UTF-8"};
    }
    if (c.code == 0x85 || c.code == 0x2028 || c.code == 0x2029) {
      return Refusal{at, "yaml-encoding", "a line separator that is no line feed stands here",
                     "write it as \\N, \\L or \\P in double quotes"};
    }
    const bool allowed = c.code >= 0xA0 ? c.code != 0xFFFE && c.code != 0xFFFF
                                        : c.code == '\t' || c.code == '\n' || c.code == '\r';
    if (!allowed) {
      return Refusal{at, "yaml-encoding", "a control character stands here",
                     "write it as an escape in double quotes"};
    }
    at += c.bytes;
  }
  return {};
}

std::optional<Refusal> check_tag_lines(std::string_view s) {
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = s.find("%TAG", at)) != std::string_view::npos; ++at) {
    const bool begins = at == 0 || s[at - 1] == '\n' || s[at - 1] == '\r';
    if (begins && ++lines > most_tag_lines) {
      return Refusal{at, "yaml-limit", "more than 16 lines begin with %TAG", {}};
    }
  }
  return {};
}

std::optional<Refusal> build(YamlDocument& document) {
  const std::string_view source = document.source;
  if (source.size() > most_bytes) {
    return Refusal{0, "yaml-limit", "the file is larger than 16 MiB", {}};
  }
  if (source.starts_with("\xFF\xFE") || source.starts_with("\xFE\xFF")) {
    return Refusal{0, "yaml-encoding", "the file is UTF-16", "save the file as UTF-8"};
  }
  if (auto bad = check_characters(source)) return bad;
  if (auto bad = check_tag_lines(source)) return bad;
  Places places(source);
  Parser parser(source);
  Builder builder(document, places);
  for (;;) {
    const yaml_event_t* event = parser.next();
    if (!event) return parser.error(source, places);
    if (event->type == YAML_STREAM_END_EVENT) return {};
    if (auto refusal = builder.take(*event)) return refusal;
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

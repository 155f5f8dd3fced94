// spath and xmlkv.
#include <pugixml.hpp>

#include <algorithm>
#include <sstream>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "interpreter.hpp"
#include "pattern.hpp"

namespace escudo::twin {
namespace {

struct Malformed {};

// JSON that keeps numbers as they were written.
struct Json {
  enum class Kind { text, literal, object, array } kind = Kind::literal;
  std::string text;   // of a text: decoded; of a number, true, false, null: as written
  struct Member;
  std::vector<Member> members;   // of an array: without names
};
struct Json::Member {
  std::string name;
  Json value;
};

class JsonReader {
 public:
  explicit JsonReader(const std::string& text) : s_(text) {}
  Json document() {
    const Json out = value(0);
    blanks();
    if (at_ != s_.size()) throw Malformed{};
    return out;
  }

 private:
  void blanks() {
    while (at_ < s_.size() && std::string_view(" \t\r\n").find(s_[at_]) != std::string_view::npos) ++at_;
  }
  char next() {
    blanks();
    if (at_ >= s_.size()) throw Malformed{};
    return s_[at_];
  }
  void expect(char c) {
    if (next() != c) throw Malformed{};
    ++at_;
  }
  std::string string() {
    expect('"');
    std::string out;
    for (;; ++at_) {
      if (at_ >= s_.size() || static_cast<unsigned char>(s_[at_]) < 0x20) throw Malformed{};
      if (s_[at_] == '"') break;
      if (s_[at_] != '\\') {
        out += s_[at_];
        continue;
      }
      if (++at_ >= s_.size()) throw Malformed{};
      const std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
      if (const std::size_t k = from.find(s_[at_]); k != std::string_view::npos) {
        out += to[k];
      } else if (s_[at_] == 'u') {
        std::uint32_t code = four();
        if (code >= 0xD800 && code < 0xDC00) {
          if (s_.compare(at_ + 1, 2, "\\u") != 0) throw Malformed{};
          at_ += 2;
          const std::uint32_t low = four();
          if (low < 0xDC00 || low > 0xDFFF) throw Malformed{};
          code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        } else if (code >= 0xDC00 && code < 0xE000) {
          throw Malformed{};
        }
        base::append_utf8(out, code);
      } else {
        throw Malformed{};
      }
    }
    ++at_;
    return out;
  }
  std::uint32_t four() {
    std::uint32_t code = 0;
    for (int k = 0; k < 4; ++k) {
      const std::size_t digit = ++at_ < s_.size() ? std::string_view("0123456789abcdef").find(base::ascii_lower(s_[at_])) : std::string_view::npos;
      if (digit == std::string_view::npos) throw Malformed{};
      code = code * 16 + static_cast<std::uint32_t>(digit);
    }
    return code;
  }
  Json value(int depth) {
    if (depth > 100) throw Malformed{};
    Json out;
    const char c = next();
    if (c == '"') {
      out.kind = Json::Kind::text;
      out.text = string();
    } else if (c == '{' || c == '[') {
      out.kind = c == '{' ? Json::Kind::object : Json::Kind::array;
      const char end = c == '{' ? '}' : ']';
      ++at_;
      if (next() == end) {
        ++at_;
        return out;
      }
      for (;;) {
        std::string name;
        if (c == '{') {
          (void)next();
          name = string();
          expect(':');
        }
        out.members.push_back({name, value(depth + 1)});
        const char after = next();
        ++at_;
        if (after == end) break;
        if (after != ',') throw Malformed{};
      }
    } else {
      static const Pattern literal("^(?:-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null)");
      const auto found = literal.matches(s_.substr(at_), 1);
      if (found.empty()) throw Malformed{};
      out.text = found[0][0].text;
      at_ += out.text.size();
    }
    return out;
  }
  const std::string& s_;
  std::size_t at_ = 0;
};

using Leaves = std::map<std::string, Value::Many>;

void leaves(const Json& json, const std::string& path, Leaves& out) {
  if (json.kind == Json::Kind::text || json.kind == Json::Kind::literal) {
    if (!path.empty()) out[path].push_back(json.text);
    return;
  }
  for (const auto& [name, member] : json.members)
    leaves(member, json.kind == Json::Kind::array ? path + "{}" : path.empty() ? name : path + "." + name, out);
}

void write(const std::string& text, std::string& out) {
  out += '"';
  for (const char c : text) {
    const std::string_view from = "\"\\\b\f\n\r\t", to = "\"\\bfnrt";
    if (const std::size_t k = from.find(c); k != std::string_view::npos) {
      out += '\\';
      out += to[k];
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string written(const Json& json) {
  if (json.kind == Json::Kind::literal) return json.text;
  std::string out;
  if (json.kind == Json::Kind::text) {
    write(json.text, out);
    return out;
  }
  const bool object = json.kind == Json::Kind::object;
  out = object ? "{" : "[";
  for (const auto& [name, member] : json.members) {
    if (out.size() > 1) out += ',';
    if (object) {
      write(name, out);
      out += ':';
    }
    out += written(member);
  }
  return out + (object ? "}" : "]");
}

struct Step {
  std::string name;
  bool all = false;
  std::optional<std::size_t> index;
  std::string attribute;
};

// a.b{}.c{2}{@d}
std::vector<Step> steps_of(const std::string& path) {
  std::vector<Step> out;
  for (const std::string_view part : base::split(path, '.')) {
    const std::string text(part);
    static const Pattern braces("\\{([^}]*)\\}");
    out.push_back({text.substr(0, text.find('{')), false, {}, ""});
    for (const Pattern::Match& m : braces.matches(text)) {
      Step step;
      if (m[1].text.empty()) step.all = true;
      else if (m[1].text[0] == '@') step.attribute = m[1].text.substr(1);
      else step.index = std::stoul(m[1].text);
      out.push_back(step);
    }
  }
  return out;
}

void follow(const Json& json, const std::vector<Step>& steps, std::size_t k, Value::Many& out) {
  if (k == steps.size()) {
    out.push_back(json.kind == Json::Kind::text ? json.text : written(json));
    return;
  }
  const Step& step = steps[k];
  if (step.all || step.index) {
    if (json.kind != Json::Kind::array) return;
    for (std::size_t n = 0; n < json.members.size(); ++n)
      if (step.all || n == *step.index) follow(json.members[n].value, steps, k + 1, out);
    return;
  }
  if (step.name.empty()) return follow(json, steps, k + 1, out);
  if (json.kind != Json::Kind::object) return;
  for (const auto& [name, member] : json.members)
    if (name == step.name) follow(member, steps, k + 1, out);
}

void leaves(const pugi::xml_node& node, const std::string& path, Leaves& out) {
  bool inner = false;
  std::string text;
  for (const pugi::xml_attribute& a : node.attributes()) {
    std::string value = a.value();
    if (!value.empty()) out[path + "{@" + a.name() + "}"].push_back(value);
  }
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_element) {
      inner = true;
      leaves(child, path.empty() ? child.name() : path + "." + child.name(), out);
    } else if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      text += child.value();
    }
  }
  text = std::string(base::trim(text));
  if (!inner && !text.empty() && !path.empty()) out[path].push_back(text);
}

std::string decoded(const std::string& text) {
  static const Pattern entity("&(?:#([xX][0-9A-Fa-f]{1,6}|\\d{1,7})|(lt|gt|quot|apos|amp));");
  std::string out;
  std::size_t at = 0;
  for (const Pattern::Match& m : entity.matches(text)) {
    out.append(text, at, m[0].begin - at);
    at = m[0].end;
    if (m[2].took_part) {
      out += m[2].text == "lt" ? '<' : m[2].text == "gt" ? '>' : m[2].text == "quot" ? '"' : m[2].text == "apos" ? '\'' : '&';
      continue;
    }
    const bool hex = base::ascii_lower(m[1].text[0]) == 'x';
    const auto code = static_cast<std::uint32_t>(std::stoul(m[1].text.substr(hex ? 1 : 0), nullptr, hex ? 16 : 10));
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) out += m[0].text;
    else base::append_utf8(out, code);
  }
  return out + text.substr(at);
}

}  // namespace

Rows Interpreter::operator()(const spl::Spath& verb, Rows rows) {
  for (Row& row : rows) {
    Leaves found;
    for (const std::string& text : row.get(verb.input).values()) {
      const std::string_view begin = base::trim(text);
      if (begin.starts_with('<')) {
        pugi::xml_document document;
        if (!document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single)) continue;
        if (!verb.path.empty()) throw Unfit{"the twin follows no path into XML"};
        std::size_t roots = 0;
        for (const auto& child : document.children()) roots += child.type() == pugi::node_element;
        if (roots == 1) leaves(document, "", found);
      } else if (begin.starts_with('{') || begin.starts_with('[')) {
        try {
          const Json json = JsonReader(text).document();
          if (verb.path.empty()) {
            leaves(json, "", found);
          } else {
            Value::Many values;
            follow(json, steps_of(verb.path), 0, values);
            auto& out = found[verb.output.empty() ? verb.path : verb.output];
            out.insert(out.end(), values.begin(), values.end());
          }
        } catch (const Malformed&) {
        }
      }
    }
    for (auto& [name, values] : found)
      if (!values.empty()) row.set(name, Value::many(std::move(values)));
  }
  return rows;
}

Rows Interpreter::operator()(const spl::XmlKv& verb, Rows rows) {
  static const Pattern leaf("<!--.*?-->|<([^\\s/<>?!][^\\s/<>]*)(?:\\s[^<>]*[^<>/]|\\s)?>([^<]+)(?=</\\1\\s*>)");
  for (Row& row : rows) {
    std::map<std::string, Value::Many> found;
    for (const std::string& text : row.get(verb.field).values()) {
      static const Pattern comment("(?s)<!--.*?-->");
      for (const Pattern::Match& m : leaf.matches(comment.replaced(text, "")))
        if (m[1].took_part) found[m[1].text].push_back(decoded(m[2].text));
    }
    for (auto& [name, values] : found) row.set(name, Value::many(std::move(values)));
  }
  return rows;
}

}  // namespace escudo::twin

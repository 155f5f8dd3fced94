#pragma once
// A thin front on libyaml: documents a person wrote (rules, macros, maps, cases), with the line
// and column of everything, so that diagnostics can point. No exception leaves this room; depth and
// size are bounded because a rule file may come from a stranger.
//
// Stricter than the library: UTF-8 only, one document a file, no anchors and aliases, no key twice
// in a map, keys are scalars, lines end in a line feed or a carriage return.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/result.hpp"

namespace escudo::base {

struct YamlDocument;
struct YamlNode;

// A node of a document; cheap to copy; valid as long as any node of its document lives. Documents
// are immutable: any thread may read them.
class Yaml {
 public:
  // `file` is used in messages only. At most 16 MiB, 64 levels, a million nodes. An empty document
  // is a null node. The first form tells what is wrong in one sentence, the second as a diagnostic.
  static Result<Yaml> parse(std::string_view text, std::string file);
  static std::optional<Yaml> parse(std::string_view text, std::string file, Diagnostics& problems);
  static Result<Yaml> read_file(const std::string& path);
  static std::optional<Yaml> read_file(const std::string& path, Diagnostics& problems);

  Yaml() = default;
  explicit operator bool() const;            // exists and is not null
  bool is_map() const;
  bool is_list() const;
  bool is_scalar() const;
  bool quoted() const;                       // a scalar written with quotes or as a block

  Yaml operator[](std::string_view key) const;   // missing key or not a map: an empty node
  std::vector<Yaml> items() const;               // of a list; a lone scalar counts as a list of one
  std::vector<std::pair<std::string, Yaml>> members() const;  // of a map, in file order
  Yaml key() const;                              // the key this value stands under, to point at it

  std::string text() const;                      // scalar text, "" otherwise
  std::string text_or(std::string_view fallback) const;
  std::optional<double> number() const;
  bool boolean(bool fallback) const;             // true/false/yes/no/on/off
  std::vector<std::string> strings() const;      // items() as text

  std::uint32_t line() const;                    // 1-based, 0 when unknown
  std::uint32_t column() const;                  // 1-based, in bytes
  const std::string& file() const;
  const std::string& source() const;             // the whole text of the document, without a BOM

  // A diagnostic that points at this node.
  Diagnostic complain(std::string code, std::string message, std::string hint = {}) const;
  // The same, pointing at a byte range of text(): folded and quoted scalars are followed back to
  // the characters they were written with.
  Diagnostic complain_at(Span within_text, std::string code, std::string message,
                         std::string hint = {}) const;

 private:
  Yaml(std::shared_ptr<const YamlDocument> document, const YamlNode* node)
      : document_(std::move(document)), node_(node) {}
  Yaml sibling(const YamlNode* node) const { return {document_, node}; }
  Diagnostic complain_about(Span in_source, std::string code, std::string message,
                            std::string hint) const;

  std::shared_ptr<const YamlDocument> document_;
  const YamlNode* node_ = nullptr;
};

}  // namespace escudo::base

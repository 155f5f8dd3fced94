#pragma once
// A thin front on yaml-cpp: documents a person wrote (rules, macros, maps, cases), with the line and
// column of everything, so that diagnostics can point. No exception leaves this room; depth and size
// are bounded because a rule file may come from a stranger.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/result.hpp"

namespace escudo::base {

// A node of a document; cheap to copy; valid as long as any node of its document lives.
class Yaml {
 public:
  // `file` is used in messages only. At most 16 MiB and 64 levels; aliases are refused.
  static Result<Yaml> parse(std::string_view text, std::string file);
  static Result<Yaml> read_file(const std::string& path);

  Yaml() = default;
  explicit operator bool() const;            // exists and is not null
  bool is_map() const;
  bool is_list() const;
  bool is_scalar() const;
  bool quoted() const;                       // a scalar written with quotes or as a block

  Yaml operator[](std::string_view key) const;   // missing key or not a map: an empty node
  std::vector<Yaml> items() const;               // of a list; a lone scalar counts as a list of one
  std::vector<std::pair<std::string, Yaml>> members() const;  // of a map, in file order

  std::string text() const;                      // scalar text, "" otherwise
  std::string text_or(std::string_view fallback) const;
  std::optional<double> number() const;
  bool boolean(bool fallback) const;             // true/false/yes/no/on/off
  std::vector<std::string> strings() const;      // items() as text

  std::uint32_t line() const;                    // 1-based, 0 when unknown
  std::uint32_t column() const;                  // 1-based
  const std::string& file() const;
  const std::string& source() const;             // the whole text of the document

  // A diagnostic that points at this node.
  Diagnostic complain(std::string code, std::string message, std::string hint = {}) const;
  // The same, pointing at a byte range of text(): folded and quoted scalars are followed back to the
  // characters they were written with.
  Diagnostic complain_at(Span within_text, std::string code, std::string message,
                         std::string hint = {}) const;

 private:
  struct Document;
  struct Node;
  std::shared_ptr<const Document> document_;
  const Node* node_ = nullptr;
};

}  // namespace escudo::base

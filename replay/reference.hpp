#pragma once
// What a dataset is called, and where it lies upstream.
//
// The name is the path in the attack_data repository, "datasets/attack_techniques/T1047/…/x.log",
// whatever address a detection's test spells it with; of an address elsewhere it is host and path.
// Names are relative, use '/', and never leave the folder they are joined to.
// Pure functions, thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace escudo::replay {

std::string dataset_name(const std::string& address);
// Why `name` cannot be a file below a folder; "" when it can.
std::string name_trouble(const std::string& name);

// Where the bytes of a dataset are asked for.
struct Addresses {
  std::string pointer;  // the file in Git: a Git LFS pointer, or the content where LFS is not used
  std::string content;  // "" for a dataset outside attack_data, which has no pointer
};
// `mirror` replaces https://raw.githubusercontent.com and https://media.githubusercontent.com when
// it is not "". Nothing when the name tells no address.
std::optional<Addresses> addresses_of(const std::string& name, const std::string& mirror);

// What a Git LFS pointer says.
struct Content {
  std::string sha256;  // 64 lower-case digits
  std::uint64_t bytes = 0;
  bool operator==(const Content&) const = default;
};
constexpr std::uint64_t most_pointer_bytes = 1024;  // a pointer has some 130
bool looks_like_pointer(std::string_view text);
std::optional<Content> parse_pointer(std::string_view text);
std::string pointer_text(const Content& content);
bool is_sha256(std::string_view text);

}  // namespace escudo::replay

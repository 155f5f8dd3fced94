#pragma once
// How a YAML scalar was written, and which characters of the source gave which bytes of its value.
// Private to base. Pure functions; `at` is where the scalar's node begins and is inside the source.

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/diagnostic.hpp"

namespace escudo::base {

enum class ScalarStyle { plain, single_quoted, double_quoted, block };

// Past tags and what separates them from the content.
std::size_t skip_tags(std::string_view source, std::size_t at);

ScalarStyle scalar_style(std::string_view source, std::size_t at);

// Past the closing quote of a quoted scalar; nothing when it is not closed.
std::optional<std::size_t> end_of_quoted(std::string_view source, std::size_t at);

// The source range that `within`, a range of `value`, was written with; nothing when source and
// value do not belong together. A run of white space in one answers to a run in the other, whatever
// folding and indentation made of it.
std::optional<Span> written_as(std::string_view source, std::size_t at, std::string_view value,
                               Span within);

}  // namespace escudo::base

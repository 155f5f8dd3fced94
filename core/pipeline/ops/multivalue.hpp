#pragma once
// Small things the verbs about multivalues share.

#include "pipeline/row.hpp"

namespace escudo::pipeline {

// Appends the values of `from` to `to`.
inline void append_values(Value::Many& to, const Value& from) {
  if (from.is_null()) return;
  if (from.is_many())
    to.insert(to.end(), from.as_many().begin(), from.as_many().end());
  else
    to.push_back(from.text());
}

// A text that two rows share exactly when these cells are equal in kind and text: a key for maps.
// Null and "" differ, and so do ("a", "b") and ("ab", "").
inline void append_key(std::string& key, const Value& cell) {
  if (cell.is_null()) {
    key += '-';
    return;
  }
  const std::string text = cell.text();
  key += std::to_string(text.size());
  key += ':';
  key += text;
}

}  // namespace escudo::pipeline

#pragma once
// The formats findings are written in, one file each. Private to sinks. A new format is a maker
// here and a line in formats.cpp.

#include <memory>

#include "sinks/sink.hpp"

namespace escudo::sinks {

std::unique_ptr<FindingSink> make_table(Output& out, const TableStyle& style);
std::unique_ptr<FindingSink> make_jsonl(Output& out, const TableStyle& style);
std::unique_ptr<FindingSink> make_json(Output& out, const TableStyle& style);
std::unique_ptr<FindingSink> make_csv(Output& out, const TableStyle& style);

}  // namespace escudo::sinks

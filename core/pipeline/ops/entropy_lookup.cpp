// ut_shannon_lookup of Splunk's URL Toolbox: the Shannon entropy of a text in bits a character.
// There it is a script; here it is computed.
#include <cmath>
#include <map>

#include "base/utf8.hpp"
#include "pipeline/lookup_table.hpp"
#include "pipeline/ops/lookup_source.hpp"

namespace escudo::pipeline {
namespace {

double entropy(const std::string& text) {
  std::map<char32_t, double> counts;
  double total = 0;
  for (std::size_t at = 0; at < text.size();) {
    const base::Utf8Char c = base::decode_utf8(text, at);
    counts[c.valid ? c.code : 0x110000 + static_cast<unsigned char>(text[at])] += 1;
    total += 1;
    at += c.bytes;
  }
  double bits = 0;
  for (const auto& [code, count] : counts) bits -= count / total * std::log2(count / total);
  return std::abs(bits);  // one character repeated gives -0
}

}  // namespace

bool is_builtin_lookup(const std::string& name) { return name == "ut_shannon_lookup"; }

OperatorPtr make_builtin_lookup(const spl::Lookup& verb, const Build& build) {
  if (!is_builtin_lookup(verb.table)) return nullptr;
  if (build.context.catalog) {
    const catalog::LookupDefinition* own = build.context.catalog->find_lookup(verb.table);
    if (own && !own->file.empty()) return nullptr;
  }
  const spl::FieldPair& key = verb.keys.front();
  spl::FieldPair output{"ut_shannon", "ut_shannon", {}};
  if (!verb.outputs.empty()) output = verb.outputs.front();
  for (const auto& [pair, column] : {std::pair{key, "word"}, std::pair{output, "ut_shannon"}})
    if (pair.from != column) {
      build.fail(pair.span, "unknown-lookup-column",
                 "lookup ut_shannon_lookup has no column " + pair.from,
                 "its columns are word and ut_shannon");
      return nullptr;
    }
  return row_wise([from = key.to, to = output.to, overwrite = verb.overwrite](Table& rows) {
    const std::size_t source = rows.find(from);
    const std::size_t target = rows.add_column(to);
    for (Row& row : rows.rows) {
      const Value::Many words = rows.cell(row, source).values();
      if (words.empty() || (!overwrite && !row.cells[target].is_null())) continue;
      if (words.size() == 1) {
        row.cells[target] = Value(entropy(words.front()));
        continue;
      }
      Value::Many results;
      for (const std::string& word : words) results.push_back(Value(entropy(word)).text());
      row.cells[target] = Value::many(std::move(results));
    }
  });
}

}  // namespace escudo::pipeline

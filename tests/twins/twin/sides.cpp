// Verbs that bring in other rows: join, append and its kin, map, lookups.
#include <algorithm>
#include <cmath>

#include "base/csv.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "aggregate.hpp"
#include "filter.hpp"
#include "interpreter.hpp"
#include "spl/macro.hpp"
#include "spl/parser.hpp"

namespace escudo::twin {

Rows Interpreter::operator()(const spl::Join& verb, Rows rows) {
  const Rows right = subsearch(*verb.right);
  std::vector<std::string> fields = verb.fields;
  if (fields.empty()) {
    const auto a = names_of(rows), b = names_of(right);
    for (const std::string& name : a)
      if (!name.starts_with('_') && b.contains(name)) fields.push_back(name);
  }
  const auto key_of = [&](const Row& row) -> std::optional<std::vector<Value>> {
    std::vector<Value> key;
    for (const std::string& field : fields) {
      if (row.get(field).is_null()) return {};
      key.push_back(row.get(field));
    }
    return key;
  };
  const auto text_of = [](const std::vector<Value>& key) {
    std::vector<std::string> out;
    for (const Value& v : key) {
      out.push_back(std::to_string(v.count()));
      for (const std::string& one : v.values()) out.push_back(one);
    }
    return out;
  };
  std::map<std::vector<std::string>, std::vector<const Row*>> by_key;
  for (const Row& row : right)
    if (const auto key = key_of(row)) by_key[text_of(*key)].push_back(&row);
  Rows out;
  for (const Row& row : rows) {
    std::int64_t taken = 0;
    if (const auto key = key_of(row))
      for (const Row* other : by_key[text_of(*key)]) {
        if (verb.max > 0 && taken == verb.max) break;
        if (verb.use_time) {
          const auto a = row.get("_time").number(), b = other->get("_time").number();
          if (!a || !b || (verb.earlier ? *b > *a : *b < *a)) continue;
        }
        Row both = row;
        for (const auto& [name, value] : other->fields)
          if (verb.overwrite || both.get(name).is_null()) both.set(name, value);
        both.records.insert(other->records.begin(), other->records.end());
        out.push_back(std::move(both));
        ++taken;
      }
    if (taken == 0 && verb.type == spl::Join::Type::left) out.push_back(row);
  }
  return out;
}

Rows Interpreter::operator()(const spl::Append& verb, Rows rows) {
  Rows more = subsearch(*verb.pipeline);
  if (verb.max_rows > 0 && more.size() > static_cast<std::size_t>(verb.max_rows)) more.resize(static_cast<std::size_t>(verb.max_rows));
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

Rows Interpreter::operator()(const spl::AppendPipe& verb, Rows rows) {
  const Rows more = apply(*verb.pipeline, 0, rows);
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

Rows Interpreter::operator()(const spl::AppendCols& verb, Rows rows) {
  Rows more = subsearch(*verb.pipeline);
  if (verb.max_rows > 0 && more.size() > static_cast<std::size_t>(verb.max_rows)) more.resize(static_cast<std::size_t>(verb.max_rows));
  if (more.size() > rows.size()) rows.resize(more.size());
  for (std::size_t r = 0; r < more.size(); ++r) {
    for (const auto& [name, value] : more[r].fields)
      if (!name.starts_with('_') && (verb.overwrite || rows[r].get(name).is_null())) rows[r].set(name, value);
    rows[r].records.insert(more[r].records.begin(), more[r].records.end());
  }
  return rows;
}

Rows Interpreter::operator()(const spl::Multisearch& verb, Rows rows) {
  Rows more;
  for (const spl::PipelinePtr& p : verb.pipelines)
    for (Row& row : search(*p)) more.push_back(std::move(row));
  // Searches of raw events side by side give raw events again.
  if (rows.empty() && std::all_of(more.begin(), more.end(), [](const Row& r) { return r.records.size() == 1; }))
    std::stable_sort(more.begin(), more.end(), [](const Row& a, const Row& b) { return *b.records.begin() < *a.records.begin(); });
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

Rows Interpreter::operator()(const spl::Map& verb, Rows rows) {
  Rows out;
  std::int64_t searches = 0;
  for (const Row& row : rows) {
    std::string text;
    bool missing = false, quoted = false;
    for (std::size_t at = 0; at < verb.search.size(); ++at) {
      const char c = verb.search[at];
      if (c == '\\' && at + 1 < verb.search.size()) {
        text += c;
        text += verb.search[++at];
        continue;
      }
      if (c == '"') quoted = !quoted;
      std::size_t end = at + 1;
      const auto of_name = [](char x) { return x == '_' || x == '.' || base::is_digit(x) || (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z'); };
      while (end < verb.search.size() && of_name(verb.search[end])) ++end;
      if (c != '$' || end == at + 1 || end >= verb.search.size() || verb.search[end] != '$') {
        text += c;
        continue;
      }
      const Value& value = row.get(verb.search.substr(at + 1, end - at - 1));
      missing = missing || value.is_null();
      std::string one = value.is_null() ? "" : value.values().front();
      one = base::replace_all(base::replace_all(one, "\\", "\\\\"), "\"", "\\\"");
      text += quoted ? one : '"' + one + '"';
      at = end;
    }
    if (missing) continue;
    if (searches++ == verb.max_searches) break;
    const Search inner(text, *world_.catalog);
    if (!inner.problem().empty()) continue;
    for (Row& found : search(*inner.pipeline())) {
      found.records.insert(row.records.begin(), row.records.end());
      out.push_back(std::move(found));
    }
  }
  return out;
}

// ---- lookups ----------------------------------------------------------------------------------

namespace {

struct LoadedTable {
  std::vector<std::string> columns;
  Rows rows;
};

bool passes(const spl::SearchExpr& expr, const Row& row) {
  return Filter(expr).matches([&](const std::string& f) { return row.get(f).values(); });
}

LoadedTable loaded(const catalog::LookupDefinition* definition) {
  LoadedTable out;
  if (!definition || definition->file.empty()) return out;
  const auto text = base::read_file(definition->file);
  if (!text) return out;
  const auto csv = base::parse_csv(*text);
  if (!csv) return out;
  out.columns = csv->header;
  std::vector<spl::TextProblem> problems;
  const auto filter = spl::parse_search_expression(definition->filter, problems);
  for (const auto& cells : csv->rows) {
    Row row;
    for (std::size_t k = 0; k < cells.size(); ++k)
      if (!cells[k].empty()) row.set(out.columns[k], cells[k]);
    if (!definition->filter.empty() && filter && !passes(*filter, row)) continue;
    out.rows.push_back(std::move(row));
  }
  return out;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Whether one cell of the table stands for the value.
bool stands_for(const catalog::LookupDefinition& definition, const std::string& column, const std::string& cell,
                const std::string& value) {
  const bool sensitive = definition.case_sensitive;
  const std::string a = sensitive ? cell : base::fold_case(cell), b = sensitive ? value : base::fold_case(value);
  if (has(definition.wildcard_fields, column)) return glob(a, b);
  if (has(definition.cidr_fields, column)) {
    const auto block = base::AddressBlock::parse(cell);
    const auto address = base::parse_address(value);
    return (block && address && block->contains(*address)) || glob(base::fold_case(cell), base::fold_case(value));
  }
  return a == b;
}

double entropy(const std::string& text) {
  std::map<std::string, double> count;
  double n = 0;
  for (std::size_t at = 0; at < text.size(); ++n) {
    const std::size_t size = base::decode_utf8(text, at).bytes;
    ++count[text.substr(at, size)];
    at += size;
  }
  double out = 0;
  for (const auto& [letter, times] : count) out -= times / n * std::log2(times / n);
  return out;
}

}  // namespace

Rows Interpreter::operator()(const spl::Lookup& verb, Rows rows) {
  if (verb.table == "ut_shannon_lookup") {
    std::string to = "ut_shannon";
    for (const spl::FieldPair& output : verb.outputs)
      if (output.from == "ut_shannon") to = output.to;
    for (Row& row : rows)
      if (const Value& word = row.get(verb.keys.front().to); !word.is_null())
        if (verb.overwrite || row.get(to).is_null()) row.set(to, entropy(word.text()));
    return rows;
  }
  const catalog::LookupDefinition* definition = world_.catalog->find_lookup(verb.table);
  const LoadedTable table = loaded(definition);
  catalog::LookupDefinition fallback;
  const catalog::LookupDefinition& rules = definition ? *definition : fallback;
  std::vector<spl::FieldPair> outputs = verb.outputs;
  if (outputs.empty())
    for (const std::string& column : table.columns)
      if (std::none_of(verb.keys.begin(), verb.keys.end(), [&](const spl::FieldPair& k) { return k.from == column; }))
        outputs.push_back({column, column, {}});
  const bool complete = std::all_of(verb.keys.begin(), verb.keys.end(), [&](const spl::FieldPair& k) { return has(table.columns, k.from); });
  std::vector<std::string> fields;
  for (const spl::FieldPair& key : verb.keys) fields.push_back(key.to);
  for (Row& row : rows) {
    const auto tuples = keys_of(row, fields);
    if (tuples.empty()) continue;   // a key is missing: the row is left alone
    std::vector<Value::Many> results(outputs.size());
    for (const auto& tuple : tuples) {
      std::vector<const Row*> found;
      for (const Row& candidate : table.rows) {
        bool all = complete && found.size() < static_cast<std::size_t>(std::max(rules.max_matches, 1));
        for (std::size_t k = 0; all && k < tuple.size(); ++k)
          all = stands_for(rules, verb.keys[k].from, candidate.get(verb.keys[k].from).text(), tuple[k].text());
        if (all) found.push_back(&candidate);
      }
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        for (const Row* r : found)
          if (!r->get(outputs[k].from).is_null()) results[k].push_back(r->get(outputs[k].from).text());
        if (!rules.default_match.empty())
          for (std::size_t n = found.size(); n < static_cast<std::size_t>(std::max(rules.min_matches, 0)); ++n)
            results[k].push_back(rules.default_match);
      }
    }
    for (std::size_t k = 0; k < outputs.size(); ++k)
      if (verb.overwrite || row.get(outputs[k].to).is_null()) row.set(outputs[k].to, Value::many(results[k]));
  }
  return rows;
}

Rows Interpreter::operator()(const spl::InputLookup& verb, Rows rows) {
  std::int64_t number = 0, taken = 0;
  for (const Row& row : loaded(world_.catalog->find_lookup(verb.table)).rows) {
    if (verb.max > 0 && taken == verb.max) break;
    if (verb.where && !passes(*verb.where, row)) continue;
    if (number++ < verb.start) continue;
    rows.push_back(row);
    ++taken;
  }
  return rows;
}

}  // namespace escudo::twin

// table: the named columns in the named order, missing ones empty. fields: keeps (with _time and
// _raw) or removes. Wildcards pick in the order of the rows' columns.
#include <algorithm>

#include "pipeline/ops/ops.hpp"
#include "spl/field_names.hpp"

namespace escudo::pipeline {
namespace {

void keep(Table& rows, const std::vector<std::string>& patterns, bool add_missing,
          bool with_internal) {
  std::vector<std::size_t> out;
  auto take = [&](std::size_t c) {
    if (std::find(out.begin(), out.end(), c) == out.end()) out.push_back(c);
  };
  for (const std::string& pattern : patterns) {
    if (pattern.find('*') == std::string::npos) {
      if (const std::size_t c = rows.find(pattern); c != Table::npos)
        take(c);
      else if (add_missing)
        take(rows.add_column(pattern));
      continue;
    }
    for (std::size_t c = 0; c < rows.columns.size(); ++c)
      if (spl::match_name(pattern, rows.columns[c]) &&
          !(pattern == "*" && rows.columns[c].starts_with('_')))
        take(c);
  }
  if (with_internal)
    for (const char* name : {"_time", "_raw"})
      if (const std::size_t c = rows.find(name); c != Table::npos) take(c);
  rows.project(out);
}

}  // namespace

OperatorPtr make_table(const spl::Table& verb, const Build&) {
  return row_wise([fields = verb.fields](Table& rows) { keep(rows, fields, true, false); });
}

OperatorPtr make_fields(const spl::Fields& verb, const Build&) {
  if (!verb.remove)
    return row_wise([fields = verb.fields](Table& rows) { keep(rows, fields, false, true); });
  return row_wise([fields = verb.fields](Table& rows) {
    std::vector<std::size_t> out;
    for (std::size_t c = 0; c < rows.columns.size(); ++c) {
      bool gone = false;
      for (const std::string& pattern : fields)
        gone = gone || spl::match_name(pattern, rows.columns[c]);
      if (!gone) out.push_back(c);
    }
    rows.project(out);
  });
}

}  // namespace escudo::pipeline

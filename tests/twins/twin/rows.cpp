// Verbs that change rows one by one, or that only pick and order them.
#include <algorithm>
#include <cmath>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "expression.hpp"
#include "interpreter.hpp"
#include "pattern.hpp"
#include "spl/parser.hpp"

namespace escudo::twin {
namespace {

// f of each value, a single one staying single.
Value each_text(const Value& v, const std::function<Value(const std::string&)>& f) {
  if (v.is_null()) return {};
  if (!v.is_many()) return f(v.text());
  Value::Many out;
  for (const std::string& one : v.as_many()) out.push_back(f(one).text());
  return Value::many(std::move(out));
}

}  // namespace

Rows Interpreter::operator()(const spl::Where& verb, Rows rows) {
  const auto names = names_of(rows);
  std::erase_if(rows, [&](const Row& row) {
    return evaluate(verb.expr, {row, names, world_.now}).as_truth() != Truth::yes;
  });
  return rows;
}

// `{field}` in the name of the target stands for that field's value.
static std::optional<std::string> target_name(const std::string& text, const Row& row) {
  std::string out, rest = text;
  for (std::size_t open; (open = rest.find('{')) != std::string::npos;) {
    const std::size_t close = rest.find('}', open);
    if (close == std::string::npos || close == open + 1) break;
    const Value& value = row.get(rest.substr(open + 1, close - open - 1));
    if (value.is_null()) return {};
    out += rest.substr(0, open) + value.values().front();
    rest.erase(0, close + 1);
  }
  out += rest;
  if (out.empty()) return {};
  return out;
}

Rows Interpreter::operator()(const spl::Eval& verb, Rows rows) {
  for (const spl::Assignment& a : verb.assignments) {
    const auto names = names_of(rows);
    for (Row& row : rows) {
      const Datum d = evaluate(a.expr, {row, names, world_.now});
      const auto target = target_name(a.field, row);
      if (!target) continue;
      // A truth in a field is text.
      row.set(*target, d.is_truth ? Value(base::to_lower(d.as_value().text())) : d.value);
      if (d.is_truth && d.truth == Truth::null) row.set(*target, {});
    }
  }
  return rows;
}

Rows Interpreter::operator()(const spl::Rename& verb, Rows rows) {
  // Row by row: what a row becomes depends on its own fields only.
  for (Row& row : rows) {
    std::set<std::string> taken;
    Fields out, renamed;
    for (const spl::FieldPair& pair : verb.pairs) {
      for (const auto& [name, value] : row.fields) {
        std::vector<std::string> stood;
        if (taken.contains(name) || !name_matches(pair.from, name, &stood)) continue;
        taken.insert(name);
        renamed[name_from(pair.to, stood)] = value;
      }
    }
    for (const auto& [name, value] : row.fields)
      if (!taken.contains(name)) out[name] = value;
    // A field that is missing empties the name it would have taken.
    for (const spl::FieldPair& pair : verb.pairs)
      if (pair.from.find('*') == std::string::npos) out.erase(pair.to);
    for (const auto& [name, value] : renamed) out[name] = value;
    row.fields = std::move(out);
  }
  return rows;
}

static Value converted(const std::string& function, const std::string& text, const std::string& format) {
  const auto number = event::parse_number(text);
  if (function == "none") return text;
  if (function == "ctime")
    return number ? Value(base::format_time(base::from_epoch_seconds(std::floor(*number)), format)) : Value(text);
  if (function == "mktime") {
    const auto t = base::parse_time(text, format);
    return t ? Value(base::to_epoch_seconds(*t)) : Value();
  }
  if (function == "auto") return number ? Value(*number) : Value(text);
  const std::string bare = base::replace_all(text, ",", "");
  if (function == "num") {
    const auto n = event::parse_number(bare);
    return n ? Value(*n) : Value();
  }
  if (function == "rmcomma") {
    const auto n = event::parse_number(bare);
    return n ? Value(*n) : Value(bare);
  }
  if (function == "rmunit" || function == "memk") {
    static const Pattern leading("^-?[0-9.]*");
    const auto n = event::parse_number(leading.matches(text, 1).front()[0].text);
    if (!n) return text;
    if (function == "rmunit") return *n;
    const char unit = text.empty() ? ' ' : base::ascii_lower(text.back());
    return *n * (unit == 'g' ? 1048576.0 : unit == 'm' ? 1024.0 : 1.0);
  }
  if (function == "dur2sec" || function == "mstime") {
    static const Pattern clock("^(?:([^+]*)\\+)?(.*)$");
    const auto parts = clock.matches(text, 1);
    if (parts.empty()) return text;
    double seconds = 0, days = 0;
    if (parts[0][1].took_part) {
      const auto d = event::parse_number(parts[0][1].text);
      if (!d) return text;
      days = *d;
    }
    for (const std::string_view part : base::split(parts[0][2].text, ':')) {
      const auto n = event::parse_number(part);
      if (!n) return text;
      seconds = seconds * 60 + *n;
    }
    return days * 86400 + seconds;
  }
  throw Unfit{"the twin does not know convert " + function + "()"};
}

Rows Interpreter::operator()(const spl::Convert& verb, Rows rows) {
  for (const spl::Convert::Item& item : verb.items) {
    const auto names = names_of(rows);
    for (const std::string& name : names) {
      if (!name_matches(item.field, name)) continue;
      const std::string to = item.output.empty() || item.field.find('*') != std::string::npos ? name : item.output;
      for (Row& row : rows)
        if (!row.get(name).is_null())
          row.set(to, each_text(row.get(name), [&](const std::string& t) {
                    return converted(item.function, t, verb.time_format);
                  }));
    }
  }
  return rows;
}

// A sed script: s/…/…/flags and y/…/…/ one after another.
static std::string edited(const std::string& script, std::string text) {
  std::size_t at = 0;
  const auto section = [&](char delimiter) {
    std::string out;
    while (at < script.size() && script[at] != delimiter) {
      if (script[at] == '\\' && at + 1 < script.size()) {
        if (script[at + 1] != delimiter) out += '\\';
        ++at;
      }
      out += script[at++];
    }
    ++at;
    return out;
  };
  const auto plain = [](const std::string& s) {
    return base::replace_all(base::replace_all(s, "\\n", "\n"), "\\t", "\t");
  };
  while (at < script.size()) {
    if (base::is_space(script[at]) || script[at] == ';') {
      ++at;
      continue;
    }
    const char command = script[at++];
    const char delimiter = at < script.size() ? script[at++] : '/';
    const std::string from = section(delimiter), to = section(delimiter);
    std::string flags;
    while (at < script.size() && !base::is_space(script[at]) && script[at] != ';') flags += script[at++];
    if (command == 's') {
      const bool all = flags.find('g') != std::string::npos;
      const bool caseless = flags.find_first_of("iI") != std::string::npos;
      std::string digits;
      for (const char c : flags)
        if (base::is_digit(c)) digits += c;
      const std::size_t nth = digits.empty() ? 1 : std::stoul(digits);
      text = Pattern(from, caseless).replaced(text, plain(to), all, nth);
    } else if (command == 'y') {
      for (char& c : text)
        if (const std::size_t k = from.find(c); k != std::string::npos && k < to.size()) c = to[k];
    } else {
      throw Unfit{"a sed command the twin does not know"};
    }
  }
  return text;
}

Rows Interpreter::operator()(const spl::Rex& verb, Rows rows) {
  if (verb.sed) {
    for (Row& row : rows)
      row.set(verb.field, each_text(row.get(verb.field), [&](const std::string& t) { return Value(edited(verb.pattern, t)); }));
    return rows;
  }
  const Pattern& regex = pattern(verb.pattern);
  for (Row& row : rows) {
    std::map<std::string, Value::Many> found;
    std::string offsets;
    for (const std::string& text : row.get(verb.field).values())
      for (const Pattern::Match& match : regex.matches(text, static_cast<std::size_t>(verb.max_match)))
        for (const auto& [name, group] : regex.names()) {
          if (!match[group].took_part || match[group].text.empty()) continue;
          found[name].push_back(match[group].text);
          std::size_t begin = 0, size = 0;
          for (std::size_t at = 0; at < match[group].end; at += base::decode_utf8(text, at).bytes)
            ++(at < match[group].begin ? begin : size);
          offsets += (offsets.empty() ? "" : "&") + name + "=" + std::to_string(begin) + "-" + std::to_string(begin + size - 1);
        }
    for (auto& [name, values] : found) row.set(name, Value::many(std::move(values)));
    if (!verb.offset_field.empty() && !offsets.empty()) row.set(verb.offset_field, offsets);
  }
  return rows;
}

Rows Interpreter::operator()(const spl::Regex& verb, Rows rows) {
  const Pattern& regex = pattern(verb.pattern);
  std::erase_if(rows, [&](const Row& row) {
    const auto values = row.get(verb.field).values();
    const bool found = std::any_of(values.begin(), values.end(), [&](const std::string& t) { return regex.found(t); });
    return found == verb.negated;
  });
  return rows;
}

Rows Interpreter::operator()(const spl::Table& verb, Rows rows) {
  for (Row& row : rows) {
    Fields out;
    for (const auto& [name, value] : row.fields)
      for (const std::string& field : verb.fields)
        if (name_matches(field, name) && !(field.starts_with('*') && name.starts_with('_'))) out[name] = value;
    row.fields = std::move(out);
  }
  return rows;
}

Rows Interpreter::operator()(const spl::Fields& verb, Rows rows) {
  for (Row& row : rows)
    std::erase_if(row.fields, [&](const auto& field) {
      const bool named = std::any_of(verb.fields.begin(), verb.fields.end(), [&](const std::string& f) {
        return name_matches(f, field.first) && !(verb.remove && f.starts_with('*') && field.first.starts_with('_'));
      });
      if (verb.remove) return named;
      return !named && field.first != "_time" && field.first != "_raw";
    });
  return rows;
}

Rows Interpreter::operator()(const spl::FillNull& verb, Rows rows) {
  const auto names = names_of(rows);
  std::set<std::string> fields;
  if (verb.fields.empty()) fields = names;
  for (const std::string& field : verb.fields) {
    if (field.find('*') == std::string::npos) fields.insert(field);
    for (const std::string& name : names)
      if (name_matches(field, name)) fields.insert(name);
  }
  for (Row& row : rows)
    for (const std::string& field : fields)
      if (row.get(field).is_null()) row.set(field, verb.value);
  return rows;
}

Rows Interpreter::operator()(const spl::MvExpand& verb, Rows rows) {
  Rows out;
  for (const Row& row : rows) {
    const Value value = row.get(verb.field);
    if (!value.is_many()) {
      out.push_back(row);
      continue;
    }
    std::int64_t taken = 0;
    for (const std::string& one : value.as_many()) {
      if (verb.limit > 0 && taken++ == verb.limit) break;
      out.push_back(row);
      out.back().set(verb.field, one);
    }
  }
  return out;
}

Rows Interpreter::operator()(const spl::NoMv& verb, Rows rows) {
  for (Row& row : rows)
    if (row.get(verb.field).is_many()) row.set(verb.field, row.get(verb.field).text());
  return rows;
}

Rows Interpreter::operator()(const spl::MakeMv& verb, Rows rows) {
  for (Row& row : rows) {
    const Value cell = row.get(verb.field);
    if (cell.is_null()) continue;
    Value::Many out;
    for (std::string text : cell.values()) {
      if (!verb.tokenizer.empty()) {
        for (const Pattern::Match& match : pattern(verb.tokenizer).matches(text))
          if (match.size() > 1 && match[1].took_part && (verb.allow_empty || !match[1].text.empty())) out.push_back(match[1].text);
        continue;
      }
      const auto take = [&](const std::string& piece) {
        if (verb.allow_empty || !piece.empty()) out.push_back(piece);
      };
      for (std::size_t at; !verb.delimiter.empty() && (at = text.find(verb.delimiter)) != std::string::npos;) {
        take(text.substr(0, at));
        text.erase(0, at + verb.delimiter.size());
      }
      take(text);
    }
    if (out.empty() && !verb.tokenizer.empty()) continue;   // without a match the field stays
    Value value = Value::many(std::move(out));
    if (verb.set_sv) value = value.text();
    row.set(verb.field, value);
  }
  return rows;
}

Rows Interpreter::operator()(const spl::Replace& verb, Rows rows) {
  const auto replaced = [&](const std::string& text) -> Value {
    // The last exact pair, else the first of those with the longest literal part.
    const spl::FieldPair* best = nullptr;
    std::size_t longest = 0;
    for (const spl::FieldPair& pair : verb.pairs) {
      if (pair.from.find('*') != std::string::npos || pair.from != text) continue;
      best = &pair;
    }
    for (const spl::FieldPair& pair : verb.pairs) {
      if (best && best->from == text && best->from.find('*') == std::string::npos) break;
      const std::size_t literal = base::replace_all(pair.from, "*", "").size();
      if (!name_matches(pair.from, text) || (best && literal <= longest)) continue;
      best = &pair;
      longest = literal;
    }
    if (!best) return text;
    std::vector<std::string> stood;
    (void)name_matches(best->from, text, &stood);
    return name_from(best->to, stood);
  };
  for (Row& row : rows)
    for (auto& [name, value] : row.fields) {
      const std::string& field = name;   // clang 14 captures no binding
      const bool concerned = verb.fields.empty() || std::any_of(verb.fields.begin(), verb.fields.end(), [&](const std::string& f) { return name_matches(f, field); });
      if (!concerned) continue;
      const bool number = value.is_number();
      const Value changed = each_text(value, replaced);
      if (!number || changed.text() != value.text()) value = changed;
    }
  return rows;
}

Rows Interpreter::operator()(const spl::Foreach& verb, Rows rows) {
  struct Visit {
    std::string field;
    std::vector<std::string> stood;
  };
  std::vector<Visit> visits;
  for (const std::string& name : names_of(rows))
    for (const std::string& wanted : verb.fields) {
      Visit visit{name, {}};
      if (!name_matches(wanted, name, &visit.stood) || (wanted.starts_with('*') && name.starts_with('_'))) continue;
      visits.push_back(std::move(visit));
      break;
    }
  // As people count: runs of digits by their number.
  const auto padded = [](const std::string& name) {
    std::string out, digits;
    const auto flush = [&] {
      if (digits.empty()) return;
      digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
      out += "0" + std::string(20 - std::min<std::size_t>(digits.size(), 20), '0') + digits;
      digits.clear();
    };
    for (const char c : name) {
      if (base::is_digit(c)) {
        digits += c;
        continue;
      }
      flush();
      out += c;
    }
    flush();
    return out;
  };
  std::stable_sort(visits.begin(), visits.end(), [&](const Visit& a, const Visit& b) { return padded(a.field) < padded(b.field); });
  for (const Visit& visit : visits) {
    std::string text = base::replace_all(verb.text, "<<FIELD>>", visit.field), matched;
    for (std::size_t k = 0; k < visit.stood.size(); ++k) {
      matched += visit.stood[k];
      text = base::replace_all(text, "<<MATCHSEG" + std::to_string(k + 1) + ">>", visit.stood[k]);
    }
    text = base::replace_all(text, "<<MATCHSTR>>", visit.stood.empty() ? visit.field : matched);
    std::vector<spl::TextProblem> problems;
    // A field's name can make nonsense of the text; the body is then not for it.
    if (const spl::PipelinePtr body = spl::parse_body(text, problems)) rows = apply(*body, 0, std::move(rows));
  }
  return rows;
}

Rows Interpreter::operator()(const spl::AddTotals& verb, Rows rows) {
  const auto names = names_of(rows);
  std::set<std::string> summed;
  for (const std::string& name : names) {
    const bool named = std::any_of(verb.fields.begin(), verb.fields.end(), [&](const std::string& f) { return name_matches(f, name); });
    if (verb.fields.empty() ? !name.starts_with('_') && name != verb.field_name : named) summed.insert(name);
  }
  if (verb.row)
    for (Row& row : rows) {
      double sum = 0;
      for (const std::string& name : summed) sum += row.get(name).number().value_or(0);
      row.set(verb.field_name, sum);
    }
  if (!verb.column) return rows;
  if (verb.row) summed.insert(verb.field_name);
  Row totals;
  for (const Row& row : rows) {
    for (const std::string& name : summed)
      if (const auto n = row.get(name).number()) totals.set(name, totals.get(name).number().value_or(0) + *n);
    totals.records.insert(row.records.begin(), row.records.end());
  }
  if (totals.fields.empty()) return rows;
  if (!verb.label_field.empty()) totals.set(verb.label_field, verb.label.empty() ? "Total" : verb.label);
  rows.push_back(std::move(totals));
  return rows;
}

Rows Interpreter::operator()(const spl::Bin& verb, Rows rows) {
  const bool time = verb.time_span && (verb.field == "_time" || !verb.span);
  if (!time && !verb.span) throw Unfit{"the twin bins by span= only"};
  const std::string to = verb.output.empty() ? verb.field : verb.output;
  const auto edge = [&](double x) {
    const double scale = std::pow(10, *verb.span < 1 ? std::min(15.0, std::ceil(-std::log10(*verb.span)) + 2) : 6);
    const double rounded = std::round(x * scale) / scale;
    return base::number_text(std::isfinite(rounded) ? rounded : x);
  };
  for (Row& row : rows) {
    const Value cell = row.get(verb.field);
    const auto n = cell.number();
    if (!n) {
      row.set(to, cell);
    } else if (time) {
      row.set(to, floored(*n, *verb.time_span));
    } else {
      const double low = std::floor(*n / *verb.span + 1e-9) * *verb.span;
      row.set(to, edge(low) + "-" + edge(low + *verb.span));
    }
  }
  return rows;
}

// ---- picking and ordering ---------------------------------------------------------------------

static void sort_by(Rows& rows, const std::vector<spl::SortKey>& keys) {
  using As = spl::SortKey::As;
  // Numbers by size, then addresses, then text byte by byte.
  struct Rank {
    int kind = 0;
    double number = 0;
    std::string text;
    auto operator<=>(const Rank&) const = default;
  };
  const auto rank = [](const Value& v, As as) {
    static const Pattern address("^(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})$");
    if (const auto n = v.number(); n && (as == As::automatic || as == As::number)) return Rank{0, *n, ""};
    if (as == As::automatic || as == As::ip) {
      const auto found = address.matches(v.text(), 1);
      double ip = 0;
      bool good = !found.empty();
      for (std::size_t g = 1; good && g <= 4; ++g) {
        const double part = std::stod(found[0][g].text);
        good = part <= 255;
        ip = ip * 256 + part;
      }
      if (good) return Rank{1, ip, ""};
    }
    return Rank{2, 0, v.text()};
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
    for (const spl::SortKey& key : keys) {
      const Value &x = a.get(key.field), &y = b.get(key.field);
      if (x.is_null() || y.is_null()) {
        if (x.is_null() != y.is_null()) return y.is_null();   // missing comes last either way
        continue;
      }
      const Rank p = rank(x, key.as), q = rank(y, key.as);
      if (p < q) return !key.descending;
      if (q < p) return key.descending;
    }
    return false;
  });
}

Rows Interpreter::operator()(const spl::Sort& verb, Rows rows) {
  sort_by(rows, verb.keys);
  if (verb.limit > 0 && rows.size() > static_cast<std::size_t>(verb.limit)) rows.resize(static_cast<std::size_t>(verb.limit));
  if (verb.reverse) std::reverse(rows.begin(), rows.end());
  return rows;
}

Rows Interpreter::operator()(const spl::Dedup& verb, Rows rows) {
  if (!verb.sort_by.empty()) sort_by(rows, verb.sort_by);
  Rows out;
  std::map<std::vector<std::string>, std::int64_t> seen;
  std::vector<std::string> before;
  for (Row& row : rows) {
    std::vector<std::string> key;
    bool missing = false;
    for (const std::string& field : verb.fields) {
      missing = missing || row.get(field).is_null();
      key.push_back(row.get(field).text());
    }
    if (missing) {
      if (verb.keep_empty) out.push_back(row);
      continue;
    }
    if (verb.consecutive && key != before) seen.clear();
    before = key;
    if (++seen[key] <= verb.keep) {
      out.push_back(row);
    } else if (verb.keep_events) {
      out.push_back(row);
      for (const std::string& field : verb.fields) out.back().set(field, {});
    }
  }
  return out;
}

Rows Interpreter::operator()(const spl::Head& verb, Rows rows) {
  const auto names = names_of(rows);
  Rows out;
  for (const Row& row : rows) {
    const bool limited = !verb.condition || verb.count > 0;
    if (limited && out.size() >= static_cast<std::size_t>(verb.count)) break;
    if (verb.condition) {
      const Truth t = evaluate(*verb.condition, {row, names, world_.now}).as_truth();
      if (t == Truth::no || (t == Truth::null && !verb.null_is_true)) {
        if (verb.keep_last) out.push_back(row);
        break;
      }
    }
    out.push_back(row);
  }
  return out;
}

Rows Interpreter::operator()(const spl::Tail& verb, Rows rows) {
  std::reverse(rows.begin(), rows.end());
  if (rows.size() > static_cast<std::size_t>(verb.count)) rows.resize(static_cast<std::size_t>(verb.count));
  return rows;
}

Rows Interpreter::operator()(const spl::Reverse&, Rows rows) {
  std::reverse(rows.begin(), rows.end());
  return rows;
}

}  // namespace escudo::twin

#include "generated/grammar.hpp"

#include <cstdint>
#include <functional>

#include "base/text.hpp"

namespace escudo::twin {
namespace {

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  Case make() {
    Case out;
    out.pipeline.sort = Sort::pipeline;
    // Where the first filter lets nothing through, nothing else is tried.
    add(out.pipeline, below(3) ? command({"search ", search_of({std::string("*")})}) : command({"search ", search(3)}));
    // Which of two rows of one time comes first is nobody's promise: here the times differ.
    if (below(12) == 0) {
      add(out.pipeline, command({"stats latest(a) as r0 earliest(b) as r1 latest_time(n) as r2" + by()}));
      for (std::size_t k = 0; k < 3; ++k) {
        out.events.push_back(event());
        std::erase_if(out.events.back(), [](const auto& f) { return f.first == "_time"; });
        out.events.back().emplace_back("_time", 1709164800.0 + static_cast<double>((k * 7 + 3) % 5));
      }
      return out;
    }
    const std::size_t commands = below(4);
    for (std::size_t k = 0; k < commands; ++k) add(out.pipeline, next_command());
    // Some end in what decides most: a condition over the rows.
    if (below(3) == 0) add(out.pipeline, command({"where ", truth(3)}));
    const std::size_t events = 1 + below(4);
    for (std::size_t k = 0; k < events; ++k) out.events.push_back(event());
    return out;
  }

 private:
  using Part = std::variant<std::string, Piece>;

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  template <std::size_t n>
  std::string one_of(const char* const (&all)[n]) { return all[below(n)]; }

  static void add(Piece& pipeline, Piece piece) {
    if (!pipeline.parts.empty()) pipeline.parts.emplace_back(" | ");
    pipeline.parts.emplace_back(std::move(piece));
  }
  static Piece piece(Sort sort, std::vector<Part> parts) {
    Piece out;
    out.sort = sort;
    out.parts = std::move(parts);
    return out;
  }
  static Piece command(std::vector<Part> parts) { return piece(Sort::command, std::move(parts)); }
  static Piece value_of(std::vector<Part> parts) { return piece(Sort::value, std::move(parts)); }
  static Piece truth_of(std::vector<Part> parts) { return piece(Sort::truth, std::move(parts)); }
  static Piece search_of(std::vector<Part> parts) { return piece(Sort::search, std::move(parts)); }

  // ---- events ---------------------------------------------------------------------------------

  std::string field() { return one_of({"a", "b", "c", "n", "m", "path", "d.e", "a_b"}); }
  std::string plain_field() { return one_of({"a", "b", "c", "n", "m", "path"}); }

  std::string text() {
    return one_of({"a", "A", "b", "ab", "aB", "a b", "abc", "1", "01", "1.0", "10", "9", "-3", "2.5", "1e3",
                   "0x1f", "true", "false", "null", "unknown", "*", "a*b", "x.exe", "X.EXE",
                   "C:\\Windows\\x.exe", "C:\\a\\b", "\\\\host\\share", "say \"hi\"", "10.0.0.1", "10.1.2.3",
                   "192.168.1.7", "::1", "\xC3\xA4", "\xC3\x84x", "9007199254740993", "9007199254740992", "a,b",
                   "a;b;;c", "a=b", "<x>", "&lt;x>", "line\nbreak", " pad ", "tab\there", "%41%zz", "2024-02-29",
                   "1709164800", "{\"k\": [1, \"two\"]}", "(a)", "a|b", "$a$", "\xFF"});
  }

  event::Value value() {
    switch (below(10)) {
      case 0:
        return static_cast<double>(below(12)) - 3;
      case 1:
        return (static_cast<double>(below(40)) - 10) / 4;
      case 2: {
        event::Value::Many many;
        const std::size_t n = 2 + below(2);
        for (std::size_t k = 0; k < n; ++k) many.push_back(text());
        return event::Value::many(std::move(many));
      }
      default:
        return text();
    }
  }

  GeneratedEvent event() {
    GeneratedEvent out;
    if (below(8)) out.emplace_back("_time", 1709164800.0 + static_cast<double>(below(10)) * 300);
    if (below(3) == 0) out.emplace_back("_raw", text() + " " + text() + "=" + text());
    for (const char* name : {"a", "b", "c", "n", "m", "path", "d.e", "a_b"})
      if (below(3)) out.emplace_back(name, value());
    return out;
  }

  // ---- search expressions ---------------------------------------------------------------------

  static std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return out + "\"";
  }

  std::string pattern() {
    std::string out = text();
    if (below(3) == 0) out = "*" + out;
    if (below(3) == 0) out += "*";
    if (below(6) == 0 && out.size() > 1) out.insert(1 + below(out.size() - 1), "*");
    if (below(12) == 0) out = "";
    if (below(12) == 0) out = one_of({"10.0.0.0/8", "192.168.1.0/29", "::/64", "*\\*", "&lt;*", "*.exe"});
    return quoted(out);
  }

  Piece search(int depth) {
    switch (depth > 0 ? below(9) : 5 + below(4)) {
      case 0:
      case 1:
        return search_of({search(depth - 1), one_of({" ", " AND "}), search(depth - 1)});
      case 2:
        return search_of({search(depth - 1), std::string(" OR "), search(depth - 1)});
      case 3:
        return search_of({std::string("NOT "), search(depth - 1)});
      case 4:
        return search_of({std::string("("), search(depth - 1), std::string(")")});
      case 5:
        return search_of({name() + one_of({"=", "!=", "=", "<", ">=", " > ", "<="}) + pattern()});
      case 6: {
        std::string list = pattern();
        for (std::size_t k = below(3); k > 0; --k) list += ", " + pattern();
        return search_of({name() + " IN (" + list + ")"});
      }
      case 7:
        return search_of({below(4) ? name() + "=*" : pattern()});
      default:
        return search_of({std::string("*")});
    }
  }
  std::string name() {
    const std::string out = field();
    return below(8) ? out : "\"" + out + "\"";
  }

  // ---- eval -----------------------------------------------------------------------------------

  std::string eval_name() {
    const std::string out = field();
    return out.find('.') != std::string::npos || below(6) == 0 ? "'" + out + "'" : out;
  }
  std::string literal() {
    if (below(3)) return quoted(text());
    return one_of({"0", "1", "2", "10", "2.5", "1.0", "-3", ".25", "9007199254740993"});
  }
  Piece regex() {
    return value_of({quoted_regex(one_of({"a", "^a", "b$", "(?i)A", "\\d+", "[a-c]+", "(a)(b)?", ".", "\\s", "x\\.exe$", "^$",
                                          "a*", "(?<k>\\w+)\\\\", "(?!a)b", "\\bx", "^\\S+ "}))});
  }
  static std::string quoted_regex(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) out += c == '\\' ? "\\\\" : std::string(1, c);
    return out + "\"";
  }
  Piece like() { return value_of({quoted(one_of({"a%", "%a", "%", "_", "a_c", "%b%", "x.e_e", "%\\%", "", "A%"}))}); }

  Piece truth(int depth) {
    if (depth <= 0) return truth_of({eval_name() + one_of({"=", "!=", "<", "==", ">="}) + literal()});
    switch (below(14)) {
      case 0:
        return truth_of({std::string("("), truth(depth - 1), std::string(" AND "), truth(depth - 1), std::string(")")});
      case 1:
        return truth_of({truth(depth - 1), std::string(" OR "), truth(depth - 1)});
      case 2:
        return truth_of({std::string("NOT "), truth(depth - 1)});
      case 3:
        return truth_of({truth(depth - 1), std::string(" XOR "), truth(depth - 1)});
      case 4:
        return truth_of({std::string("match("), value(depth - 1), std::string(", "), regex(), std::string(")")});
      case 5:
        return truth_of({one_of({"like(", "LIKE ("}), value(depth - 1), std::string(", "), like(), std::string(")")});
      case 6:
        return truth_of({one_of({"isnull(", "isnotnull(", "isnum(", "isstr(", "isint(", "ismv("}), value(depth - 1), std::string(")")});
      case 7:
        return truth_of({eval_name() + " IN (", value(depth - 1), std::string(", " + literal() + ")")});
      case 8:
        return truth_of({std::string("in("), value(depth - 1), std::string(", "), value(depth - 1), std::string(")")});
      case 9:
        return truth_of({std::string("if("), truth(depth - 1), std::string(", "), truth(depth - 1), std::string(", "), truth(depth - 1), std::string(")")});
      case 10:
        return truth_of({std::string("cidrmatch("), value_of({one_of({"\"10.0.0.0/8\"", "\"192.168.1.0/24\"", "\"::/0\""})}), std::string(", "), value(depth - 1), std::string(")")});
      case 11:
        return truth_of({one_of({"true()", "false()"})});
      default:
        return truth_of({value(depth - 1), one_of({"=", "!=", "<", ">", "<=", ">=", "=="}), value(depth - 1)});
    }
  }

  Piece value(int depth) {
    if (depth <= 0) return value_of({below(2) ? eval_name() : literal()});
    const auto one = [&](const char* function) { return value_of({std::string(function) + "(", value(depth - 1), std::string(")")}); };
    switch (below(24)) {
      case 0:
        return value_of({std::string("("), value(depth - 1), one_of({" + ", " - ", " * ", " / ", " % ", " . "}), value(depth - 1), std::string(")")});
      case 1:
        return value_of({std::string("if("), truth(depth - 1), std::string(", "), value(depth - 1), std::string(", "), value(depth - 1), std::string(")")});
      case 2:
        return value_of({std::string("case("), truth(depth - 1), std::string(", "), value(depth - 1), std::string(", "), truth(depth - 1), std::string(", "), value(depth - 1), std::string(")")});
      case 3:
        return value_of({std::string("coalesce("), value(depth - 1), std::string(", "), value(depth - 1), std::string(")")});
      case 4:
        return value_of({std::string("replace("), value(depth - 1), std::string(", "), regex(), std::string(", "), value_of({one_of({"\"\"", "\"-\"", "\"\\1x\"", "\"\\0\\0\"", "\"\\2\""})}), std::string(")")});
      case 5:
        return one("lower");
      case 6:
        return one("upper");
      case 7:
        return one("len");
      case 8:
        return value_of({one_of({"trim(", "ltrim(", "rtrim("}), value(depth - 1), one_of({")", ", \"a\")", ", \"ab \")"})});
      case 9:
        return value_of({std::string("substr("), value(depth - 1), one_of({", 1, 2)", ", 2)", ", -2)", ", 0, 3)", ", 1, 0)", ", 9)", ", -9, 2)"})});
      case 10:
        return value_of({std::string("split("), value(depth - 1), one_of({", \",\")", ", \";\")", ", \"\")", ", \"a\")", ", \"\\\\\")"})});
      case 11:
        return value_of({std::string("mvindex("), value(depth - 1), one_of({", 0)", ", -1)", ", 1)", ", 0, 1)", ", 1, -1)", ", -2, -1)", ", 5)", ", -5, 0)"})});
      case 12:
        return one("mvcount");
      case 13:
        return value_of({std::string("mvappend("), value(depth - 1), std::string(", "), value(depth - 1), std::string(")")});
      case 14:
        return value_of({std::string("mvjoin("), value(depth - 1), one_of({", \",\")", ", \"\")", ", \" - \")"})});
      case 15:
        return one(below(2) ? "mvdedup" : "mvsort");
      case 16:
        return value_of({std::string("mvfilter("), truth_of({std::string("match(" + plain_field() + ", "), regex(), std::string(")")}), std::string(")")});
      case 17:
        return value_of({std::string("round("), value(depth - 1), one_of({")", ", 1)", ", 2)", ", 0)", ", -1)"})});
      case 18:
        return value_of({one_of({"abs(", "floor(", "ceil(", "sqrt(", "exp(", "ln("}), value(depth - 1), std::string(")")});
      case 19:
        return value_of({std::string("tonumber("), value(depth - 1), one_of({")", ", 16)", ", 10)", ", 2)"})});
      case 20:
        return value_of({std::string("tostring("), value(depth - 1), one_of({")", ", \"hex\")", ", \"commas\")", ", \"duration\")"})});
      case 21:
        return value_of({one_of({"relative_time(", "strftime("}), value_of({one_of({"_time", "1709164800", "n", "a"})}), one_of({", \"-70m@m\")", ", \"@d\")", ", \"%F %T\")", ", \"-1mon@mon\")", ", \"+2h\")", ", \"@w1\")", ", \"%H:%M %j\")"})});
      case 22:
        return value_of({one_of({"urldecode(", "md5(", "nullif(a, ", "max(n, ", "min(\"x\", ", "mvzip(c, "}), value(depth - 1), std::string(")")});
      default:
        return below(2) ? value_of({eval_name()}) : value_of({std::string("null()")});
    }
  }

  // ---- commands -------------------------------------------------------------------------------

  std::string aggregate() {
    const std::string f = plain_field();
    return one_of({"count", "count(", "dc(", "values(", "list(", "min(", "max(", "avg(", "sum(", "range(", "stdev(", "first(", "last(", "p50(", "mode("}) + f;
  }
  Piece aggregates() {
    Piece out;
    out.sort = Sort::value;
    const std::size_t n = 1 + below(3);
    for (std::size_t k = 0; k < n; ++k) {
      std::string a = aggregate();
      a = a.starts_with("count") && a.find('(') == std::string::npos ? "count" : a + ")";
      if (k) out.parts.emplace_back(" ");
      if (below(6) == 0) {
        out.parts.emplace_back(one_of({"count(eval(", "dc(eval(", "values(eval("}));
        out.parts.emplace_back(truth(1));
        out.parts.emplace_back("))");
        out.parts.emplace_back(" as e" + std::to_string(k));
      } else {
        out.parts.emplace_back(a + " as r" + std::to_string(k));
      }
    }
    return out;
  }
  std::string by() {
    if (below(4) == 0) return "";
    return " by " + plain_field() + (below(3) ? "" : std::string(" ") + one_of({"a_b", "_time"}));
  }

  Piece next_command() {
    switch (below(24)) {
      case 0:
      case 1:
      case 2:
        return command({"eval " + plain_field() + "=", value(3)});
      case 3:
        return command({"eval x=", value(2), ", " + plain_field() + "=", value(2)});
      case 4:
        return command({"where ", truth(2)});
      case 5:
        return command({"search ", search(2)});
      case 6:
        return command({"stats ", aggregates(), by()});
      case 7:
        return command({"eventstats ", aggregates(), by()});
      case 8:
        return command({"streamstats " + one_of({"", "window=2 ", "current=f ", "current=f window=1 "}), aggregates(), by()});
      case 9:
        return command({one_of({"rename a as z", "rename a as b", "rename a* as z*, b as a", "rename missing as b", "rename a as b, b as a", "rename * as pre_*", "rename d.* as *"})});
      case 10:
        return command({one_of({"fillnull", "fillnull value=x a b", "fillnull value=null"})});
      case 11:
        return command({"mvexpand " + plain_field()});
      case 12:
        return command({"dedup " + one_of({"a", "a b", "a keepempty=true", "2 n", "a consecutive=true", "a sortby -n"})});
      case 13:
        return command({"sort " + one_of({"a", "- n", "n, -a", "2 b", "str(n)", "num(n)"})});
      case 14:
        return command({one_of({"head 2", "tail 2", "reverse", "head 1"})});
      case 15:
        return command({"rex field=" + plain_field() + " " + one_of({"", "max_match=0 ", "max_match=2 "}) + one_of({"\"(?<g>[a-c]+)\"", "\"(?<g>\\d)(?<h>\\d)?\"", "\"(?<a>.)\"", "\"^(?<g>[^\\\\\\\\]*)\\\\\\\\\"", "\"(?<g>a*)\""})});
      case 16:
        return command({"regex " + plain_field() + one_of({"=", "!="}) + one_of({"\"^a\"", "\"\\d\"", "\"(?i)X\"", "\"b$\""})});
      case 17:
        return command({one_of({"fields a b n", "fields - a n", "table a b c n", "fields a*", "table *"})});
      case 18:
        return command({one_of({"bin _time span=5m", "bin n span=2", "bin _time span=1h as h"})});
      case 19:
        return command({one_of({"makemv delim=\",\" a", "makemv delim=\";\" allowempty=true a", "makemv tokenizer=\"([a-c])\" a", "nomv c", "mvcombine b"})});
      case 20:
        return command({one_of({"replace a with z in a", "replace \"a*\" with \"*z\"", "replace *b* with x in b, c", "replace a with 1, \"*\" with 2 in n"})});
      case 21:
        return command({one_of({"rex mode=sed field=a \"s/a/x/g\"", "rex mode=sed field=b \"s/(.)b/\\1\\1/\"", "rex mode=sed field=path \"y/abc/xyz/\""})});
      case 22:
        return command({one_of({"appendpipe [stats count by a]", "appendpipe [where n>1 | eval k=\"p\"]", "append [search a=* | stats count as n by b]", "join a [search b=* | table a b n]", "join type=left a max=0 [search n=* | fields a n]", "eval k=1 | join n [search a=* | stats values(b) as vb by n]"})});
      default:
        return command({one_of({"foreach a* [eval <<FIELD>>=upper('<<FIELD>>')]", "foreach a b [eval s=mvappend(s, <<FIELD>>)]", "convert ctime(n)", "convert num(a) auto(b)", "addtotals", "spath input=a", "transaction a", "transaction a maxspan=10m", "timechart span=10m cont=f count by a", "timechart span=1d count by a", "convert ctime(_time) as t timeformat=\"%F\""})});
    }
  }

  std::mt19937_64 random_;
};

// Every way to replace one piece of `piece` by something smaller, passed on to `take` as whole pieces.
void shrink(const Piece& piece, const std::function<void(const Piece&)>& take) {
  for (std::size_t k = 0; k < piece.parts.size(); ++k) {
    const auto* inner = std::get_if<Piece>(&piece.parts[k]);
    if (!inner) continue;
    // A piece within takes the place of the piece.
    for (const auto& part : inner->parts)
      if (const auto* deeper = std::get_if<Piece>(&part); deeper && deeper->sort == inner->sort) {
        Piece out = piece;
        out.parts[k] = *deeper;
        take(out);
      }
    // The piece becomes the simplest of its sort.
    const std::vector<std::string> simplest = inner->sort == Sort::truth ? std::vector<std::string>{"true()", "false()", "isnull(a)"}
                                              : inner->sort == Sort::search ? std::vector<std::string>{"*", "NOT *"}
                                              : inner->sort == Sort::value ? std::vector<std::string>{"null()", "1", "a", "count"}
                                                                           : std::vector<std::string>{};
    for (const std::string& text : simplest)
      if (inner->text() != text && inner->text().size() > text.size()) {
        Piece out = piece;
        out.parts[k] = Piece{inner->sort, {text}};
        take(out);
      }
    shrink(*inner, [&](const Piece& smaller_inner) {
      Piece out = piece;
      out.parts[k] = smaller_inner;
      take(out);
    });
  }
}

}  // namespace

std::string Piece::text() const {
  std::string out;
  for (const auto& part : parts) out += std::holds_alternative<std::string>(part) ? std::get<std::string>(part) : std::get<Piece>(part).text();
  return out;
}

Case generate(std::uint64_t seed) { return Generator(seed).make(); }

std::vector<Case> smaller(const Case& of) {
  std::vector<Case> out;
  for (std::size_t k = 0; k < of.events.size(); ++k) {
    out.push_back(of);
    out.back().events.erase(out.back().events.begin() + static_cast<std::ptrdiff_t>(k));
  }
  // Commands stand at the even places, bars between them; the first makes the rows.
  for (std::size_t k = 2; k < of.pipeline.parts.size(); k += 2) {
    out.push_back(of);
    auto& parts = out.back().pipeline.parts;
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(k) - 1, parts.begin() + static_cast<std::ptrdiff_t>(k) + 1);
  }
  shrink(of.pipeline, [&](const Piece& pipeline) {
    out.push_back(of);
    out.back().pipeline = pipeline;
  });
  for (std::size_t e = 0; e < of.events.size(); ++e)
    for (std::size_t f = 0; f < of.events[e].size(); ++f) {
      out.push_back(of);
      out.back().events[e].erase(out.back().events[e].begin() + static_cast<std::ptrdiff_t>(f));
      const event::Value& value = of.events[e][f].second;
      if (!value.is_many()) continue;
      for (std::size_t v = 0; v < value.as_many().size(); ++v) {
        auto many = value.as_many();
        many.erase(many.begin() + static_cast<std::ptrdiff_t>(v));
        out.push_back(of);
        out.back().events[e][f].second = event::Value::many(std::move(many));
      }
    }
  return out;
}

}  // namespace escudo::twin

// The table of verbs: the one place where a new one is registered.
#include "spl/verbs/verbs.hpp"

#include <algorithm>

namespace escudo::spl {
namespace {

using namespace verbs;

constexpr VerbEntry kVerbs[] = {
    {"search", parse_search, true},
    {"tstats", parse_tstats, true},
    {"inputlookup", parse_inputlookup, true},
    {"from", parse_from, true},
    {"makeresults", parse_makeresults, true},
    {"multisearch", parse_multisearch, true},
    {"union", parse_multisearch, true},
    {"where", parse_where, false},
    {"eval", parse_eval, false},
    {"stats", parse_stats, false},
    {"sistats", parse_stats, false},
    {"eventstats", parse_eventstats, false},
    {"streamstats", parse_streamstats, false},
    {"rename", parse_rename, false},
    {"convert", parse_convert, false},
    {"rex", parse_rex, false},
    {"regex", parse_regex, false},
    {"lookup", parse_lookup, false},
    {"outputlookup", parse_outputlookup, false},
    {"join", parse_join, false},
    {"append", parse_append, false},
    {"appendpipe", parse_appendpipe, false},
    {"appendcols", parse_appendcols, false},
    {"map", parse_map, false},
    {"bin", parse_bin, false},
    {"bucket", parse_bin, false},
    {"timechart", parse_timechart, false},
    {"chart", parse_chart, false},
    {"top", parse_top, false},
    {"rare", parse_rare, false},
    {"table", parse_table, false},
    {"fields", parse_fields, false},
    {"fillnull", parse_fillnull, false},
    {"mvexpand", parse_mvexpand, false},
    {"mvcombine", parse_mvcombine, false},
    {"nomv", parse_nomv, false},
    {"makemv", parse_makemv, false},
    {"dedup", parse_dedup, false},
    {"sort", parse_sort, false},
    {"head", parse_head, false},
    {"tail", parse_tail, false},
    {"reverse", parse_reverse, false},
    {"spath", parse_spath, false},
    {"xmlkv", parse_xmlkv, false},
    {"foreach", parse_foreach, false},
    {"replace", parse_replace, false},
    {"transaction", parse_transaction, false},
    {"addtotals", parse_addtotals, false},
    // no effect on the rows of a native run
    {"localop", parse_noop, false},
    {"noop", parse_noop, false},
    // known, needs what only Splunk has
    {"apply", parse_unsupported, false},
    {"fit", parse_unsupported, false},
    {"iplocation", parse_unsupported, false},
    {"geostats", parse_unsupported, false},
    {"anomalydetection", parse_unsupported, false},
    {"predict", parse_unsupported, false},
    {"cluster", parse_unsupported, false},
    {"outlier", parse_unsupported, false},
    {"fromjson", parse_unsupported, false},
    {"collect", parse_unsupported, false},
    {"sendalert", parse_unsupported, false},
    {"rest", parse_unsupported, true},
    {"datamodel", parse_unsupported, true},
    {"mstats", parse_unsupported, true},
    {"metadata", parse_unsupported, true},
    {"loadjob", parse_unsupported, true},
    {"savedsearch", parse_unsupported, true},
    {"dbxquery", parse_unsupported, true},
    {"ldapsearch", parse_unsupported, true},
};

}  // namespace

const VerbEntry* find_verb(std::string_view name) {
  const auto* found = std::find_if(std::begin(kVerbs), std::end(kVerbs), [&](const VerbEntry& v) { return v.name == name; });
  return found == std::end(kVerbs) ? nullptr : found;
}

std::vector<std::string> verb_names() {
  std::vector<std::string> out;
  for (const VerbEntry& verb : kVerbs) out.emplace_back(verb.name);
  return out;
}

}  // namespace escudo::spl

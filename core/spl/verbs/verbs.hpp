#pragma once
// One parser a verb, each in the file named after it. Registered in verbs.cpp.

#include "spl/parser.hpp"

namespace escudo::spl::verbs {

Verb parse_search(Parser&);
Verb parse_tstats(Parser&);
Verb parse_where(Parser&);
Verb parse_eval(Parser&);
Verb parse_stats(Parser&);
Verb parse_eventstats(Parser&);
Verb parse_streamstats(Parser&);
Verb parse_rename(Parser&);
Verb parse_convert(Parser&);
Verb parse_rex(Parser&);
Verb parse_regex(Parser&);
Verb parse_lookup(Parser&);
Verb parse_inputlookup(Parser&);
Verb parse_outputlookup(Parser&);
Verb parse_join(Parser&);
Verb parse_append(Parser&);
Verb parse_appendpipe(Parser&);
Verb parse_appendcols(Parser&);
Verb parse_multisearch(Parser&);
Verb parse_map(Parser&);
Verb parse_bin(Parser&);
Verb parse_timechart(Parser&);
Verb parse_chart(Parser&);
Verb parse_top(Parser&);
Verb parse_rare(Parser&);
Verb parse_table(Parser&);
Verb parse_fields(Parser&);
Verb parse_fillnull(Parser&);
Verb parse_mvexpand(Parser&);
Verb parse_mvcombine(Parser&);
Verb parse_nomv(Parser&);
Verb parse_makemv(Parser&);
Verb parse_dedup(Parser&);
Verb parse_sort(Parser&);
Verb parse_head(Parser&);
Verb parse_tail(Parser&);
Verb parse_reverse(Parser&);
Verb parse_spath(Parser&);
Verb parse_xmlkv(Parser&);
Verb parse_foreach(Parser&);
Verb parse_replace(Parser&);
Verb parse_transaction(Parser&);
Verb parse_addtotals(Parser&);
Verb parse_makeresults(Parser&);
Verb parse_from(Parser&);
Verb parse_noop(Parser&);
Verb parse_unsupported(Parser&);

}  // namespace escudo::spl::verbs

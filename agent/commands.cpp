// The table of commands and options.
#include "commands.hpp"

namespace escudo::agent {
namespace {

constexpr OptionSpec kRules{"rules", 0, "PATH", true, "detections: a YAML file, a folder or a security_content checkout (default: those shipped)"};
constexpr OptionSpec kMacros{"macros", 0, "FILE", true, "macros that override the checkout's, *_filter macros among them"};
constexpr OptionSpec kCompat{"compat", 0, "NAME", true, "behave as an add-on does that the default does not follow: ta-windows-8"};
constexpr OptionSpec kFindingFormat{"format", 0, "FORMAT", false, "table, jsonl, json or csv (default: table)"};
constexpr OptionSpec kDumpFormat{"format", 0, "FORMAT", false, "jsonl, xml or attack-data (default: jsonl)"};
constexpr OptionSpec kTestFormat{"format", 0, "FORMAT", false, "text or json (default: text)"};
constexpr OptionSpec kList{"list", 0, "", false, "name the tests and what they need, a JSON object a line, and run none"};
constexpr OptionSpec kListFormat{"format", 0, "FORMAT", false, "table or jsonl (default: table)"};
constexpr OptionSpec kOutput{"output", 'o', "FILE", false, "write there instead of standard output"};
constexpr OptionSpec kFrom{"from", 0, "TIME", false, "only events at or after this time (UTC unless it names a zone)"};
constexpr OptionSpec kTo{"to", 0, "TIME", false, "only events before this time"};
constexpr OptionSpec kChannel{"channel", 0, "CHANNEL", true, "only events of this channel, * allowed"};
constexpr OptionSpec kEventId{"event-id", 0, "N", true, "only events with this id"};
constexpr OptionSpec kThreads{"threads", 0, "N", false, "files, or parts of a large one, read at once (default: the processors of the machine)"};
constexpr OptionSpec kReader{"reader", 0, "NAME", false, "how EVTX is read: native or libevtx (default: native)"};
constexpr OptionSpec kRecover{"recover", 0, "", false, "also read records left over outside the live ones, marked as recovered"};
constexpr OptionSpec kHost{"host", 0, "NAME", false, "the machine all logs came from, Splunk's host (default: as each event says)"};
constexpr OptionSpec kVerify{"verify", 0, "", false, "check every checksum of EVTX files and tell which are wrong"};
constexpr OptionSpec kFailLevel{"fail-level", 0, "SCORE", false, "exit with 1 when a finding has at least this risk score"};
constexpr OptionSpec kStrict{"strict", 0, "", false, "unsupported and partly supported rules count as incomplete (exit 2)"};
constexpr OptionSpec kNow{"now", 0, "TIME", false, "what now() means to the rules (default: the time of the last event)"};
constexpr OptionSpec kOffline{"offline", 0, "", false, "download nothing: what is not there is untested"};
constexpr OptionSpec kCases{"cases", 0, "DIR", true, "also judge the cases in this folder, or the one case that it is"};
constexpr OptionSpec kDataset{"dataset", 0, "PATH", true, "only tests of this dataset, * allowed"};
constexpr OptionSpec kChangedSince{"changed-since", 0, "REV", false, "only detections that changed since this git revision, or whose macros or lookups did"};
constexpr OptionSpec kSkippedToo{"skipped-too", 0, "", false, "also what contentctl skips: detections not in production, tests to be done by hand"};
constexpr OptionSpec kCrossFire{"cross-fire", 0, "", false, "try every loaded detection on the datasets of the chosen ones"};
constexpr OptionSpec kBase{"base", 0, "REV|FILE", false, "tell what changed against a git revision of the rules, or a file that --result wrote"};
constexpr OptionSpec kRewrite{"rewrite", 0, "", false, "write the golden findings of the cases in --cases, and new cases for tests that have none"};
constexpr OptionSpec kJunit{"junit", 0, "FILE", false, "write JUnit XML"};
constexpr OptionSpec kSarif{"sarif", 0, "FILE", false, "write SARIF 2.1.0"};
constexpr OptionSpec kMarkdown{"markdown", 0, "FILE", false, "write a report in Markdown"};
constexpr OptionSpec kSummary{"summary", 0, "FILE", false, "write contentctl's summary.yml"};
constexpr OptionSpec kResult{"result", 0, "FILE", false, "write everything as JSON, for --base of a later run"};
constexpr OptionSpec kGithub{"github", 0, "", false, "print annotations for GitHub Actions and append to its step summary"};
constexpr OptionSpec kVerbose{"verbose", 'v', "", false, "name the tests that pass, too"};
constexpr OptionSpec kStrictTest{"strict", 0, "", false, "untested counts as incomplete (exit 2)"};
constexpr OptionSpec kEvent{"event", 0, "FILE:RECORD", false, "tell why this event is in no finding; FILE alone: why the whole file has none"};
constexpr OptionSpec kStore{"data", 0, "DIR", false, "the store of datasets (default: escudo/attack_data in the user's cache)"};
constexpr OptionSpec kIndex{"index", 0, "PATH", true, "what is known of datasets: a file of path, sha256 and bytes, or a checkout of attack_data"};
constexpr OptionSpec kAll{"all", 0, "", false, "also datasets of --index that no detection names"};
constexpr OptionSpec kBaseUrl{"base-url", 0, "URL", false, "a mirror in place of raw.githubusercontent.com and media.githubusercontent.com"};
constexpr OptionSpec kFetchOffline{"offline", 0, "", false, "ask nobody: say what is missing"};
constexpr OptionSpec kDryRun{"dry-run", 0, "", false, "say how many bytes there are to download, and stop"};
constexpr OptionSpec kMaxSize{"max-size", 0, "BYTES", false, "leave out larger datasets, such as 25MB"};
constexpr OptionSpec kParallel{"parallel", 0, "N", false, "downloads at once (default: 4)"};
constexpr OptionSpec kRetries{"retries", 0, "N", false, "further attempts after one that brought nothing (default: 5)"};
constexpr OptionSpec kRetryWait{"retry-wait", 0, "SECONDS", false, "before the first further attempt; doubled each time (default: 1)"};
constexpr OptionSpec kTimeout{"timeout", 0, "SECONDS", false, "give a server up that has sent next to nothing for so long (default: 30)"};
constexpr OptionSpec kRemove{"remove", 0, "", false, "remove contents that are damaged, so that fetch gets them again"};
constexpr OptionSpec kSource{"source", 0, "NAME", false, "what Splunk calls the source (default: as the tests or the dataset's YAML say)"};
constexpr OptionSpec kSourcetype{"sourcetype", 0, "NAME", false, "what Splunk calls the sourcetype (default: as the tests or the dataset's YAML say)"};
constexpr OptionSpec kReplayHost{"host", 0, "NAME", false, "the machine the events are of (default: as the tests or the events say)"};
constexpr OptionSpec kSendSink{"sink", 0, "SINK", false, "hec:URL (Splunk's HTTP Event Collector), file:PATH (appended to) or journald[:SOCKET]"};
constexpr OptionSpec kSplunkIndex{"splunk-index", 0, "NAME", false, "the index a collector puts the events into (default: the token's)"};
constexpr OptionSpec kTokenFile{"token-file", 0, "FILE", false, "the collector's token (default: the environment variable ESCUDO_HEC_TOKEN)"};
constexpr OptionSpec kCaFile{"ca-file", 0, "FILE", false, "certificates to trust instead of the system's"};
constexpr OptionSpec kSpeed{"speed", 0, "N", false, "N times as fast as it happened; 1 is its own pace (default: all at once)"};
constexpr OptionSpec kShift{"shift", 0, "now|TIME", false, "move the events' times: by 3600 (seconds), -90m, 7d, or so that the last is now"};
constexpr OptionSpec kToDataset{"dataset", 0, "DIR", false, "write a dataset of attack_data: a log a channel and the YAML, into this folder below datasets/; prints the tests"};
constexpr OptionSpec kAuthor{"author", 0, "NAME", false, "of the dataset"};
constexpr OptionSpec kDescription{"description", 0, "TEXT", false, "of the dataset: what was done"};
constexpr OptionSpec kEnvironment{"environment", 0, "TEXT", false, "where the dataset was captured (default: custom)"};
constexpr OptionSpec kTechnique{"technique", 0, "ID", true, "ATT&CK technique of the dataset (default: those in the folder's path)"};
constexpr OptionSpec kDumpSource{"source", 0, "NAME", false, "what the dataset's YAML calls the source (default: as the channel says)"};
constexpr OptionSpec kDumpSourcetype{"sourcetype", 0, "NAME", false, "what the dataset's YAML calls the sourcetype (default: as the channel says)"};
constexpr OptionSpec kQuiet{"quiet", 'q', "", false, "no progress and no summary; warnings stay"};
constexpr OptionSpec kLiveSource{"source", 0, "SOURCE", true, "what to follow: file:PATH, journald[:MATCH], winlog:CHANNEL[,CHANNEL] (Windows) or kafka:BROKERS/TOPIC?group=GROUP"};
constexpr OptionSpec kLiveSink{"sink", 0, "SINK", true, "where findings go: stdout, jsonl:FILE, hec:URL, syslog:URL or kafka:BROKERS/TOPIC (default: stdout); docs/sinks.md"};
constexpr OptionSpec kState{"state", 0, "DIR", false, "keep there what must outlive the process; without it every start begins anew"};
constexpr OptionSpec kKeep{"keep", 0, "DAYS", false, "forget what had no event for so many days (default: 30)"};
constexpr OptionSpec kOnce{"once", 0, "", false, "end when everything that is there has been read"};
constexpr OptionSpec kMetrics{"metrics", 0, "PORT", false, "serve /metrics (Prometheus) and /status on this port of 127.0.0.1"};
constexpr OptionSpec kStatus{"status", 0, "", false, "print what the tail with this --state last said of itself, as JSON; exit 0 healthy, 2 in trouble, 3 not running"};
constexpr OptionSpec kHelp{"help", 'h', "", false, "this help"};

const CommandSpec kCommands[] = {
    {"scan", "PATH...", "find detections in EVTX, XML, JSON, syslog, auditd and WinEventLog files, folders, archives or standard input (-)",
     {&kRules, &kMacros, &kCompat, &kFindingFormat, &kOutput, &kFrom, &kTo, &kChannel, &kEventId, &kThreads, &kReader, &kRecover,
      &kVerify, &kHost, &kFailLevel, &kStrict, &kNow, &kQuiet, &kHelp},
     run_scan},
    {"dump", "PATH...", "print the events of logs, one after another, in another form",
     {&kDumpFormat, &kOutput, &kFrom, &kTo, &kChannel, &kEventId, &kThreads, &kReader, &kRecover, &kVerify,
      &kToDataset, &kAuthor, &kDescription, &kEnvironment, &kTechnique, &kDumpSource, &kDumpSourcetype, &kQuiet, &kHelp},
     run_dump},
    {"tail", "", "follow live logs and tell findings as they happen; docs/tail.md says what is promised",
     {&kLiveSource, &kLiveSink, &kState, &kKeep, &kRules, &kMacros, &kCompat, &kOnce, &kMetrics, &kStatus, &kQuiet, &kHelp},
     run_tail},
    {"rules list", "[NAME]...", "name the detections", {&kRules, &kMacros, &kCompat, &kListFormat, &kHelp}, run_rules_list},
    {"rules check", "[NAME]...", "tell of each detection whether it runs here, and if not, why",
     {&kRules, &kMacros, &kCompat, &kListFormat, &kStrict, &kHelp}, run_rules_check},
    {"rules explain", "NAME...", "print a detection's expanded search, its plan, and the fields it needs and gives",
     {&kRules, &kMacros, &kCompat, &kEvent, &kHelp}, run_rules_explain},
    {"test", "[NAME]...", "run the tests of detections, and cases, over their datasets",
     {&kRules, &kMacros, &kCompat, &kStore, &kIndex, &kOffline, &kBaseUrl, &kMaxSize, &kParallel, &kRetries, &kRetryWait, &kTimeout, &kCaFile, &kCases, &kDataset, &kChangedSince, &kSkippedToo, &kCrossFire, &kBase, &kRewrite,
      &kTestFormat, &kList, &kJunit, &kSarif, &kMarkdown, &kSummary, &kResult, &kGithub, &kThreads, &kReader, &kNow, &kStrictTest, &kVerbose, &kQuiet, &kHelp},
     run_test},
    {"replay list", "[NAME]...", "name the datasets that detections are tested with, and which of them are stored",
     {&kRules, &kStore, &kIndex, &kAll, &kListFormat, &kQuiet, &kHelp}, run_replay_list},
    {"replay fetch", "[NAME]...", "download datasets into the store",
     {&kRules, &kStore, &kIndex, &kAll, &kBaseUrl, &kFetchOffline, &kDryRun, &kMaxSize, &kParallel, &kRetries, &kRetryWait, &kTimeout, &kCaFile,
      &kListFormat, &kQuiet, &kHelp},
     run_replay_fetch},
    {"replay verify", "", "check every content of the store against its hash", {&kStore, &kIndex, &kRemove, &kListFormat, &kQuiet, &kHelp}, run_replay_verify},
    {"replay run", "NAME...", "find detections in datasets of the store, as scan does in files",
     {&kRules, &kMacros, &kCompat, &kStore, &kIndex, &kSource, &kSourcetype, &kReplayHost, &kFindingFormat, &kOutput, &kFrom, &kTo, &kChannel, &kEventId,
      &kThreads, &kReader, &kFailLevel, &kStrict, &kNow, &kQuiet, &kHelp},
     run_replay_run},
    {"replay send", "NAME...", "send the events of datasets to Splunk, a growing file or the journal, at their own pace or another",
     {&kSendSink, &kSpeed, &kShift, &kRules, &kStore, &kIndex, &kSource, &kSourcetype, &kReplayHost, &kSplunkIndex, &kTokenFile, &kCaFile,
      &kRetries, &kRetryWait, &kTimeout, &kReader, &kQuiet, &kHelp},
     run_replay_send},
    {"man", "", "print the manual page (roff)", {&kHelp}, run_man},
    {"completion", "SHELL", "print completions for bash, zsh or fish", {&kHelp}, run_completion},
};

}  // namespace

std::span<const CommandSpec> commands() { return kCommands; }

const CommandSpec* find_command(std::string_view name) {
  for (const CommandSpec& command : kCommands)
    if (command.name == name) return &command;
  return nullptr;
}

}  // namespace escudo::agent

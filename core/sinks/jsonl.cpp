// One finding a line, and nothing else: what a program reads.

#include "sinks/formats.hpp"

namespace escudo::sinks {
namespace {

class JsonLines final : public FindingSink {
 public:
  explicit JsonLines(Output& out) : out_(out) {}
  void add(const findings::Finding& finding) override { out_.write(finding_json(finding) + '\n'); }
  void finish(const RunSummary&) override {}

 private:
  Output& out_;
};

}  // namespace

std::unique_ptr<FindingSink> make_jsonl(Output& out, const TableStyle&) {
  return std::make_unique<JsonLines>(out);
}

}  // namespace escudo::sinks

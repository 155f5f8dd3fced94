// Tested by tests/unit/pipeline/narrowing_test.cpp, and by the twins, who know no such thing.
#include "pipeline/early_check.hpp"

#include "pipeline/lookup_table.hpp"
#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {
namespace {

constexpr std::size_t kKnown = 4096, kLongest = 256;   // 1 MB a filter at most
constexpr std::uint32_t kLookAfter = 4096, kPassBy = 16 * 1024;
// Values that multiply to more rows are let through.
constexpr std::size_t kMostRows = 256;

}  // namespace

EarlyCheck::~EarlyCheck() = default;

std::unique_ptr<EarlyCheck> EarlyCheck::make(const spl::EarlyFilter& filter, const spl::Plan& plan,
                                             const std::string& search, const catalog::Catalog& catalog,
                                             LookupStore& lookups) {
  std::unique_ptr<EarlyCheck> out(new EarlyCheck);
  out->context_.catalog = &catalog;
  out->context_.lookups = &lookups;
  out->context_.search = search;
  out->context_.warn = [check = out.get()](const std::string& text) {
    if (check->said_before_.insert(text).second) check->said_.push_back(text);
  };
  for (const spl::EarlyFilter::Field& field : filter.fields) out->columns_.push_back(field.written);
  std::vector<spl::TextProblem> problems;
  out->operators_ = make_body(filter.commands, plan, out->context_, problems);
  if (out->operators_.empty()) return nullptr;   // the search itself says why
  return out;
}

bool EarlyCheck::ask(std::span<const std::span<const std::string_view>> values) {
  Table table;
  table.columns = columns_;
  Row& row = table.rows.emplace_back();
  std::size_t rows = 1;
  for (const auto& some : values) {
    rows *= std::max<std::size_t>(some.size(), 1);
    if (rows > kMostRows) return true;
    if (some.size() == 1) row.cells.emplace_back(some.front());
    else row.cells.push_back(Value::many({some.begin(), some.end()}));
  }
  for (const auto& one : operators_) {
    table = one->push(std::move(table));
    if (table.rows.empty()) return false;
  }
  return true;
}

bool EarlyCheck::passes(std::span<const std::span<const std::string_view>> values) {
  if (idle_) return true;
  std::size_t size = 0;
  for (const auto& some : values)
    for (const std::string_view value : some) size += value.size();
  bool passed = false;
  if (rest_ > 0 || size > kLongest) {
    if (rest_ > 0) --rest_;
    passed = ask(values);
  } else {
    key_.clear();
    for (const auto& some : values) {
      key_ += static_cast<char>(std::min<std::size_t>(some.size(), 255));
      for (const std::string_view value : some) {
        key_ += static_cast<char>(value.size());
        key_ += value;
      }
    }
    auto at = known_.find(std::string_view(key_));
    if (at != known_.end()) {
      ++remembered_;
    } else {
      if (known_.size() >= kKnown) known_.clear();
      at = known_.emplace(key_, ask(values)).first;
    }
    passed = at->second;
  }
  if (!passed) ++dropped_;
  if (++asked_ == kLookAfter) {
    // Asking costs as much as a row costs later; remembering pays where one in eight is known.
    idle_ = dropped_ < asked_ / 4;
    if (remembered_ < asked_ / 8) rest_ = kPassBy;
    asked_ = dropped_ = remembered_ = 0;
  }
  return passed;
}

}  // namespace escudo::pipeline

// Tested by tests/unit/pipeline/narrowing_test.cpp, and by the twins, who know no such thing.
#include "pipeline/early_check.hpp"

#include "base/text_hash.hpp"
#include "pipeline/lookup_table.hpp"
#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {
namespace {

// 16,384 answers of 40 bytes, with keys of up to some 270 bytes beside them.
constexpr std::size_t kAnswers = 16 * 1024;
// Of the values with their lengths, each a byte.
constexpr std::size_t kLongest = 255;
constexpr std::uint32_t kLookAfter = 4096, kPassBy = 16 * 1024;
// Values that multiply to more rows are let through.
constexpr std::size_t kMostRows = 256;

}  // namespace

EarlyMemory::Answer& EarlyMemory::place_of(std::string_view key) {
  if (answers_.empty()) answers_.resize(kAnswers);
  return answers_[base::TextHash{}(key) % kAnswers];
}

std::size_t EarlyMemory::bytes() const {
  std::size_t out = answers_.capacity() * sizeof(Answer);
  for (const Answer& answer : answers_)
    if (answer.key.capacity() > std::string().capacity()) out += answer.key.capacity() + 1;
  return out;
}

EarlyCheck::~EarlyCheck() = default;

std::unique_ptr<EarlyCheck> EarlyCheck::make(const spl::EarlyFilter& filter, const spl::Plan& plan,
                                             const std::string& search, const catalog::Catalog& catalog,
                                             LookupStore& lookups, EarlyMemory& memory) {
  std::unique_ptr<EarlyCheck> out(new EarlyCheck(memory));
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
    for (const std::string_view value : some) size += value.size() + 1;
  bool passed = false;
  if (rest_ > 0 || size > kLongest) {
    if (rest_ > 0) --rest_;
    passed = ask(values);
  } else {
    key_.assign(reinterpret_cast<const char*>(&number_), sizeof number_);
    for (const auto& some : values) {
      key_ += static_cast<char>(some.size());
      for (const std::string_view value : some) {
        key_ += static_cast<char>(value.size());
        key_ += value;
      }
    }
    EarlyMemory::Answer& answer = memory_.place_of(key_);
    if (answer.key == key_) {
      ++remembered_;
    } else {
      answer.passes = ask(values);
      answer.key = std::string(key_);   // with no more room than it takes
    }
    passed = answer.passes;
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

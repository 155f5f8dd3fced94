// count: rows, or the values of a field. dc: distinct values, compared as text.
#include <unordered_set>

#include "base/text_hash.hpp"
#include "pipeline/aggregates/aggregates.hpp"
#include "pipeline/aggregates/few_texts.hpp"

namespace escudo::pipeline::aggregates {
namespace {

class Count final : public Accumulator {
 public:
  explicit Count(bool rows) : rows_(rows) {}
  void add(const Value& value, std::optional<double>) override { n_ += rows_ ? 1 : value.count(); }
  void add_text(std::string_view, std::optional<double>) override { ++n_; }
  Value result() const override { return static_cast<double>(n_); }
  void save(base::Packer& out) const override { out.number(n_); }
  void load(base::Unpacker& in) override { n_ = in.number(); }

 private:
  bool rows_;
  std::uint64_t n_ = 0;
};

class Distinct final : public Accumulator {
 public:
  void add(const Value& value, std::optional<double>) override {
    if (value.is_text()) return add_text(value.as_text(), {});
    for (const std::string& text : value.values()) add_text(text, {});
  }
  void add_text(std::string_view text, std::optional<double>) override { seen_.add(text); }
  Value result() const override { return static_cast<double>(seen_.size()); }
  std::size_t bytes() const override { return sizeof(*this) + seen_.bytes(); }
  void save(base::Packer& out) const override {
    out.number(seen_.size());
    seen_.each([&](const std::string& text) { out.text(text); });
  }
  void load(base::Unpacker& in) override {
    for (std::uint64_t n = in.number(); n > 0 && in.ok(); --n) add(in.text(), {});
  }

 private:
  FewTexts<std::unordered_set<std::string, base::TextHash, std::equal_to<>>> seen_;
};

}  // namespace

AccumulatorPtr make_count(const spl::Aggregate& a, const Limits&) {
  if (a.function == "count") return std::make_unique<Count>(a.field.empty() && !a.expression);
  if (a.function == "dc") return std::make_unique<Distinct>();
  return nullptr;
}

}  // namespace escudo::pipeline::aggregates

// values: distinct values in byte order. list: all values in order of arrival, the first hundred.
// mode: the most frequent value.
#include <map>
#include <set>

#include "pipeline/aggregates/aggregates.hpp"
#include "pipeline/aggregates/few_texts.hpp"

namespace escudo::pipeline::aggregates {
namespace {

class Values final : public Accumulator {
 public:
  void add(const Value& value, std::optional<double>) override {
    if (value.is_text()) return add_text(value.as_text(), {});
    for (const std::string& text : value.values()) add_text(text, {});
  }
  void add_text(std::string_view text, std::optional<double>) override { seen_.add(text); }
  Value result() const override {
    Value::Many all;
    all.reserve(seen_.size());
    seen_.each([&](const std::string& text) { all.push_back(text); });
    return Value::many(std::move(all));
  }
  std::size_t bytes() const override { return sizeof(*this) + seen_.bytes(); }
  void save(base::Packer& out) const override {
    out.number(seen_.size());
    seen_.each([&](const std::string& text) { out.text(text); });
  }
  void load(base::Unpacker& in) override {
    for (std::uint64_t n = in.number(); n > 0 && in.ok(); --n) add(in.text(), {});
  }

 private:
  FewTexts<std::set<std::string, std::less<>>> seen_;
};

class List final : public Accumulator {
 public:
  explicit List(std::size_t limit) : limit_(limit) {}
  void add(const Value& value, std::optional<double>) override {
    for (std::string& text : value.values()) {
      if (list_.size() >= limit_) return;
      list_.push_back(std::move(text));
    }
  }
  Value result() const override { return Value::many(list_); }
  void save(base::Packer& out) const override {
    out.number(list_.size());
    for (const std::string& text : list_) out.text(text);
  }
  void load(base::Unpacker& in) override {
    for (std::uint64_t n = in.number(); n > 0 && in.ok(); --n) list_.emplace_back(in.text());
  }

 private:
  std::size_t limit_;
  Value::Many list_;
};

class Mode final : public Accumulator {
 public:
  void add(const Value& value, std::optional<double>) override {
    for (const std::string& text : value.values()) ++seen_[text];
  }
  Value result() const override {
    const std::pair<const std::string, std::uint64_t>* best = nullptr;
    for (const auto& entry : seen_)
      if (!best || entry.second > best->second) best = &entry;
    return best ? Value(best->first) : Value();
  }
  void save(base::Packer& out) const override {
    out.number(seen_.size());
    for (const auto& [text, times] : seen_) out.text(text).number(times);
  }
  void load(base::Unpacker& in) override {
    for (std::uint64_t n = in.number(); n > 0 && in.ok(); --n) {
      std::string text(in.text());
      seen_[std::move(text)] = in.number();
    }
  }

 private:
  std::map<std::string, std::uint64_t> seen_;
};

}  // namespace

AccumulatorPtr make_collection(const spl::Aggregate& a, const Limits& limits) {
  if (a.function == "values") return std::make_unique<Values>();
  if (a.function == "list") return std::make_unique<List>(limits.list_values);
  if (a.function == "mode") return std::make_unique<Mode>();
  return nullptr;
}

}  // namespace escudo::pipeline::aggregates

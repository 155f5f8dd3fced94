#include "sources/demand.hpp"

namespace escudo::sources {
namespace {

class RawOnly final : public Demand {
 public:
  bool takes_every_kind() const override { return true; }
  Interest interest(const event::Event&) override { return Interest::event; }
  Columns columns(const event::Event&) override { return {{}, true}; }
};

}  // namespace

std::shared_ptr<Demand> raw_text_only() { return std::make_shared<RawOnly>(); }

}  // namespace escudo::sources

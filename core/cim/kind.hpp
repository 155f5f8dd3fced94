#pragma once
// Kind: the events of one map that share channel and event id, with everything the maps say of
// them. KindTable: event -> kind. Built once by the loader, immutable afterwards, thread-safe.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cim/formula.hpp"
#include "cim/maps.hpp"

namespace escudo::cim {

struct Kind {
  std::uint32_t index = 0;
  std::string name;            // "Sysmon 1", "Security other"
  std::string channel;         // as Windows spells it; empty when the kind has no single one
  std::int32_t event_id = -1;  // -1: any that no other kind of the channel takes
  std::string provider;        // events of another provider are not of this kind; empty: any

  struct Member {
    DatasetId dataset;
    const Formula* when = nullptr;  // nullptr: always
  };
  std::vector<std::pair<event::FieldId, const Formula*>> fields;  // sorted by field
  std::vector<Member> members;                                    // sorted by dataset
  std::vector<std::string> tags;                                  // of the datasets it always joins

  const Formula* find(event::FieldId field) const;
  const Member* find(DatasetId dataset) const;
};

class KindTable {
 public:
  // Kinds of one channel (or provider): the exact ids first, `other` takes the rest.
  struct Group {
    std::vector<std::pair<std::int32_t, const Kind*>>
        exact;  // sorted by id, then as the map lists them
    const Kind* other = nullptr;
    const Kind& of(const event::Event& event) const;
  };

  // Names are compared without regard to ASCII case. False when the name is taken.
  bool add_channel(std::string_view channel, Group group);
  // For events without a channel of their own.
  bool add_provider(std::string_view provider, Group group);
  void set_any_windows(const Kind* kind) { any_windows_ = kind; }
  void set_nothing_known(const Kind* kind) { nothing_known_ = kind; }

  const Kind& find(const event::Event& event) const;

 private:
  struct Entry {
    std::string name;
    Group group;
  };
  struct Index {
    std::vector<std::unique_ptr<Entry>> slots;  // open addressing, a power of two
    std::size_t used = 0;
    bool add(std::string_view name, Group group);
    const Group* find(std::string_view name) const;
  };
  Index channels_, providers_;
  const Kind* any_windows_ = nullptr;
  const Kind* nothing_known_ = nullptr;
};

}  // namespace escudo::cim

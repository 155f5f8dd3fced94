#pragma once
// Maker: events of a kind that satisfy atoms. It asks the maps which raw columns a field is made
// of, proposes values for those and keeps what the maps then make true.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "atoms.hpp"
#include "cim/kind.hpp"
#include "cim/maps.hpp"
#include "goals.hpp"
#include "stages.hpp"

namespace escudo::witness {

// A record to be: the raw columns of one event of a kind.
struct Made {
  const cim::Kind* kind = nullptr;
  std::map<std::string, std::string> raw;
  double time = 0;  // epoch seconds
  std::int32_t event_id = -1;
};

// What is asked of an event beside its atoms.
struct Wish {
  const Goals* goals = nullptr;
  const Stages* stages = nullptr;             // how far it should come
  const std::vector<Made>* others = nullptr;  // events of the same search that stand beside it
  bool distinct = false;  // no two columns alike, where nothing is asked of them
  std::size_t skip = 0;   // kinds of event to pass over
};

class Maker {
 public:
  explicit Maker(const cim::Maps& maps);

  // An event of some kind that makes all atoms true and has a value for every needed field that the
  // kind can give. Nothing when no kind can; `unsatisfied` is then an atom's field that stayed
  // false.
  std::optional<Made> make(cim::DatasetId dataset, const std::vector<Atom>& atoms,
                           const std::set<std::string>& needed, Random& random,
                           std::string& unsatisfied, const Wish& wish = {});
  // Whether the atoms hold of it.
  bool satisfies(const Made& made, cim::DatasetId dataset, const std::vector<Atom>& atoms);
  // The raw columns a field of this dataset is made of.
  const std::vector<std::string>& columns(const cim::Kind& kind, cim::DatasetId dataset,
                                          const std::string& field);
  // The values the field has in the event.
  Texts values(const Made& made, cim::DatasetId dataset, const std::string& field);
  // The same of several fields, and its time.
  twin::Fields fields(const Made& made, cim::DatasetId dataset,
                      const std::set<std::string>& needed);

 private:
  const cim::Recipe& recipe(const cim::Kind& kind, cim::DatasetId dataset,
                            const std::string& field);
  std::vector<const cim::Kind*> kinds_for(cim::DatasetId dataset, const std::vector<Atom>& atoms);
  std::size_t score(const Made& made, cim::DatasetId dataset, const std::vector<Atom>& atoms,
                    std::string* unsatisfied = nullptr);
  const event::Schema& schema(const std::set<std::string>& names);
  void improve(Made& made, cim::DatasetId dataset, const std::vector<Atom>& atoms,
               const std::set<std::string>& needed, Random& random, const Wish& wish);

  const cim::Maps& maps_;
  std::set<std::string> names_;
  const event::Schema* schema_ = nullptr;
  std::unordered_map<std::string, std::size_t> positions_;   // of the names, in the schema
  using Key = std::tuple<std::uint32_t, std::uint16_t, std::string>;
  std::map<Key, std::unique_ptr<const cim::Recipe>> recipes_;
  std::map<Key, std::vector<std::string>> columns_;
};

bool is_system_column(const std::string& name);
// What a raw column usually looks like, so that rows are whole.
std::string ordinary(const std::string& column);
// Values of a column that mean something of their own.
std::vector<std::string> vocabulary(const std::string& column);

}  // namespace escudo::witness

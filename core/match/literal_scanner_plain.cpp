// A build without vectorscan: Aho and Corasick's automaton does it alone.
#include "match/literal_scanner.hpp"

namespace escudo::match {

std::unique_ptr<const LiteralScanner> make_vectorscan(const std::vector<std::string>&) {
  return nullptr;
}

}  // namespace escudo::match

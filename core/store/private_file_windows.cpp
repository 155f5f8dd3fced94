#include "store/private_file.hpp"

namespace escudo::store {

// The folder says who may read what lies in it.
void make_private(const std::string&) {}

}  // namespace escudo::store

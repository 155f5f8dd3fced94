#pragma once
// Private to store.

#include <string>

namespace escudo::store {

// A file that is not there yet is made empty, for its owner alone. One that is there stays as it is; what
// goes wrong shows when it is opened.
void make_private(const std::string& path);

}  // namespace escudo::store

#pragma once
// Which file a Place means now: logs are renamed, copied, cut and packed, also while nobody looks.
// Functions of the folder as it is and of the place; nothing is kept. A file that cannot be opened is
// passed over.

#include <memory>
#include <string>
#include <vector>

#include "sources/follow/place.hpp"
#include "sources/sniff.hpp"

namespace escudo::sources::follow {

// The file that was read up to the place, whatever it is called by now. Null: it is gone.
std::unique_ptr<OpenFile> same_file(const std::string& path, const Place& place);

// The copy of a log that was cut (copytruncate): another file that begins alike and holds what was read
// at least. Null: there is none.
std::unique_ptr<OpenFile> copy_of(const std::string& path, const Place& place);

// The oldest file that was written after the place's and not read yet.
struct Next {
  std::unique_ptr<OpenFile> file;     // null: there is none
  std::vector<std::string> packed;    // paths of older ones that cannot be read any more
};
Next next_file(const std::string& path, const Place& place);

bool is_packed(Format format);

}  // namespace escudo::sources::follow

// For builds without libarchive: an archive is a file that cannot be read.
#include "sources/archive/library.hpp"

namespace escudo::sources {

struct Archive::Handles {};
Archive::Archive() = default;
Archive::~Archive() = default;

base::Result<std::unique_ptr<Archive>> Archive::open(Bytes&, Format, std::function<void(std::uint64_t)>) {
  return base::Error{"this build of escudo cannot read archives and compressed files"};
}
Archive::Step Archive::next(ArchiveMember&) { return Step::end; }
base::Result<std::size_t> Archive::read(char*, std::size_t) { return std::size_t{0}; }
std::string Archive::message() const { return {}; }

}  // namespace escudo::sources

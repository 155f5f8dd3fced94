// Vectorscan behind LiteralScanner. The only file that knows it; literal_scanner_plain.cpp takes its
// place in builds that lack the library.
#include <hs.h>

#include <climits>

#include "match/literal_scanner.hpp"

namespace escudo::match {
namespace {

struct HsScratch final : LiteralScanner::Scratch {
  hs_scratch_t* memory = nullptr;
  ~HsScratch() override { hs_free_scratch(memory); }
};

class Vectorscan final : public LiteralScanner {
 public:
  Vectorscan(hs_database_t* database, std::size_t literals)
      : database_(database), literals_(static_cast<std::uint32_t>(literals)) {}
  ~Vectorscan() override { hs_free_database(database_); }

  void prepare(std::unique_ptr<Scratch>& scratch) const override {
    if (!scratch) scratch = std::make_unique<HsScratch>();
    // Fails only without memory; then find() says that every literal occurs.
    (void)hs_alloc_scratch(database_, &static_cast<HsScratch&>(*scratch).memory);
  }

  void find(std::string_view text, Scratch* scratch,
            std::vector<std::uint32_t>& found) const override {
    const auto hit = [](unsigned id, unsigned long long, unsigned long long, unsigned,
                        void* out) noexcept {
      static_cast<std::vector<std::uint32_t>*>(out)->push_back(id);
      return 0;
    };
    const std::size_t before = found.size();
    const bool scanned = text.size() <= UINT_MAX &&
                         hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0,
                                 static_cast<HsScratch*>(scratch)->memory, hit,
                                 &found) == HS_SUCCESS;
    if (scanned) return;
    found.resize(before);
    for (std::uint32_t k = 0; k < literals_; ++k) found.push_back(k);   // whoever asks verifies
  }

 private:
  hs_database_t* database_;
  std::uint32_t literals_;
};

}  // namespace

std::unique_ptr<const LiteralScanner> make_vectorscan(const std::vector<std::string>& literals) {
  if (hs_valid_platform() != HS_SUCCESS) return nullptr;
  std::vector<const char*> texts;
  std::vector<unsigned> flags(literals.size(), HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH), ids;
  std::vector<std::size_t> sizes;
  for (std::size_t k = 0; k < literals.size(); ++k) {
    texts.push_back(literals[k].data());
    sizes.push_back(literals[k].size());
    ids.push_back(static_cast<unsigned>(k));
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t outcome =
      hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), sizes.data(),
                           static_cast<unsigned>(literals.size()), HS_MODE_BLOCK, nullptr,
                           &database, &error);
  hs_free_compile_error(error);
  if (outcome != HS_SUCCESS) return nullptr;
  return std::make_unique<Vectorscan>(database, literals.size());
}

}  // namespace escudo::match

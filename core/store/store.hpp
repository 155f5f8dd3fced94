#pragma once
// Store: what must outlive the process, in one SQLite file (WAL). Rooms hand it bytes under names of
// their own; everything put since the last commit() becomes durable together, or not at all.
//
//   values   space, key -> bytes
//   rows     space, time, number -> bytes: rows of a window, in the order they were appended
//
// A write begins a transaction where none is open; the same Store reads what it has not committed
// yet. Threads: one. Errors: a sentence that names the file; after a failed write the transaction is
// lost as a whole, and failed() says so until the Store is opened anew.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/timestamp.hpp"

namespace escudo::store {

class Store {
 public:
  // Creates what is missing. Refuses a file of a later version, and a second writer on the same file.
  static base::Result<std::unique_ptr<Store>> open(const std::string& path);
  // Reads only, beside a running writer.
  static base::Result<std::unique_ptr<Store>> open_to_read(const std::string& path);
  ~Store();

  // A name as the number that values and rows go by.
  std::int64_t space(std::string_view name);

  std::optional<std::string> get(std::int64_t space, std::string_view key);
  void put(std::int64_t space, std::string_view key, std::string_view bytes);
  void erase(std::int64_t space, std::string_view key);
  // In the order of the keys, byte by byte. `see` returns false to end; it must not write.
  void each(std::int64_t space,
            const std::function<bool(std::string_view key, std::string_view bytes)>& see);

  // The same, of those behind `key`.
  void each_after(std::int64_t space, std::string_view key,
                  const std::function<bool(std::string_view key, std::string_view bytes)>& see);

  void append(std::int64_t space, base::Time time, std::string_view bytes);
  // Rows of [from, to) in the order they were appended.
  void read(std::int64_t space, base::Time from, base::Time to,
            const std::function<void(std::string_view bytes)>& see);
  void erase_before(std::int64_t space, base::Time time);
  // The earliest time from `from` on, and the latest of all.
  std::optional<base::Time> first_time(std::int64_t space, base::Time from);
  std::optional<base::Time> last_time(std::int64_t space);
  std::uint64_t rows(std::int64_t space);

  // Forgets a space with all it holds.
  void drop(std::int64_t space);

  base::Result<void> commit();
  bool failed() const;
  // Why, one sentence.
  const std::string& failure() const;
  // Of the file and its log, in bytes.
  std::uint64_t size() const;

 private:
  struct Handles;
  explicit Store(std::unique_ptr<Handles> handles);
  void begin();
  std::unique_ptr<Handles> h_;
};

}  // namespace escudo::store

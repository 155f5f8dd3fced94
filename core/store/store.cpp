// Tested by tests/unit/store/store.cpp. The one place that touches SQLite.
#include "store/store.hpp"

#include <sqlite3.h>

#include <array>
#include <limits>
#include <map>

#include "store/private_file.hpp"

namespace escudo::store {
namespace {

constexpr int kVersion = 1;

constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS space(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE IF NOT EXISTS value(space INTEGER NOT NULL, key BLOB NOT NULL, bytes BLOB NOT NULL,"
    " PRIMARY KEY(space, key)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS row(space INTEGER NOT NULL, time INTEGER NOT NULL,"
    " number INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(space, time, number)) WITHOUT ROWID;";

enum Query {
  q_begin, q_commit, q_find_space, q_add_space, q_get, q_put, q_erase, q_each, q_each_after,
  q_append, q_read, q_erase_before, q_first_time, q_last_time, q_rows, q_drop_values, q_drop_rows, q_max_number,
  q_count
};

constexpr std::array<const char*, q_count> kQueries = {
    "BEGIN IMMEDIATE",
    "COMMIT",
    "SELECT id FROM space WHERE name = ?1",
    "INSERT INTO space(name) VALUES(?1)",
    "SELECT bytes FROM value WHERE space = ?1 AND key = ?2",
    "INSERT INTO value VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
    "DELETE FROM value WHERE space = ?1 AND key = ?2",
    "SELECT key, bytes FROM value WHERE space = ?1 ORDER BY key",
    "SELECT key, bytes FROM value WHERE space = ?1 AND key > ?2 ORDER BY key",
    "INSERT INTO row VALUES(?1, ?2, ?3, ?4)",
    "SELECT bytes FROM row WHERE space = ?1 AND time >= ?2 AND time < ?3 ORDER BY number",
    "DELETE FROM row WHERE space = ?1 AND time < ?2",
    "SELECT min(time) FROM row WHERE space = ?1 AND time >= ?2",
    "SELECT max(time) FROM row WHERE space = ?1",
    "SELECT count(*) FROM row WHERE space = ?1",
    "DELETE FROM value WHERE space = ?1",
    "DELETE FROM row WHERE space = ?1",
    "SELECT max(number) FROM row",
};

std::int64_t micros(base::Time t) { return t.time_since_epoch().count(); }

std::string_view blob(sqlite3_stmt* s, int column) {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(s, column));
  return {bytes, bytes ? static_cast<std::size_t>(sqlite3_column_bytes(s, column)) : 0};
}

}  // namespace

struct Store::Handles {
  std::string path;
  sqlite3* db = nullptr;
  std::array<sqlite3_stmt*, q_count> queries{};
  std::map<std::string, std::int64_t, std::less<>> spaces;
  std::int64_t next_number = 1;
  bool open_transaction = false;
  std::string failure;

  ~Handles() {
    for (sqlite3_stmt* q : queries) sqlite3_finalize(q);
    sqlite3_close(db);
  }
  void fail() {
    if (failure.empty()) failure = "cannot keep state in " + path + ": " + sqlite3_errmsg(db);
  }
  // One step; SQLITE_ROW, SQLITE_DONE, or a failure that is kept.
  int step(sqlite3_stmt* q) {
    const int rc = sqlite3_step(q);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) fail();
    return rc;
  }
};

namespace {

// A statement in use: reset when it goes, so that it never keeps a lock.
class Use {
 public:
  explicit Use(sqlite3_stmt* q) : q_(q) {}
  ~Use() {
    sqlite3_reset(q_);
    sqlite3_clear_bindings(q_);
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  Use& number(int at, std::int64_t n) {
    sqlite3_bind_int64(q_, at, n);
    return *this;
  }
  Use& bytes(int at, std::string_view b) {
    // A null pointer would be NULL, not an empty blob.
    sqlite3_bind_blob64(q_, at, b.data() ? b.data() : "", b.size(), SQLITE_STATIC);
    return *this;
  }
  Use& text(int at, std::string_view t) {
    sqlite3_bind_text64(q_, at, t.data(), t.size(), SQLITE_STATIC, SQLITE_UTF8);
    return *this;
  }
  operator sqlite3_stmt*() const { return q_; }

 private:
  sqlite3_stmt* q_;
};

}  // namespace

Store::Store(std::unique_ptr<Handles> handles) : h_(std::move(handles)) {}
Store::~Store() = default;

base::Result<std::unique_ptr<Store>> Store::open(const std::string& path) {
  auto h = std::make_unique<Handles>();
  h->path = path;
  const auto error = [&] {
    return base::Error{"cannot keep state in " + path + ": " + (h->db ? sqlite3_errmsg(h->db) : "out of memory")};
  };
  // What SQLite makes beside it gets the same rights.
  if (path != ":memory:") make_private(path);
  if (sqlite3_open_v2(path.c_str(), &h->db,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
    return error();
  sqlite3_busy_timeout(h->db, 2000);
  // FULL: a commit is on disk when it returns, also after a power cut.
  if (sqlite3_exec(h->db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-4096;",
                   nullptr, nullptr, nullptr) != SQLITE_OK)
    return error();
  int version = 0;
  sqlite3_stmt* q = nullptr;
  if (sqlite3_prepare_v2(h->db, "PRAGMA user_version", -1, &q, nullptr) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW)
    version = sqlite3_column_int(q, 0);
  sqlite3_finalize(q);
  if (version > kVersion)
    return base::Error{path + " was written by a later Escudo (version " + std::to_string(version) + " of the state)"};
  if (sqlite3_exec(h->db, kSchema, nullptr, nullptr, nullptr) != SQLITE_OK ||
      sqlite3_exec(h->db, ("PRAGMA user_version=" + std::to_string(kVersion)).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return error();
  for (int k = 0; k < q_count; ++k)
    if (sqlite3_prepare_v3(h->db, kQueries[static_cast<std::size_t>(k)], -1, SQLITE_PREPARE_PERSISTENT,
                           &h->queries[static_cast<std::size_t>(k)], nullptr) != SQLITE_OK)
      return error();
  {
    Use max(h->queries[q_max_number]);
    if (h->step(max) == SQLITE_ROW) h->next_number = sqlite3_column_int64(max, 0) + 1;
  }
  if (!h->failure.empty()) return base::Error{h->failure};
  return std::unique_ptr<Store>(new Store(std::move(h)));
}

base::Result<std::unique_ptr<Store>> Store::open_to_read(const std::string& path) {
  auto h = std::make_unique<Handles>();
  h->path = path;
  const auto error = [&] {
    return base::Error{"cannot read the state in " + path + ": " + (h->db ? sqlite3_errmsg(h->db) : "out of memory")};
  };
  if (sqlite3_open_v2(path.c_str(), &h->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
    return error();
  sqlite3_busy_timeout(h->db, 2000);
  for (int k = 0; k < q_count; ++k)
    if (sqlite3_prepare_v2(h->db, kQueries[static_cast<std::size_t>(k)], -1,
                           &h->queries[static_cast<std::size_t>(k)], nullptr) != SQLITE_OK)
      return error();
  return std::unique_ptr<Store>(new Store(std::move(h)));
}

void Store::begin() {
  if (h_->open_transaction || failed()) return;
  Use q(h_->queries[q_begin]);
  if (h_->step(q) == SQLITE_DONE) h_->open_transaction = true;
}

std::int64_t Store::space(std::string_view name) {
  if (auto at = h_->spaces.find(name); at != h_->spaces.end()) return at->second;
  std::int64_t id = 0;
  {
    Use q(h_->queries[q_find_space]);
    q.text(1, name);
    if (h_->step(q) == SQLITE_ROW) id = sqlite3_column_int64(q, 0);
  }
  if (id == 0) {
    begin();
    Use q(h_->queries[q_add_space]);
    q.text(1, name);
    if (h_->step(q) == SQLITE_DONE) id = sqlite3_last_insert_rowid(h_->db);
  }
  h_->spaces.emplace(name, id);
  return id;
}

std::optional<std::string> Store::get(std::int64_t space, std::string_view key) {
  Use q(h_->queries[q_get]);
  q.number(1, space).bytes(2, key);
  if (h_->step(q) != SQLITE_ROW) return {};
  return std::string(blob(q, 0));
}

void Store::put(std::int64_t space, std::string_view key, std::string_view bytes) {
  begin();
  Use q(h_->queries[q_put]);
  h_->step(q.number(1, space).bytes(2, key).bytes(3, bytes));
}

void Store::erase(std::int64_t space, std::string_view key) {
  begin();
  Use q(h_->queries[q_erase]);
  h_->step(q.number(1, space).bytes(2, key));
}

void Store::each(std::int64_t space,
                 const std::function<bool(std::string_view, std::string_view)>& see) {
  Use q(h_->queries[q_each]);
  q.number(1, space);
  while (h_->step(q) == SQLITE_ROW)
    if (!see(blob(q, 0), blob(q, 1))) return;
}

void Store::each_after(std::int64_t space, std::string_view key,
                       const std::function<bool(std::string_view, std::string_view)>& see) {
  const std::string after(key);   // `see` may change what it points to
  Use q(h_->queries[q_each_after]);
  q.number(1, space).bytes(2, after);
  while (h_->step(q) == SQLITE_ROW)
    if (!see(blob(q, 0), blob(q, 1))) return;
}

void Store::append(std::int64_t space, base::Time time, std::string_view bytes) {
  begin();
  Use q(h_->queries[q_append]);
  h_->step(q.number(1, space).number(2, micros(time)).number(3, h_->next_number++).bytes(4, bytes));
}

void Store::read(std::int64_t space, base::Time from, base::Time to,
                 const std::function<void(std::string_view)>& see) {
  Use q(h_->queries[q_read]);
  q.number(1, space).number(2, micros(from)).number(3, micros(to));
  while (h_->step(q) == SQLITE_ROW) see(blob(q, 0));
}

void Store::erase_before(std::int64_t space, base::Time time) {
  begin();
  Use q(h_->queries[q_erase_before]);
  h_->step(q.number(1, space).number(2, micros(time)));
}

std::optional<base::Time> Store::first_time(std::int64_t space, base::Time from) {
  Use q(h_->queries[q_first_time]);
  q.number(1, space).number(2, micros(from));
  if (h_->step(q) != SQLITE_ROW || sqlite3_column_type(q, 0) == SQLITE_NULL) return {};
  return base::Time(base::Duration(sqlite3_column_int64(q, 0)));
}

std::optional<base::Time> Store::last_time(std::int64_t space) {
  Use q(h_->queries[q_last_time]);
  q.number(1, space);
  if (h_->step(q) != SQLITE_ROW || sqlite3_column_type(q, 0) == SQLITE_NULL) return {};
  return base::Time(base::Duration(sqlite3_column_int64(q, 0)));
}

std::uint64_t Store::rows(std::int64_t space) {
  Use q(h_->queries[q_rows]);
  q.number(1, space);
  return h_->step(q) == SQLITE_ROW ? static_cast<std::uint64_t>(sqlite3_column_int64(q, 0)) : 0;
}

void Store::drop(std::int64_t space) {
  begin();
  for (Query query : {q_drop_values, q_drop_rows}) {
    Use q(h_->queries[query]);
    h_->step(q.number(1, space));
  }
}

base::Result<void> Store::commit() {
  if (failed()) return base::Error{h_->failure};
  if (!h_->open_transaction) return {};
  Use q(h_->queries[q_commit]);
  if (h_->step(q) != SQLITE_DONE) return base::Error{h_->failure};
  h_->open_transaction = false;
  return {};
}

bool Store::failed() const { return !h_->failure.empty(); }
const std::string& Store::failure() const { return h_->failure; }

std::uint64_t Store::size() const {
  sqlite3_int64 pages = 0;
  sqlite3_stmt* q = nullptr;
  if (sqlite3_prepare_v2(h_->db, "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()", -1, &q, nullptr) == SQLITE_OK &&
      sqlite3_step(q) == SQLITE_ROW)
    pages = sqlite3_column_int64(q, 0);
  sqlite3_finalize(q);
  return static_cast<std::uint64_t>(pages);
}

}  // namespace escudo::store

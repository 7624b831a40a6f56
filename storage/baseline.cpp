// The baseline of one item. See baseline.h; the tables are explained in schema/baseline_*.sql.
#include "storage/baseline.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "sdk/platform/clock.h"
#include "sdk/platform/file_system.h"

namespace syncline::storage {
namespace {

constexpr char kColumns[] =
    "id_a, version_a, version_b, id_b, flags, size, identity_a, identity_b, key";

Pair ReadPair(const Statement& row) {
  Pair pair;
  pair.id[0] = row.Blob(0);
  pair.version[0] = row.Blob(1);
  pair.version[1] = row.Blob(2);
  pair.id[1] = row.IsNull(3) ? pair.id[0] : std::string(row.Blob(3));
  pair.flags = static_cast<uint32_t>(row.Int(4));
  pair.size = row.Int(5);
  pair.identity[0] = row.Blob(6);
  pair.identity[1] = row.Blob(7);
  pair.key = row.IsNull(8) ? pair.id[0] : std::string(row.Blob(8));
  return pair;
}

absl::StatusOr<std::optional<Pair>> FirstPair(Statement& s) {
  if (s.Step()) return ReadPair(s);
  if (!s.status().ok()) return s.status();
  return std::optional<Pair>();
}

// The smallest id that is larger than everything inside a container: '0' follows '/'.
std::string InsideBegin(const std::string& id) { return id + "/"; }
std::string InsideEnd(const std::string& id) { return id + "0"; }

std::string Replaced(const std::string& id, const std::string& old_prefix,
                     const std::string& new_prefix) {
  if (id.size() > old_prefix.size() && id.compare(0, old_prefix.size(), old_prefix) == 0 &&
      id[old_prefix.size()] == '/') {
    return new_prefix + id.substr(old_prefix.size());
  }
  return id;
}

}  // namespace

void BaselineCursor::Load(const Statement& row) {
  id_ = side_ == Side::kB && from_ == From::kOwn ? row.Blob(3) : row.Blob(0);
  version_ = row.Blob(side_ == Side::kA ? 1 : 2);
}

bool BaselineCursor::Next() {
  if (!started_ || from_ == From::kShared) {
    shared_here_ = shared_.Step();
    if (!shared_here_ && !shared_.status().ok()) status_ = shared_.status();
  }
  if (side_ == Side::kB && (!started_ || from_ == From::kOwn)) {
    own_here_ = own_.Step();
    if (!own_here_ && !own_.status().ok()) status_ = own_.status();
  }
  started_ = true;
  from_ = From::kNone;
  if (!status_.ok() || (!shared_here_ && !own_here_)) return false;
  if (!own_here_ || (shared_here_ && shared_.Blob(0) < own_.Blob(3))) {
    from_ = From::kShared;
    Load(shared_);
  } else {
    from_ = From::kOwn;
    Load(own_);
  }
  return true;
}

Pair BaselineCursor::Get() const { return ReadPair(from_ == From::kOwn ? own_ : shared_); }

absl::StatusOr<Baseline> Baseline::Open(const std::string& path) {
  absl::StatusOr<Database> db = Database::Open(path, {.kind = "baseline"});
  if (!db.ok()) return db.status();
  Baseline baseline;
  baseline.db_ = *std::move(db);
  return baseline;
}

absl::StatusOr<std::string> Baseline::SetAside(const std::string& path) {
  const std::string aside = absl::StrCat(path, ".damaged-", platform::RandomHex(4));
  absl::Status status = platform::RenamePath(path, aside);
  if (!status.ok()) return status;
  // A write-ahead log must not be applied to the file that takes this one's place.
  for (const char* suffix : {"-wal", "-shm"}) {
    status = platform::RemovePath(path + suffix);
    if (!status.ok() && !absl::IsNotFound(status)) return status;
  }
  return aside;
}

absl::StatusOr<std::unique_ptr<BaselineCursor>> Baseline::Scan(Side side) const {
  absl::StatusOr<Database> db = Database::Open(db_.path(), {.kind = "baseline", .create = false});
  if (!db.ok()) return db.status();
  auto cursor = std::make_unique<BaselineCursor>();
  cursor->db_ = *std::move(db);
  cursor->side_ = side;
  absl::StatusOr<Statement> shared = cursor->db_.Prepare(
      absl::StrCat("SELECT ", kColumns, " FROM pairs ",
                   side == Side::kB ? "WHERE id_b IS NULL " : "", "ORDER BY id_a"));
  if (!shared.ok()) return shared.status();
  cursor->shared_ = *std::move(shared);
  if (side == Side::kB) {
    absl::StatusOr<Statement> own = cursor->db_.Prepare(
        absl::StrCat("SELECT ", kColumns,
                     " FROM pairs INDEXED BY pairs_by_b WHERE id_b IS NOT NULL ORDER BY id_b"));
    if (!own.ok()) return own.status();
    cursor->own_ = *std::move(own);
  }
  return cursor;
}

absl::StatusOr<std::unique_ptr<MemoryReader>> Baseline::Memory(Side side) const {
  absl::StatusOr<Database> db = Database::Open(db_.path(), {.kind = "baseline", .create = false});
  if (!db.ok()) return db.status();
  auto reader = std::make_unique<MemoryReader>();
  reader->db_ = *std::move(db);
  reader->side_ = std::string(1, SideLetter(side));
  absl::StatusOr<Statement> find =
      reader->db_.Prepare("SELECT value FROM memory WHERE side = ?1 AND name = ?2");
  if (!find.ok()) return find.status();
  reader->find_ = *std::move(find);
  return reader;
}

absl::StatusOr<std::string> MemoryReader::Find(std::string_view name) {
  find_.Bind(1, side_);
  find_.BindBlob(2, name);
  absl::StatusOr<std::string> value = absl::NotFoundError("nothing is remembered under this name");
  if (find_.Step()) {
    value = std::string(find_.Blob(0));
  } else if (!find_.status().ok()) {
    value = find_.status();
  }
  find_.Reset();
  return value;
}

absl::StatusOr<int64_t> Baseline::Count() const {
  absl::StatusOr<Statement> s = db_.Prepare("SELECT count(*) FROM pairs");
  if (!s.ok()) return s.status();
  if (s->Step()) return s->Int(0);
  return s->status();
}

absl::StatusOr<std::optional<Pair>> Baseline::FindByKey(std::string_view key) const {
  absl::StatusOr<Statement> s =
      db_.Prepare(absl::StrCat("SELECT ", kColumns, " FROM pairs WHERE key = ?1 UNION ALL SELECT ",
                               kColumns, " FROM pairs WHERE id_a = ?1 AND key IS NULL"));
  if (!s.ok()) return s.status();
  s->BindBlob(1, key);
  return FirstPair(*s);
}

absl::StatusOr<std::optional<Pair>> Baseline::FindById(Side side, std::string_view id) const {
  absl::StatusOr<Statement> s = db_.Prepare(
      side == Side::kA
          ? absl::StrCat("SELECT ", kColumns, " FROM pairs WHERE id_a = ?1")
          : absl::StrCat("SELECT ", kColumns, " FROM pairs WHERE id_b = ?1 UNION ALL SELECT ",
                         kColumns, " FROM pairs WHERE id_a = ?1 AND id_b IS NULL"));
  if (!s.ok()) return s.status();
  s->BindBlob(1, id);
  return FirstPair(*s);
}

absl::StatusOr<std::string> Baseline::Ancestor(std::string_view id_a) const {
  absl::StatusOr<Statement> s = db_.Prepare("SELECT content FROM ancestors WHERE id_a = ?1");
  if (!s.ok()) return s.status();
  s->BindBlob(1, id_a);
  if (s->Step()) return std::string(s->Blob(0));
  if (!s->status().ok()) return s->status();
  return absl::NotFoundError("no ancestor is kept for this record");
}

absl::Status Baseline::Begin() {
  // SQLite ends a transaction by itself on a full disk; what was in it is then told by the error of
  // the statement that met it, and a baseline that lacks rows is only older.
  if (db_.InTransaction()) return absl::OkStatus();
  const std::pair<Statement*, const char*> statements[] = {
      {&put_,
       "INSERT OR REPLACE INTO pairs (id_a, version_a, version_b, id_b, flags, size, identity_a, "
       "identity_b, key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"},
      {&remove_, "DELETE FROM pairs WHERE id_a = ?1"},
      {&put_ancestor_, "INSERT OR REPLACE INTO ancestors (id_a, content) VALUES (?1, ?2)"},
      {&remove_ancestor_, "DELETE FROM ancestors WHERE id_a = ?1"},
      {&remember_, "INSERT OR REPLACE INTO memory (side, name, value) VALUES (?1, ?2, ?3)"},
  };
  for (const auto& [statement, sql] : statements) {
    absl::StatusOr<Statement> s = db_.Prepare(sql);
    if (!s.ok()) return s.status();
    *statement = *std::move(s);
  }
  return db_.Execute("BEGIN IMMEDIATE");
}

absl::Status Baseline::Put(const Pair& pair, const std::string* ancestor) {
  absl::Status status = Begin();
  if (!status.ok()) return status;
  put_.BindBlob(1, pair.id[0]);
  put_.BindBlob(2, pair.version[0]);
  put_.BindBlob(3, pair.version[1]);
  if (pair.id[1] == pair.id[0]) {
    put_.BindNull(4);
  } else {
    put_.BindBlob(4, pair.id[1]);
  }
  put_.Bind(5, static_cast<int64_t>(pair.flags));
  put_.Bind(6, pair.size);
  put_.BindBlob(7, pair.identity[0]);
  put_.BindBlob(8, pair.identity[1]);
  if (pair.key == pair.id[0]) {
    put_.BindNull(9);
  } else {
    put_.BindBlob(9, pair.key);
  }
  status = put_.Run();
  if (!status.ok() || ancestor == nullptr) return status;
  put_ancestor_.BindBlob(1, pair.id[0]);
  put_ancestor_.BindBlob(2, *ancestor);
  return put_ancestor_.Run();
}

absl::Status Baseline::Remove(std::string_view id_a) {
  absl::Status status = Begin();
  if (!status.ok()) return status;
  remove_.BindBlob(1, id_a);
  status = remove_.Run();
  if (!status.ok()) return status;
  remove_ancestor_.BindBlob(1, id_a);
  return remove_ancestor_.Run();
}

absl::Status Baseline::Rebase(const std::string (&old_id)[2], const std::string (&new_id)[2]) {
  absl::Status status = Begin();
  if (!status.ok()) return status;
  std::vector<Pair> inside;
  {
    absl::StatusOr<Statement> s = db_.Prepare(absl::StrCat(
        "SELECT ", kColumns, " FROM pairs WHERE id_a >= ?1 AND id_a < ?2 ORDER BY id_a"));
    if (!s.ok()) return s.status();
    const std::string begin = InsideBegin(old_id[0]), end = InsideEnd(old_id[0]);
    s->BindBlob(1, begin);
    s->BindBlob(2, end);
    while (s->Step()) inside.push_back(ReadPair(*s));
    if (!s->status().ok()) return s->status();
  }
  // All out before the first one in: the old and the new range may overlap.
  std::vector<std::optional<std::string>> ancestors(inside.size());
  for (size_t i = 0; i < inside.size(); ++i) {
    absl::StatusOr<std::string> ancestor = Ancestor(inside[i].id[0]);
    if (ancestor.ok()) ancestors[i] = *std::move(ancestor);
    status = Remove(inside[i].id[0]);
    if (!status.ok()) return status;
  }
  for (size_t i = 0; i < inside.size(); ++i) {
    Pair& pair = inside[i];
    if (pair.key == pair.id[0]) pair.key = Replaced(pair.key, old_id[0], new_id[0]);
    for (int side = 0; side < 2; ++side) {
      pair.id[side] = Replaced(pair.id[side], old_id[side], new_id[side]);
    }
    status = Put(pair, ancestors[i].has_value() ? &*ancestors[i] : nullptr);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Baseline::Park(const ParkedRow& row) {
  absl::Status status = Begin();
  if (!status.ok()) return status;
  absl::StatusOr<Statement> s = db_.Prepare(
      "INSERT INTO parked (key, version_a, version_b, final, reason, tries, since_ns) "
      "VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6) ON CONFLICT (key) DO UPDATE SET version_a = ?2, "
      "version_b = ?3, final = ?4, reason = ?5, tries = tries + 1");
  if (!s.ok()) return s.status();
  s->BindBlob(1, row.key);
  s->BindBlob(2, row.version_a);
  s->BindBlob(3, row.version_b);
  s->Bind(4, static_cast<int64_t>(row.final ? 1 : 0));
  s->Bind(5, row.reason);
  s->Bind(6, row.since_ns);
  return s->Run();
}

absl::Status Baseline::Unpark(std::string_view key) {
  absl::Status status = Begin();
  if (!status.ok()) return status;
  absl::StatusOr<Statement> s = db_.Prepare("DELETE FROM parked WHERE key = ?1");
  if (!s.ok()) return s.status();
  s->BindBlob(1, key);
  return s->Run();
}

absl::StatusOr<std::map<std::string, ParkedRow>> Baseline::Parked() const {
  absl::StatusOr<Statement> s =
      db_.Prepare("SELECT key, version_a, version_b, final, reason, tries, since_ns FROM parked");
  if (!s.ok()) return s.status();
  std::map<std::string, ParkedRow> rows;
  while (s->Step()) {
    ParkedRow row{.key = std::string(s->Blob(0)),
                  .version_a = std::string(s->Blob(1)),
                  .version_b = std::string(s->Blob(2)),
                  .reason = std::string(s->Text(4)),
                  .final = s->Int(3) != 0,
                  .tries = static_cast<int>(s->Int(5)),
                  .since_ns = s->Int(6)};
    rows.emplace(row.key, row);
  }
  if (!s->status().ok()) return s->status();
  return rows;
}

absl::Status Baseline::SetReplica(Side side, const ReplicaRow& row) {
  absl::Status status = Begin();
  if (!status.ok()) return status;
  absl::StatusOr<Statement> s = db_.Prepare(
      "INSERT OR REPLACE INTO replicas (side, location, identity, token) VALUES (?1, ?2, ?3, ?4)");
  if (!s.ok()) return s.status();
  const std::string letter(1, SideLetter(side));
  s->Bind(1, letter);
  s->Bind(2, row.location);
  s->BindBlob(3, row.identity);
  s->BindBlob(4, row.token);
  return s->Run();
}

absl::StatusOr<std::optional<ReplicaRow>> Baseline::Replica(Side side) const {
  absl::StatusOr<Statement> s =
      db_.Prepare("SELECT location, identity, token FROM replicas WHERE side = ?1");
  if (!s.ok()) return s.status();
  const std::string letter(1, SideLetter(side));
  s->Bind(1, letter);
  std::optional<ReplicaRow> row;
  if (s->Step()) {
    row = ReplicaRow{std::string(s->Text(0)), std::string(s->Blob(1)), std::string(s->Blob(2))};
  }
  if (!s->status().ok()) return s->status();
  return row;
}

absl::Status Baseline::Remember(Side side, std::string_view name, std::string_view value) {
  absl::Status status = Begin();
  if (!status.ok()) return status;
  const std::string letter(1, SideLetter(side));
  if (value.empty()) {
    absl::StatusOr<Statement> s = db_.Prepare("DELETE FROM memory WHERE side = ?1 AND name = ?2");
    if (!s.ok()) return s.status();
    s->Bind(1, letter);
    s->BindBlob(2, name);
    return s->Run();
  }
  remember_.Bind(1, letter);
  remember_.BindBlob(2, name);
  remember_.BindBlob(3, value);
  return remember_.Run();
}

absl::Status Baseline::Clear() {
  absl::Status status = Begin();
  if (!status.ok()) return status;
  return db_.Execute(
      "DELETE FROM pairs; DELETE FROM ancestors; DELETE FROM parked; DELETE FROM replicas; "
      "DELETE FROM memory;");
}

absl::Status Baseline::Commit() {
  if (!db_.InTransaction()) return absl::OkStatus();
  return db_.Execute("COMMIT");
}

}  // namespace syncline::storage

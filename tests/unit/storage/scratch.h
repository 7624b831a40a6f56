// A folder for the databases of one test, and short ways to open and look into them.
#ifndef SYNCLINE_TESTS_UNIT_STORAGE_SCRATCH_H_
#define SYNCLINE_TESTS_UNIT_STORAGE_SCRATCH_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "storage/database.h"
#include "storage/main_store.h"

namespace syncline::storage {

// Removed with everything in it at the end of the test.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "syncline-XXXXXX").string();
    path_ = mkdtemp(name.data()) != nullptr ? name : "";
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

class StorageTest : public ::testing::Test {
 protected:
  // The main database of this test, created at the first call.
  Database OpenMain() { return MustOpen(MainPath()); }
  std::string MainPath() const { return scratch_.File("syncline.db"); }

  static Database MustOpen(const std::string& path) {
    absl::StatusOr<Database> db = Database::Open(path, {.kind = "syncline"});
    EXPECT_TRUE(db.ok()) << db.status();
    return db.ok() ? *std::move(db) : Database();
  }

  Scratch scratch_;
};

// The first column of all rows; fails the test on an error.
inline std::vector<std::string> Column(const Database& db, const std::string& sql) {
  std::vector<std::string> values;
  absl::StatusOr<Statement> s = db.Prepare(sql);
  EXPECT_TRUE(s.ok()) << s.status();
  if (!s.ok()) return values;
  while (s->Step()) values.emplace_back(s->Text(0));
  EXPECT_TRUE(s->status().ok()) << s->status();
  return values;
}

inline int64_t Number(const Database& db, const std::string& sql) {
  absl::StatusOr<Statement> s = db.Prepare(sql);
  EXPECT_TRUE(s.ok()) << s.status();
  if (!s.ok()) return -1;
  EXPECT_TRUE(s->Step()) << s->status();
  return s->Int(0);
}

inline bool Mentions(const absl::Status& status, const std::string& text) {
  return std::string(status.message()).find(text) != std::string::npos;
}

inline std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline ItemRow MakeItem(const std::string& id, const std::string& name) {
  ItemRow item;
  item.id = id;
  item.name = name;
  item.provider = "folders";
  item.location_a = "/home/ada/" + id;
  item.location_b = "/mnt/" + id;
  item.created_ns = 1;
  return item;
}

}  // namespace syncline::storage

#endif  // SYNCLINE_TESTS_UNIT_STORAGE_SCRATCH_H_

// Newer and damaged databases: told, left as they are or set aside, and no synced data is lost.
#include <cstdint>
#include <fstream>

#include "tests/integration/commands/bad_input.h"

namespace syncline::testing {
namespace {

class Databases : public BadInput {
 protected:
  std::string MainFile() const { return stage_.home() + "/syncline.db"; }
  std::string BaselineFile() const { return stage_.home() + "/items/" + id_ + "/baseline.db"; }

  static std::string Read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void Write(const std::string& path, uint64_t offset, const std::string& bytes) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(offset));
    file << bytes;
    ASSERT_TRUE(file.good()) << path;
  }
  // The user version is the big-endian number at byte 60 (sqlite.org/fileformat.html, 1.3).
  static void MakeNewer(const std::string& path) { Write(path, 60, std::string("\0\0\0\x63", 4)); }
};

TEST_F(Databases, ANewerMainDatabaseIsRefusedAndKept) {
  const std::string good = Read(MainFile());
  MakeNewer(MainFile());
  const std::string newer = Read(MainFile());
  for (const Words& words : {Words{"items"}, {"sync"}, {"providers"}, {"events"}}) {
    ExpectRefused(stage_.Run(words), 1, {"newer Syncline", "Install the newer version"});
  }
  EXPECT_EQ(Read(MainFile()), newer);
  ExpectNothingLost();
  std::ofstream(MainFile(), std::ios::binary) << good;
  ExpectSyncGoesOn();
}

TEST_F(Databases, ANewerBaselineIsRefusedAndKept) {
  MakeNewer(BaselineFile());
  const std::string newer = Read(BaselineFile());
  ExpectRefused(stage_.Run({"sync"}), 1, {"Work", "newer Syncline"});
  EXPECT_EQ(Read(BaselineFile()), newer);
  ExpectNothingLost();
}

TEST_F(Databases, ADamagedMainDatabaseIsToldAndKept) {
  const std::string good = Read(MainFile());
  for (const std::string& bad : {std::string(good.size(), 'x'), good.substr(0, 1000),
                                 good.substr(0, 100) + std::string(good.size() - 100, '\x77')}) {
    std::ofstream(MainFile(), std::ios::binary) << bad;
    ExpectRefused(stage_.Run({"sync"}), 1, {MainFile(), "damaged", "start again"});
    EXPECT_EQ(Read(MainFile()), bad);
    ExpectNothingLost();
  }
  std::ofstream(MainFile(), std::ios::binary) << good;
  ExpectSyncGoesOn();
}

TEST_F(Databases, ADatabaseOfAnotherProgramIsToldAndKept) {
  Write(MainFile(), 68, "else");  // the application id
  const std::string other = Read(MainFile());
  ExpectRefused(stage_.Run({"items"}), 1, {MainFile(), "another program"});
  EXPECT_EQ(Read(MainFile()), other);
}

// Without a baseline both sides are compared: what only one has is copied, never removed.
TEST_F(Databases, ADamagedBaselineIsSetAsideAndNothingIsRemovedOnItsWord) {
  const std::string good = Read(BaselineFile());
  stage_.a.Remove("notes/one");
  for (const std::string& bad : {std::string(good.size(), 'x'), good.substr(0, 1000),
                                 good.substr(0, 100) + std::string(good.size() - 100, '\x77')}) {
    std::ofstream(BaselineFile(), std::ios::binary) << bad;
    const ProgramResult result = stage_.Run({"sync", "Work", "--json"});
    // The edit of A meets the old content of B, and nobody knows which is older.
    EXPECT_EQ(result.exit_code, 3) << result;
    const nlohmann::json item = nlohmann::json::parse(result.out)["items"][0];
    EXPECT_EQ(item["removed"], 0);
    EXPECT_EQ(item["conflicts"], 1);
    EXPECT_EQ(stage_.a.Read("notes/one"), "1");
    EXPECT_EQ(stage_.a.Read("three"), "new on B");
    EXPECT_EQ(stage_.a.Read("two"), "edited on A");
    EXPECT_EQ(stage_.b.Read("two"), "2");
    EXPECT_THAT(stage_.Run({"events", "--level", "warning"}).out, HasSubstr("damaged"));
    bool kept = false;
    for (const auto& entry : std::filesystem::directory_iterator(stage_.home() + "/items/" + id_)) {
      kept = kept || (entry.path() != BaselineFile() && Read(entry.path()) == bad);
    }
    EXPECT_TRUE(kept) << "the damaged file was not set aside";
  }
  ASSERT_EQ(stage_.Run({"resolve", "--all", "--keep", "a"}).exit_code, 0);
  EXPECT_EQ(All(stage_.a), All(stage_.b));
  ExpectNothingDone(stage_.Sync());
}

}  // namespace
}  // namespace syncline::testing

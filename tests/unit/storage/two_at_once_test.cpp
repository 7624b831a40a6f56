// Several threads and processes that create, open and write one file at the same time.
#ifdef __linux__
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <atomic>
#include <string>
#include <thread>

#include "tests/unit/storage/scratch.h"

namespace syncline::storage {
namespace {

constexpr int kRows = 1000;

// Opens (and maybe creates) the file and writes kRows rows, each in a transaction of its own.
absl::Status Write(const std::string& path, int writer) {
  absl::StatusOr<Database> db = Database::Open(path, {.kind = "syncline"});
  if (!db.ok()) return db.status();
  EventTable events(&*db);
  EventRow event;
  event.session = writer;
  for (int i = 0; i < kRows; ++i) {
    event.text = std::to_string(i);
    absl::Status status = events.Append({event});
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

using TwoAtOnce = StorageTest;

TEST_F(TwoAtOnce, ThreadsWriteWithoutError) {
  std::vector<absl::Status> results(2);
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&, i] { results[static_cast<size_t>(i)] = Write(MainPath(), i + 1); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& result : results) EXPECT_TRUE(result.ok()) << result;
  Database db = OpenMain();
  EXPECT_EQ(*EventTable(&db).Count({.session = 1}), kRows);
  EXPECT_EQ(*EventTable(&db).Count({.session = 2}), kRows);
}

TEST_F(TwoAtOnce, ThreadsCreateTheFileWithoutError) {
  for (int round = 0; round < 10; ++round) {
    const std::string path = scratch_.File("new" + std::to_string(round) + ".db");
    std::vector<absl::Status> results(4);
    std::vector<std::string> uuids(4);
    std::vector<std::thread> threads;
    std::atomic<int> ready{0};
    for (size_t i = 0; i < results.size(); ++i) {
      threads.emplace_back([&, i] {
        ++ready;
        while (ready.load() < 4) std::this_thread::yield();
        absl::StatusOr<Database> db = Database::Open(path, {.kind = "syncline"});
        results[i] = db.status();
        if (!db.ok()) return;
        absl::StatusOr<InfoRow> info = InfoTable(&*db).Get("0.1.0", 1);
        results[i] = info.status();
        if (info.ok()) uuids[i] = info->uuid;
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (size_t i = 0; i < results.size(); ++i) {
      EXPECT_TRUE(results[i].ok()) << results[i];
      EXPECT_EQ(uuids[i], uuids[0]);
    }
  }
}

#ifdef __linux__
TEST_F(TwoAtOnce, ProcessesCreateAndWriteWithoutError) {
  std::vector<pid_t> children;
  for (int i = 1; i <= 2; ++i) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      absl::Status status = Write(MainPath(), i);
      if (!status.ok()) fprintf(stderr, "%s\n", status.ToString().c_str());
      _exit(status.ok() ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int state = -1;
    ASSERT_EQ(waitpid(child, &state, 0), child);
    EXPECT_EQ(state, 0);
  }
  Database db = OpenMain();
  EXPECT_EQ(*EventTable(&db).Count({.session = 1}), kRows);
  EXPECT_EQ(*EventTable(&db).Count({.session = 2}), kRows);
}
#endif

TEST_F(TwoAtOnce, AReaderSeesAWholeTransactionAndIsNotHeldUpByAWriter) {
  Database writer = OpenMain();
  Database reader = OpenMain();
  absl::StatusOr<Transaction> transaction = Transaction::Begin(writer);
  ASSERT_TRUE(transaction.ok());
  ASSERT_TRUE(writer.Execute("INSERT INTO sessions (started_ns, process) VALUES (1, 1)").ok());
  EXPECT_EQ(SessionTable(&reader).Latest(9)->size(), 0u);
  ASSERT_TRUE(transaction->Commit().ok());
  EXPECT_EQ(SessionTable(&reader).Latest(9)->size(), 1u);
}

}  // namespace
}  // namespace syncline::storage

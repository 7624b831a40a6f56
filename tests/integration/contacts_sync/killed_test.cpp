// A sync of many contacts cancelled, or killed at any moment: the next one goes on, and every
// contact is on both sides in the end.
//
// SYNCLINE_SEED=N repeats the moments of a run.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "tests/integration/contacts_sync/address_book.h"

namespace syncline::testing {
namespace {

using std::chrono::milliseconds;

constexpr int kContacts = 1500;

class ContactsKilled : public ::testing::TestWithParam<Shape> {
 protected:
  ContactsKilled() : books_(GetParam()) {}

  // Contacts first .. last of a side, all at once.
  static void Fill(AddressBook* book, bool single, int first, int last, const std::string& note) {
    std::string all = single ? book->tree().Read("book.vcf") : "";
    for (int i = first; i < last; ++i) {
      const std::string uid = "uid-" + std::to_string(i);
      const std::string card = CardOf(uid, {"FN:Person " + std::to_string(i), "NOTE:" + note});
      if (single) {
        all += card;
      } else {
        book->tree().Write(uid + ".vcf", card);
      }
    }
    if (single) book->tree().Write("book.vcf", all);
  }
  void FillBoth() {
    Fill(&books_.a, GetParam() == Shape::kFiles, 0, kContacts, "of A");
    Fill(&books_.b, GetParam() != Shape::kFolders, kContacts, 2 * kContacts, "of B");
  }
  void ExpectAll() {
    EXPECT_EQ(books_.a.All(), books_.b.All());
    EXPECT_EQ(books_.a.Cards().size(), static_cast<size_t>(2 * kContacts));
    for (const Tree* tree : {&books_.stage.a, &books_.stage.b}) {
      for (const auto& [path, line] : Snapshot(tree->root(), {.content = false})) {
        EXPECT_EQ(path.find(".~syncline"), std::string::npos) << path;
      }
    }
  }

  Books books_;
};
INSTANTIATE_TEST_SUITE_P(Of, ContactsKilled,
                         ::testing::Values(Shape::kFolders, Shape::kFolderAndFile, Shape::kFiles),
                         [](const auto& one) { return ShapeName(one.param); });

TEST_P(ContactsKilled, ACancelledSyncEndsWith130AndTheNextGoesOn) {
  FillBoth();
  books_.Add();
  RunningProgram sync(books_.stage.Command({"sync", "--progress=json"}), books_.stage.env);
  // As soon as it works on something: to bring so few in step takes a moment only.
  for (int turn = 0; turn < 10'000 && ChildrenOf(sync.pid()).empty(); ++turn) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  sync.Signal(SIGINT);
  const ProgramResult cancelled = sync.Finish();
  EXPECT_EQ(cancelled.exit_code, 130) << cancelled;
  books_.stage.Sync();
  ExpectAll();
  ExpectNothingDone(books_.stage.Sync());
}

TEST_P(ContactsKilled, AKillAtAnyMomentLosesNothing) {
  const char* given = std::getenv("SYNCLINE_SEED");
  const unsigned seed =
      given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device()();
  std::cerr << "SYNCLINE_SEED=" << seed << "\n";
  std::mt19937 random(seed);
  FillBoth();
  books_.Add();
  for (int turn = 0; turn < 8; ++turn) {
    RunningProgram sync(books_.stage.Command({"sync"}), books_.stage.env);
    std::this_thread::sleep_for(milliseconds(5 + random() % 250));
    if (turn % 2 == 0) {
      for (const pid_t worker : ChildrenOf(sync.pid())) kill(worker, SIGKILL);
    }
    sync.Signal(SIGKILL);
    EXPECT_FALSE(sync.Finish().timed_out);
    // Workers killed in a row put the provider into quarantine, as they should.
    books_.stage.Run({"providers", "--retry", "contacts"});
  }
  // A worker whose host was killed ends after its record; until then the item is busy.
  ProgramResult last = books_.stage.Run({"sync"});
  for (int turn = 0; turn < 200 && last.exit_code == 5; ++turn) {
    std::this_thread::sleep_for(milliseconds(20));
    last = books_.stage.Run({"sync"});
  }
  EXPECT_EQ(last.exit_code, 0) << last;
  ExpectAll();
  ExpectNothingDone(books_.stage.Sync());
}

}  // namespace
}  // namespace syncline::testing

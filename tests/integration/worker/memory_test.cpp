// What a provider remembers and is told, through the whole contract: library, worker, engine, disk.
#include <gmock/gmock.h>

#include "tests/integration/worker/stage.h"

namespace syncline::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class ProviderMemory : public Stage {
 protected:
  ProviderMemory() {
    Install("remembering");
    Open();
    Add("Item", "remembering");
  }
  std::vector<std::string> Told(const SyncOptions& options = {}) {
    Watcher watcher;
    EXPECT_EQ(Name(Sync({}, &watcher, options).result), "done");
    std::vector<std::string> texts;
    for (const EventInfo& event : watcher.events) texts.push_back(event.text);
    return texts;
  }
};

TEST_F(ProviderMemory, LastsFromTurnToTurnForEachSide) {
  for (const char* listing : {"listing 1,", "listing 2,", "listing 3,"}) {
    const std::vector<std::string> told = Told();
    EXPECT_THAT(told, Contains(HasSubstr("side A: " + std::string(listing))));
    EXPECT_THAT(told, Contains(HasSubstr("side B: " + std::string(listing))));
  }
}

TEST_F(ProviderMemory, IsNotKeptOfADryRun) {
  SyncOptions options;
  options.dry_run = true;
  Told(options);
  EXPECT_THAT(Told(), Contains(HasSubstr("listing 1,")));
}

TEST_F(ProviderMemory, AndTheDirectionOfTheItemIsKnown) {
  EXPECT_THAT(Told(), Contains(HasSubstr("direction two-way")));
  SyncItem item = handler_->Item("Item").value();
  item.direction = "mirror";
  ASSERT_TRUE(handler_->EditItem(item).ok());
  EXPECT_THAT(Told(), Contains(HasSubstr("direction mirror")));
}

}  // namespace
}  // namespace syncline::testing

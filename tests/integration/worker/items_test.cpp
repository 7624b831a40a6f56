// What may be an item: each wrong input gives one clear refusal, checked for real in a worker.
#include <filesystem>

#include "tests/integration/worker/stage.h"

namespace syncline::testing {
namespace {

class Items : public Stage {
 protected:
  Items() {
    Install("unruly");
    Open();
  }
  SyncItem Good(const std::string& name) {
    SyncItem item;
    item.name = name;
    item.provider = "unruly";
    item.location_a = Side(name, 'a').root();
    item.location_b = Side(name, 'b').root();
    return item;
  }
  // The refusal of an item; its message must hold each of the parts.
  void Refused(const SyncItem& item, absl::StatusCode code, std::vector<std::string> parts) {
    auto added = handler_->AddItem(item);
    ASSERT_FALSE(added.ok()) << item.name;
    EXPECT_EQ(added.status().code(), code) << added.status();
    for (const std::string& part : parts) {
      EXPECT_NE(added.status().message().find(part), std::string::npos)
          << part << " in: " << added.status();
    }
  }
};

TEST_F(Items, EachWrongInputIsRefusedWithAReason) {
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  SyncItem item = Good("Notes");
  item.name = "";
  Refused(item, kInvalid, {"needs a name"});
  item.name = std::string(128, 'x');
  Refused(item, kInvalid, {"127"});
  item.name = "two\nlines";
  Refused(item, kInvalid, {"two\\nlines"});
  item = Good("Notes");
  item.direction = "sideways";
  Refused(item, kInvalid, {"two-way, mirror, add"});
  item = Good("Notes");
  item.conflict_policy = "mine";
  Refused(item, kInvalid, {"ask, newer, a, b, both"});
  item = Good("Notes");
  item.provider = "nobody";
  Refused(item, absl::StatusCode::kNotFound, {"nobody", "syncline providers"});
  item = Good("Notes");
  item.settings = {{"colour", "red"}};
  Refused(item, kInvalid, {"colour", "crash_in", "unordered"});
  item.settings = {{"crash_in", "bed"}};
  Refused(item, kInvalid, {"crash_in", "none, open, enumerate"});
  item.settings = {{"unordered", "maybe"}};
  Refused(item, kInvalid, {"yes or no"});
  item = Good("Notes");
  item.location_b = "";
  Refused(item, kInvalid, {"Side B"});
  item = Good("Notes");
  item.location_a = temp_ / "missing";
  Refused(item, kInvalid, {"Notes"});
  EXPECT_TRUE(handler_->Items()->empty());
}

TEST_F(Items, ANameIsTakenOnceWhateverItsCase) {
  const SyncItem first = Add("Notes");
  Refused(Good("NOTES"), absl::StatusCode::kAlreadyExists, {"Notes"});
  SyncItem by_id = Good("Other");
  by_id.name = first.id;
  Refused(by_id, absl::StatusCode::kAlreadyExists, {"Notes"});
}

TEST_F(Items, LocationsAreStoredAbsolute) {
  SyncItem item = Good("Notes");
  item.location_a = std::filesystem::relative(item.location_a).string();
  auto added = handler_->AddItem(item);
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_TRUE(added->location_a.starts_with("/")) << added->location_a;
  EXPECT_TRUE(std::filesystem::exists(added->location_a));
}

TEST_F(Items, EditingIsCheckedLikeAdding) {
  SyncItem item = Add("Notes");
  Add("Other");
  item.name = "other";
  EXPECT_TRUE(absl::IsAlreadyExists(handler_->EditItem(item).status()));
  item.name = "notes";
  item.direction = "mirror";
  item.filters = {"*.tmp"};
  ASSERT_TRUE(handler_->EditItem(item).ok());
  auto stored = handler_->Item(item.id);
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(stored->name, "notes");
  EXPECT_EQ(stored->direction, "mirror");
  EXPECT_EQ(stored->filters, item.filters);
  item.location_b = temp_ / "missing";
  EXPECT_FALSE(handler_->EditItem(item).ok());
  item = *stored;
  item.settings = {{"unordered", "yes"}};
  EXPECT_TRUE(handler_->EditItem(item).ok());
  EXPECT_EQ(handler_->Item(item.id)->settings, item.settings);
  // Without its provider an item can still be renamed.
  std::filesystem::remove(Installed("unruly"));
  item.name = "Renamed";
  EXPECT_TRUE(handler_->EditItem(item).ok());
}

}  // namespace
}  // namespace syncline::testing

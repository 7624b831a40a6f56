#include "tests/integration/worker/stage.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "storage/main_store.h"

namespace syncline::testing {

namespace fs = std::filesystem;

CancelRequest Watcher::OnProgress(const ProgressSnapshot& snapshot) {
  times[snapshot.item].push_back(absl::Now());
  EXPECT_TRUE(finals[snapshot.item].empty()) << "a snapshot after the last one";
  EXPECT_LE(snapshot.current.size(), kMaxProgressText);
  if (snapshot.state == ProgressSnapshot::State::kEnded) finals[snapshot.item].push_back(snapshot);
  return answer ? answer(snapshot) : CancelRequest::kNone;
}

const EventInfo* Watcher::Find(const std::string& name) const {
  const auto found = std::find_if(events.begin(), events.end(),
                                  [&](const EventInfo& event) { return event.name == name; });
  return found == events.end() ? nullptr : &*found;
}

int Watcher::MostInASecond(const std::string& item) const {
  const auto found = times.find(item);
  if (found == times.end()) return 0;
  const std::vector<absl::Time>& all = found->second;
  int most = 0;
  for (size_t first = 0, last = 0; last < all.size(); ++last) {
    while (all[last] - all[first] >= absl::Seconds(1)) ++first;
    most = std::max(most, static_cast<int>(last - first) + 1);
  }
  return most;
}

Stage::Stage() : home_(temp_ / "home") {
  // A sanitizer would turn the crashes of the tests into exit codes.
  for (const char* options : {"ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
    const char* old = std::getenv(options);
    const std::string kept = old == nullptr ? "" : std::string(old) + ":";
    setenv(options, (kept + "handle_segv=0:handle_abort=0").c_str(), 1);
  }
}

void Stage::Open(absl::Duration hang, int parallel) {
  handler_.reset();
  Handler::Options options;
  options.home = home_;
  options.hang_limit = hang;
  options.parallel_items = parallel;
  auto opened = Handler::Open(options);
  ASSERT_TRUE(opened.ok()) << opened.status();
  handler_ = *std::move(opened);
}

std::string Stage::Installed(const std::string& name) const {
  return home_ + "/plugins/" + name + ".so";
}

void Stage::Install(const std::string& name) const {
  fs::create_directories(home_ + "/plugins");
  fs::copy_file(std::string(SYNCLINE_TEST_PROVIDERS) + "/" + name + ".so", Installed(name),
                fs::copy_options::overwrite_existing);
  fs::permissions(Installed(name), fs::perms(0644));
}

ProviderInfo Stage::Provider(const std::string& id) {
  auto all = handler_->Providers();
  EXPECT_TRUE(all.ok()) << all.status();
  if (all.ok()) {
    for (const ProviderInfo& info : *all) {
      if (info.id == id) return info;
    }
  }
  return {};
}

Tree Stage::Side(const std::string& name, char side) const {
  return Tree(temp_ / (name + "-" + side));
}

SyncItem Stage::Add(const std::string& name, const std::string& provider,
                    const std::map<std::string, std::string>& settings) {
  SyncItem item;
  item.name = name;
  item.provider = provider;
  item.location_a = Side(name, 'a').root();
  item.location_b = Side(name, 'b').root();
  item.settings = settings;
  auto added = handler_->AddItem(item);
  EXPECT_TRUE(added.ok()) << added.status();
  return added.ok() ? *added : SyncItem();
}

void Stage::AddUnchecked(int count, const std::string& provider) {
  auto database = storage::Database::Open(home_ + "/syncline.db", {.kind = "syncline"});
  ASSERT_TRUE(database.ok()) << database.status();
  for (int i = 1; i <= count; ++i) {
    storage::ItemRow row;
    row.name = "Item " + std::to_string(i);
    row.id = "item-" + std::to_string(i);
    row.provider = provider;
    row.location_a = Side(row.name, 'a').root();
    row.location_b = Side(row.name, 'b').root();
    const absl::Status status = storage::ItemTable(&*database).Insert(row);
    ASSERT_TRUE(status.ok()) << status;
  }
}

SessionReport Stage::Sync(const std::vector<std::string>& items, ProgressSink* sink,
                          const SyncOptions& options) {
  auto report = handler_->Synchronize(items, options, sink);
  EXPECT_TRUE(report.ok()) << report.status();
  if (!report.ok()) return {};
  EXPECT_EQ(report->problem, "");
  return *report;
}

std::string_view Name(protocol::Result result) { return protocol::ResultName(result); }

}  // namespace syncline::testing

// A data folder, two sides and a handler with the real worker, for the tests of this folder.
#ifndef SYNCLINE_TESTS_INTEGRATION_WORKER_STAGE_H_
#define SYNCLINE_TESTS_INTEGRATION_WORKER_STAGE_H_

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "host/handler/handler.h"
#include "tests/support/scratch.h"

namespace syncline::testing {

// Keeps what a session says, and checks the rules of ProgressSink while it does.
class Watcher : public ProgressSink {
 public:
  CancelRequest OnProgress(const ProgressSnapshot& snapshot) override;
  void OnEvent(const EventInfo& event) override { events.push_back(event); }
  void OnConflict(const ConflictInfo& conflict) override { conflicts.push_back(conflict); }
  void OnPlan(const std::string& item, const protocol::PlanEntry& entry) override {
    plan.emplace_back(item, entry);
  }
  void OnItemDiscovered(const SyncItem& item) override { discovered.push_back(item); }

  const EventInfo* Find(const std::string& name) const;
  // The most snapshots of one item (or of the whole, "") within a second.
  int MostInASecond(const std::string& item) const;

  std::function<CancelRequest(const ProgressSnapshot&)> answer;
  std::map<std::string, std::vector<absl::Time>> times;
  std::map<std::string, std::vector<ProgressSnapshot>> finals;
  std::vector<EventInfo> events;
  std::vector<ConflictInfo> conflicts;
  std::vector<std::pair<std::string, protocol::PlanEntry>> plan;
  std::vector<SyncItem> discovered;
};

class Stage : public ::testing::Test {
 protected:
  Stage();

  // Opens (again) with this hang limit. The built-in folder holds the product's own providers.
  void Open(absl::Duration hang = absl::Seconds(20), int parallel = 0);
  // Puts a library of tests/providers into the user's plug-in folder.
  void Install(const std::string& name) const;
  std::string Installed(const std::string& name) const;
  // A provider's information by id, or one with an empty id.
  ProviderInfo Provider(const std::string& id);
  // Adds an item whose sides are new folders; throws away nothing.
  SyncItem Add(const std::string& name, const std::string& provider = "unruly",
               const std::map<std::string, std::string>& settings = {});
  // Stores count items "Item 1" ... with sides as Add makes them, without checking them in workers.
  void AddUnchecked(int count, const std::string& provider = "unruly");
  Tree Side(const std::string& name, char side) const;
  SessionReport Sync(const std::vector<std::string>& items = {}, ProgressSink* sink = nullptr,
                     const SyncOptions& options = {});

  TempDir temp_;
  std::string home_;
  std::unique_ptr<Handler> handler_;
};

std::string_view Name(protocol::Result result);

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_INTEGRATION_WORKER_STAGE_H_

// One turn of one item: opens both replicas, scans, plans, guards, applies, until both sides are in
// step. Knows no data type, no process and no channel: the worker gives it a provider and a
// Monitor.
#ifndef SYNCLINE_HOST_ENGINE_ENGINE_H_
#define SYNCLINE_HOST_ENGINE_ENGINE_H_

#include <syncline/provider.h>

#include <map>
#include <string>
#include <vector>

#include "host/engine/apply.h"
#include "host/engine/monitor.h"
#include "host/engine/plan.h"
#include "host/engine/scan.h"
#include "sdk/platform/clock.h"

namespace syncline::engine {

struct SyncRequest {
  const syncline_entry* entry = nullptr;           // of the loaded provider
  std::string provider;                            // its id, for people
  std::string folder;                              // of the item: baseline.db lives there
  std::map<std::string, std::string> settings[2];  // by side, with location, side and item
  Direction direction = Direction::kTwoWay;
  Policy policy = Policy::kAsk;
  std::vector<std::string> filters;
  bool dry_run = false;
  bool allow_deletes = false;
  bool accept_root = false;
  bool only_decided = false;
  bool relayout = false;                   // records go where the provider's layout wants them
  std::map<std::string, Decided> decided;  // by key
  IdSet avoid[2];                          // ids that crashed the provider twice
  platform::Clock* clock = platform::Clock::Real();
};

enum class SyncResult : uint8_t { kDone, kConflicts, kPartial, kStopped, kFailed, kCancelled };

struct SyncReport {
  SyncResult result = SyncResult::kFailed;
  std::string message;  // for a person; empty when all is well
  std::string setting;  // at fault, if one is
  Tally tally;
};

// Blocks until the turn is over; monitor->Cancel() ends it early. The caller holds the item's lock.
SyncReport RunSync(const SyncRequest& request, Monitor* monitor);
// Opens both sides and checks the settings; changes nothing.
SyncReport CheckItem(const SyncRequest& request, Monitor* monitor);
// Lists both sides as a dry run does and tells monitor of each record of side A whether a person
// may remove it there, since B has it for sure. Changes nothing. kDone: all were told.
SyncReport TellSafe(const SyncRequest& request, Monitor* monitor);

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_ENGINE_H_

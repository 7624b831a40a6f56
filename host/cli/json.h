// The shapes of --json and of --progress=json: the field names here are a promise to scripts,
// written down in docs/commands.md. Fields may be added, never renamed.
#ifndef SYNCLINE_HOST_CLI_JSON_H_
#define SYNCLINE_HOST_CLI_JSON_H_

#include "host/handler/handler.h"
#include "nlohmann/json.hpp"

namespace syncline::cli {

// Times are ISO 8601 in UTC, to the second; what is not known is null.
nlohmann::ordered_json ToJson(const ProviderInfo& provider);
nlohmann::ordered_json ToJson(const SyncItem& item);
nlohmann::ordered_json ToJson(const EventInfo& event);
nlohmann::ordered_json ToJson(const ConflictInfo& conflict);
nlohmann::ordered_json ToJson(const protocol::Counts& counts);
nlohmann::ordered_json ToJson(const protocol::PlanEntry& entry);
nlohmann::ordered_json ToJson(const ProgressSnapshot& snapshot);
nlohmann::ordered_json ToJson(const ItemReport& report);
nlohmann::ordered_json TimeToJson(absl::Time time);

}  // namespace syncline::cli

#endif  // SYNCLINE_HOST_CLI_JSON_H_

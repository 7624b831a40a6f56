// Rows of the database as people and faces see them.
#ifndef SYNCLINE_HOST_SESSION_ROWS_H_
#define SYNCLINE_HOST_SESSION_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "host/session/types.h"
#include "storage/main_store.h"

namespace syncline::session {

std::string_view LevelName(storage::Level level);  // information, warning, error
std::optional<storage::Level> LevelOf(std::string_view name);

// An event's GUID: half of the database's uuid and the event's number, as UUID text.
std::string EventGuid(std::string_view database_uuid, int64_t id);
// The number in a GUID of this database; nothing for any other text. Braces and case do not matter.
std::optional<int64_t> EventOfGuid(std::string_view database_uuid, std::string_view guid);

EventInfo InfoOf(const storage::EventRow& row, std::string_view database_uuid);
ConflictInfo InfoOf(const storage::ConflictRow& row, const std::string& item_name);

// Of one side of a stored conflict what a worker needs to carry a decision out. The rest, which may
// hold a picture of each record, would for many conflicts be more than fits into a message.
std::string OnlyVersion(const std::string& side_json);

// The counts as a JSON object, for session_items.
std::string CountsJson(const protocol::Counts& counts);

}  // namespace syncline::session

#endif  // SYNCLINE_HOST_SESSION_ROWS_H_

#include "host/session/rows.h"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "host/protocol/fields.h"
#include "host/protocol/text.h"

namespace syncline {

std::string TitleOf(const ConflictInfo& conflict) {
  const std::string& title = conflict.a.exists ? conflict.a.title : conflict.b.title;
  return title == conflict.record ? "" : title;
}

}  // namespace syncline

namespace syncline::session {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 3> kLevels = {"information", "warning", "error"};
constexpr size_t kUuidHalf = 16, kUuidDigits = 32;

// side_a and side_b of the table conflicts: {} means gone.
ConflictSide SideOf(const std::string& text) {
  ConflictSide side;
  const json object = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object() || object.empty()) return side;
  side.exists = true;
  const auto get = [&object](const char* key) {
    const auto found = object.find(key);
    return found == object.end() ? json() : *found;
  };
  if (const json title = get("title"); title.is_string()) side.title = title.get<std::string>();
  if (side.title.empty()) {
    if (const json id = get("id"); id.is_string()) side.title = id.get<std::string>();
  }
  if (const json size = get("size"); size.is_number_unsigned()) side.size = size.get<uint64_t>();
  if (const json modified = get("modified"); modified.is_number_integer()) {
    side.modified = absl::FromUnixNanos(modified.get<int64_t>());
  }
  // Named: the range of a loop does not keep a temporary behind items() alive before C++23 (P2718).
  const auto read = [&get](const char* key, std::map<std::string, std::string>* into) {
    const json fields = get(key);
    for (const auto& [name, value] : fields.items()) {
      if (value.is_string()) (*into)[name] = value.get<std::string>();
    }
  };
  read("fields", &side.fields);
  read("differing", &side.differing);
  return side;
}

// Puts the numbers of Counts into a JSON object by the names they have on the channel.
struct CountsWriter {
  json object = json::object();
  void operator()(const char* name, uint64_t value) { object[name] = value; }
};

}  // namespace

std::string_view LevelName(storage::Level level) {
  return kLevels[static_cast<size_t>(level) - static_cast<size_t>(storage::Level::kInformation)];
}

std::optional<storage::Level> LevelOf(std::string_view name) {
  for (size_t i = 0; i < kLevels.size(); ++i) {
    if (kLevels[i] == name) {
      return static_cast<storage::Level>(i + static_cast<size_t>(storage::Level::kInformation));
    }
  }
  return std::nullopt;
}

std::string EventGuid(std::string_view database_uuid, int64_t id) {
  const std::string digits = Cat(database_uuid.substr(0, kUuidHalf), absl::StrFormat("%016x", id));
  const std::string_view d = digits;
  return Cat(d.substr(0, 8), "-", d.substr(8, 4), "-", d.substr(12, 4), "-", d.substr(16, 4), "-",
             d.substr(20));
}

std::optional<int64_t> EventOfGuid(std::string_view database_uuid, std::string_view guid) {
  std::string digits;
  for (const char c : guid) {
    if (absl::ascii_isxdigit(static_cast<unsigned char>(c))) {
      digits += absl::ascii_tolower(static_cast<unsigned char>(c));
    } else if (c != '-' && c != '{' && c != '}') {
      return std::nullopt;
    }
  }
  if (digits.size() != kUuidDigits || !digits.starts_with(database_uuid.substr(0, kUuidHalf))) {
    return std::nullopt;
  }
  int64_t id = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data() + kUuidHalf, end, id, 16);
  if (error != std::errc() || stop != end) return std::nullopt;
  return id;
}

EventInfo InfoOf(const storage::EventRow& row, std::string_view database_uuid) {
  EventInfo info;
  info.id = row.id;
  if (row.id != 0) info.guid = EventGuid(database_uuid, row.id);
  info.time = absl::FromUnixNanos(row.time_ns);
  info.level = std::string(LevelName(row.level));
  info.session = row.session;
  info.item = row.item;
  info.provider = row.provider;
  info.record = row.record;
  info.name = row.name;
  info.text = row.text;
  return info;
}

ConflictInfo InfoOf(const storage::ConflictRow& row, const std::string& item_name) {
  ConflictInfo info;
  info.id = row.id;
  info.item = row.item;
  info.item_name = item_name;
  info.kind = row.kind;
  info.record = row.record;
  info.reason = row.reason;
  info.a = SideOf(row.side_a_json);
  info.b = SideOf(row.side_b_json);
  info.since = absl::FromUnixNanos(row.since_ns);
  info.decision = row.decision;
  return info;
}

std::string OnlyVersion(const std::string& side_json) {
  const json side = json::parse(side_json, nullptr, /*allow_exceptions=*/false);
  const auto version = side.is_object() ? side.find("version") : side.end();
  if (!side.is_object() || version == side.end()) return "{}";
  return json({{"version", *version}})
      .dump(-1, ' ', /*ensure_ascii=*/false, json::error_handler_t::replace);
}

std::string CountsJson(const protocol::Counts& counts) {
  CountsWriter writer;
  protocol::Fields(writer, counts);
  return writer.object.dump();
}

}  // namespace syncline::session

#include "host/handler/item_rules.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "host/protocol/text.h"
#include "sdk/platform/clock.h"
#include "sdk/platform/file_system.h"

namespace syncline::handler {
namespace {

constexpr std::array<const char*, 3> kDirections = {"two-way", "mirror", "add"};
constexpr std::array<const char*, 5> kPolicies = {"ask", "newer", "a", "b", "both"};
constexpr int kRandomBytes = 2;

template <typename List>
absl::Status OneOf(std::string_view what, const std::string& value, const List& list) {
  if (std::find(list.begin(), list.end(), value) != list.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(Cat("The ", what, " must be one of ", absl::StrJoin(list, ", "),
                                        ", not \"", protocol::DisplayText(value), "\"."));
}

// True for UTF-8 without control characters.
bool IsShowable(std::string_view text) { return protocol::DisplayText(text) == text; }

bool IsUrl(std::string_view location) {
  const size_t colon = location.find("://");
  return colon != std::string_view::npos && colon > 0 &&
         std::all_of(location.begin(), location.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](char c) {
                       return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '+' ||
                              c == '-' || c == '.';
                     });
}

absl::Status CheckId(const std::string& id) {
  const bool good = id.size() <= kMaxIdLength && std::all_of(id.begin(), id.end(), [](char c) {
                      return absl::ascii_islower(static_cast<unsigned char>(c)) ||
                             absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-';
                    });
  if (good) return absl::OkStatus();
  return absl::InvalidArgumentError(Cat(
      "The id of a sync item is made of a-z, 0-9 and '-', at most ", kMaxIdLength, " of them."));
}

}  // namespace

absl::Status CheckWords(const SyncItem& item) {
  if (item.name.empty()) return absl::InvalidArgumentError("A sync item needs a name.");
  if (item.name.size() > kMaxNameLength) {
    return absl::InvalidArgumentError(Cat("The name of a sync item is at most ", kMaxNameLength,
                                          " bytes long; this one has ", item.name.size(), "."));
  }
  if (!protocol::IsUtf8(item.name)) {
    return absl::InvalidArgumentError(
        Cat("The name \"", protocol::DisplayText(item.name), "\" is not UTF-8. Give one that is."));
  }
  if (!IsShowable(item.name) || absl::StripAsciiWhitespace(item.name) != item.name) {
    return absl::InvalidArgumentError(
        Cat("The name \"", protocol::DisplayText(item.name),
            "\" holds control characters, or blanks at an end. Give it without them."));
  }
  absl::Status status = CheckId(item.id);
  if (status.ok()) status = OneOf("direction", item.direction, kDirections);
  if (status.ok()) status = OneOf("conflict policy", item.conflict_policy, kPolicies);
  for (const std::string& pattern : item.filters) {
    if (status.ok() &&
        (pattern.empty() || pattern.find_first_of("\n\r\0", 0, 3) != std::string::npos)) {
      status = absl::InvalidArgumentError("A filter pattern is one line and not empty.");
    }
  }
  return status;
}

absl::StatusOr<std::string> StoredLocation(std::string_view side, const std::string& location) {
  if (location.empty() || location.find('\0') != std::string::npos) {
    return absl::InvalidArgumentError(Cat("Side ", side, " needs a location: a path or a URL."));
  }
  return IsUrl(location) ? location : platform::AbsolutePath(location);
}

std::string MakeItemId(std::string_view name) {
  std::string id;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) {
      id += absl::ascii_tolower(byte);
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  if (id.empty()) id = "item";
  id.resize(std::min(id.size(), kMaxIdLength - 1 - 2 * kRandomBytes));
  if (id.back() == '-') id.pop_back();
  return Cat(id, "-", platform::RandomHex(kRandomBytes));
}

storage::ItemRow RowOf(const SyncItem& item) {
  storage::ItemRow row;
  row.id = item.id;
  row.name = item.name;
  row.provider = item.provider;
  row.location_a = item.location_a;
  row.location_b = item.location_b;
  row.enabled = item.enabled;
  row.direction = item.direction;
  row.conflict_policy = item.conflict_policy;
  row.settings = item.settings;
  row.filters = item.filters;
  return row;
}

SyncItem ItemOf(const storage::ItemRow& row) {
  SyncItem item;
  item.id = row.id;
  item.name = row.name;
  item.provider = row.provider;
  item.location_a = row.location_a;
  item.location_b = row.location_b;
  item.enabled = row.enabled;
  item.direction = row.direction;
  item.conflict_policy = row.conflict_policy;
  item.settings = row.settings;
  item.filters = row.filters;
  item.last_result = row.last_result;
  if (row.last_sync_ns != 0) item.last_sync = absl::FromUnixNanos(row.last_sync_ns);
  return item;
}

}  // namespace syncline::handler

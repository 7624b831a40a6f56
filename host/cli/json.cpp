// Writing the JSON shapes.
#include "host/cli/json.h"

#include "host/cli/text.h"

namespace syncline::cli {

using nlohmann::ordered_json;

namespace {

ordered_json KnownOrNull(uint64_t total) {
  return total == 0 ? ordered_json(nullptr) : ordered_json(total);
}

ordered_json ToJson(const ConflictSide& side) {
  ordered_json fields = ordered_json::object();
  for (const auto& [name, value] : side.fields) fields[name] = value;
  ordered_json differing = ordered_json::object();
  for (const auto& [name, value] : side.differing) differing[name] = value;
  return {{"exists", side.exists}, {"title", side.title},
          {"size", side.size},     {"modified", TimeToJson(side.modified)},
          {"fields", fields},      {"differing", differing}};
}

}  // namespace

ordered_json TimeToJson(absl::Time time) {
  const std::string text = IsoTime(time);
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json ToJson(const ProviderInfo& provider) {
  ordered_json settings = ordered_json::array();
  for (const ProviderInfo::Setting& setting : provider.settings) {
    settings.push_back({{"key", setting.key},
                        {"type", setting.type},
                        {"default", setting.default_value},
                        {"required", setting.required},
                        {"choices", setting.choices},
                        {"label", setting.label},
                        {"help", setting.help}});
  }
  return {{"id", provider.id},           {"name", provider.name},
          {"version", provider.version}, {"description", provider.description},
          {"state", provider.state},     {"reason", provider.reason},
          {"file", provider.file},       {"direction", provider.direction},
          {"settings", settings}};
}

ordered_json ToJson(const SyncItem& item) {
  return {{"id", item.id},
          {"name", item.name},
          {"provider", item.provider},
          {"a", item.location_a},
          {"b", item.location_b},
          {"enabled", item.enabled},
          {"direction", item.direction},
          {"conflict_policy", item.conflict_policy},
          {"settings", item.settings},
          {"filters", item.filters},
          {"last_result",
           item.last_result.empty() ? ordered_json(nullptr) : ordered_json(item.last_result)},
          {"last_sync", TimeToJson(item.last_sync)},
          {"conflicts", item.conflicts},
          {"provider_problem", item.provider_problem}};
}

ordered_json ToJson(const EventInfo& event) {
  return {{"id", event.id},
          {"guid", event.guid},
          {"time", TimeToJson(event.time)},
          {"level", event.level},
          {"session", event.session},
          {"item", event.item},
          {"provider", event.provider},
          {"record", event.record},
          {"name", event.name},
          {"text", event.text}};
}

ordered_json ToJson(const ConflictInfo& conflict) {
  return {{"id", conflict.id},
          {"item", conflict.item},
          {"item_name", conflict.item_name},
          {"kind", conflict.kind},
          {"record", conflict.record},
          {"reason", conflict.reason},
          {"a", ToJson(conflict.a)},
          {"b", ToJson(conflict.b)},
          {"since", TimeToJson(conflict.since)},
          {"decision",
           conflict.decision.empty() ? ordered_json(nullptr) : ordered_json(conflict.decision)}};
}

ordered_json ToJson(const protocol::Counts& counts) {
  return {{"unchanged", counts.unchanged}, {"created", counts.created}, {"updated", counts.updated},
          {"removed", counts.removed},     {"moved", counts.moved},     {"merged", counts.merged},
          {"conflicts", counts.conflicts}, {"failed", counts.failed},   {"adopted", counts.adopted},
          {"skipped", counts.skipped},     {"bytes", counts.bytes}};
}

ordered_json ToJson(const protocol::PlanEntry& entry) {
  ordered_json json = {{"action", entry.action}, {"side", entry.side}, {"record", entry.record}};
  if (!entry.from.empty()) json["from"] = entry.from;
  json["bytes"] = entry.bytes;
  return json;
}

ordered_json ToJson(const ProgressSnapshot& s) {
  static constexpr const char* kStates[] = {"waiting", "running", "ended"};
  ordered_json left = nullptr;
  if (s.time_left != absl::InfiniteDuration()) left = absl::ToDoubleSeconds(s.time_left);
  return {{"item", s.item.empty() ? ordered_json(nullptr) : ordered_json(s.item)},
          {"name", s.name},
          {"state", kStates[static_cast<size_t>(s.state)]},
          {"phase", std::string(protocol::PhaseName(s.phase))},
          {"records_scanned", s.records_scanned},
          {"records_done", s.records_done},
          {"records_total", KnownOrNull(s.records_total)},
          {"bytes_done", s.bytes_done},
          {"bytes_total", KnownOrNull(s.bytes_total)},
          {"records_per_second", s.records_per_second},
          {"bytes_per_second", s.bytes_per_second},
          {"seconds_left", left},
          {"current", s.current},
          {"items_done", s.items_done},
          {"items_total", s.items_total}};
}

ordered_json ToJson(const ItemReport& report) {
  ordered_json json = {{"item", report.item},
                       {"name", report.name},
                       {"result", std::string(protocol::ResultName(report.result))},
                       {"message", report.message}};
  json.update(ToJson(report.counts));
  json["seconds"] = report.seconds;
  return json;
}

}  // namespace syncline::cli

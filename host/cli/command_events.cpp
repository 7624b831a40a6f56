// Showing events.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "host/cli/commands.h"
#include "host/cli/exit_code.h"
#include "host/cli/item_text.h"
#include "host/cli/json.h"
#include "host/cli/text.h"

namespace syncline::cli {
namespace {

Span LevelSpan(const std::string& level) {
  return Span(level, level == "error"     ? Style::kBad
                     : level == "warning" ? Style::kWarn
                                          : Style::kPlain);
}

// The id of an item that is there or, since the history outlives what it tells of, of one that was.
absl::StatusOr<std::string> ItemInHistory(Handler& handler, const std::string& id_or_name) {
  const absl::StatusOr<SyncItem> item =
      FindItem(handler, id_or_name, "A removed one is found by its id only.");
  if (item.ok()) return item->id;
  if (!absl::IsNotFound(item.status())) return item.status();
  EventFilter all;
  all.item = id_or_name;
  const absl::StatusOr<int64_t> events = handler.CountEvents(all);
  if (!events.ok()) return events.status();
  if (*events == 0) return item.status();
  return id_or_name;
}

}  // namespace

std::string EventInWords(const EventInfo& event) {
  const bool named =
      event.record.empty() || absl::StrContains(event.text, absl::StrCat("\"", event.record, "\""));
  return named ? event.text : absl::StrCat(event.record, ": ", event.text);
}

absl::StatusOr<int> RunEvents(const Command& command) {
  const Arguments& arguments = command.arguments;
  EventFilter filter;
  if (!arguments.item.empty()) {
    const absl::StatusOr<std::string> id = ItemInHistory(command.handler, arguments.item);
    if (!id.ok()) return id.status();
    filter.item = *id;
  }
  filter.session = arguments.session;
  filter.min_level = arguments.level;
  filter.limit = arguments.limit;
  filter.before_id = arguments.before;
  absl::StatusOr<std::vector<EventInfo>> events = command.handler.Events(filter);
  if (!events.ok()) return events.status();
  std::sort(events->begin(), events->end(),
            [](const EventInfo& x, const EventInfo& y) { return x.id > y.id; });
  Output& output = command.output;
  if (arguments.json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const EventInfo& event : *events) list.push_back(ToJson(event));
    output.PrintJson({{"events", list}});
    return kExitDone;
  }
  if (events->empty()) {
    output.Print({"No events."});
    return kExitDone;
  }
  std::vector<SyncItem> items;
  if (absl::StatusOr<std::vector<SyncItem>> all = command.handler.Items(); all.ok()) {
    items = *std::move(all);
  }
  const auto name_of = [&](const std::string& id) {
    const auto item = std::find_if(items.begin(), items.end(),
                                   [&](const SyncItem& each) { return each.id == id; });
    return item == items.end() ? id : item->name;
  };
  // The text is never cut: it is what the event is about, and a terminal wraps it.
  Table table({{"ID", false, true},
               {"TIME"},
               {"SESSION", false, true},
               {"LEVEL"},
               {"ITEM", true},
               {"TEXT"}});
  std::reverse(events->begin(), events->end());
  for (const EventInfo& event : *events) {
    table.Add({absl::StrCat(event.id), LocalTime(event.time),
               event.session == 0 ? "" : absl::StrCat(event.session), LevelSpan(event.level),
               name_of(event.item), EventInWords(event)});
  }
  table.PrintTo(output);
  if (static_cast<int>(events->size()) == arguments.limit && command.console.out_is_terminal) {
    output.Print(
        {Span(absl::StrCat("Older ones: add --before ", events->front().id), Style::kDim)});
  }
  return kExitDone;
}

}  // namespace syncline::cli

// Finding an item by what a person typed.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "host/cli/commands.h"
#include "host/cli/item_text.h"
#include "host/cli/text.h"

namespace syncline::cli {

absl::StatusOr<SyncItem> FindItem(Handler& handler, const std::string& id_or_name,
                                  std::string_view hint) {
  absl::StatusOr<SyncItem> item = handler.Item(id_or_name);
  if (!absl::IsNotFound(item.status())) return item;
  std::string message = absl::StrCat("There is no item \"", id_or_name, "\".");
  if (const absl::StatusOr<std::vector<SyncItem>> items = handler.Items(); items.ok()) {
    std::vector<std::string> names;
    for (const SyncItem& each : *items) names.push_back(each.name);
    if (const std::optional<std::string> nearest = Nearest(id_or_name, names)) {
      const auto at = std::find(names.begin(), names.end(), *nearest) - names.begin();
      absl::StrAppend(&message, " Did you mean ", ItemWord((*items)[static_cast<size_t>(at)]), "?");
    }
    absl::StrAppend(&message, hint.empty() ? "" : " ", std::string(hint));
    if (items->empty()) {
      return absl::NotFoundError(absl::StrCat(message, " Make one first: syncline add --help"));
    }
  }
  return absl::NotFoundError(absl::StrCat(message, " All items: syncline items"));
}

}  // namespace syncline::cli

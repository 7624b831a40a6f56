// What a sync item may look like, and how a new one gets its id.
#ifndef SYNCLINE_HOST_HANDLER_ITEM_RULES_H_
#define SYNCLINE_HOST_HANDLER_ITEM_RULES_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "host/catalog/manifest.h"
#include "host/session/types.h"
#include "storage/main_store.h"

namespace syncline::handler {

// Name, id, direction, policy and filters. InvalidArgument says which is wrong and what may stand
// there.
absl::Status CheckWords(const SyncItem& item);

// A path made absolute; a URL stays as it is. InvalidArgument when it is empty or holds a NUL.
absl::StatusOr<std::string> StoredLocation(std::string_view side, const std::string& location);

// The name in a-z, 0-9 and '-', and 4 random hex digits; at most kMaxIdLength.
std::string MakeItemId(std::string_view name);

storage::ItemRow RowOf(const SyncItem& item);
SyncItem ItemOf(const storage::ItemRow& row);

}  // namespace syncline::handler

#endif  // SYNCLINE_HOST_HANDLER_ITEM_RULES_H_

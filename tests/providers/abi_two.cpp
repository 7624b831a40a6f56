// Made for a later major version of the contract: exports only that version's symbol.
#include "syncline/provider.h"

namespace {
syncline_status Create(const syncline_host*, const syncline_call*, const syncline_provider**) {
  return SYNCLINE_UNSUPPORTED;
}
constexpr char kManifest[] = R"({"id": "abi-two", "name": "ABI two", "version": "1.0.0"})";
}  // namespace

extern "C" SYNCLINE_EXPORT const syncline_entry syncline_entry_2;
const syncline_entry syncline_entry_2 = {
    sizeof(syncline_entry), 2, 0, {kManifest, sizeof(kManifest) - 1}, &Create};

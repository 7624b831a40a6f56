#include "plugins/images/merge_units.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "plugins/images/essence.h"
#include "plugins/images/essence_merge.h"

namespace syncline::images {
namespace {

Error Refusal(const absl::Status& status) {
  const syncline_status code =
      absl::IsUnimplemented(status) ? SYNCLINE_UNSUPPORTED : SYNCLINE_INVALID;
  return Error(code, std::string(status.message()));
}

Essence Read(const ByteSource& source) {
  absl::StatusOr<Essence> essence = DecodeEssence(source.ReadAll(kLargestEssence));
  if (!essence.ok()) throw Refusal(essence.status());
  return *std::move(essence);
}

}  // namespace

bool MergeUnits(const MergeInput& input, ByteSink merged, Fields differing) {
  std::optional<Essence> base;
  if (input.base) {
    // One that is not readable is none: then nothing counts as removed, and so nothing is lost.
    absl::StatusOr<Essence> ancestor = DecodeEssence(input.base->ReadAll(kLargestEssence));
    if (ancestor.ok()) base = *std::move(ancestor);
  }
  const Essence mine = Read(input.mine);
  const Essence theirs = Read(input.theirs);
  const auto choose = [&input](std::string_view field) {
    switch (input.For(field)) {
      case syncline::Favour::kMine:
        return Favour::kMine;
      case syncline::Favour::kTheirs:
        return Favour::kTheirs;
      default:
        return Favour::kNone;
    }
  };
  std::vector<Disagreement> fields;
  const absl::StatusOr<std::optional<Essence>> result =
      MergeEssences(base, mine, theirs, choose, &fields);
  if (!result.ok()) throw Refusal(result.status());
  for (const Disagreement& one : fields) differing.Push(one.field, one.mine, one.theirs);
  if (!*result) return false;
  merged.Write(EncodeEssence(**result));
  return true;
}

}  // namespace syncline::images

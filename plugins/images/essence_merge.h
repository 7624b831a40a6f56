// Three-way merge of the essences of a unit: each place of XMP by the rules of xmp_merge.h, and
// sidecars that come and go.
//
// Laws, each a property test; "says" means: the same parts, each with the same XmpDigest.
// Merge(b, x, x) is x; Merge(b, x, b) is x; swapping mine and theirs (and who is favoured) gives
// the same bytes; merging the result again with either side says the result; what stands in no part
// of the result was removed or replaced by a side.
//
// Any thread; there is no state.
#ifndef SYNCLINE_PLUGINS_IMAGES_ESSENCE_MERGE_H_
#define SYNCLINE_PLUGINS_IMAGES_ESSENCE_MERGE_H_

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "plugins/images/essence.h"
#include "plugins/images/xmp_merge.h"

namespace syncline::images {

// base: nullopt: there is no ancestor; its rest does not count.
// choose: decides a field that both changed differently, by its name. That is "rating" for the
// picture's own XMP (the raw's where there is no picture) and where only one part has XMP, else
// "rating (.JPG.xmp)"; and "sidecar .JPG.xmp" for one that one side changed and the other removed.
// No two fields have one name.
// The merged essence, whose parts are mine or theirs byte for byte where that says it all; nullopt
// when choose() left a field to nobody, and then *differing tells all of these fields, by name.
// Unimplemented, with a sentence: mine and theirs differ in more than XMP, or together they say
// more than fits. InvalidArgument: a part is not XMP; the sentence says which and why.
absl::StatusOr<std::optional<Essence>> MergeEssences(
    const std::optional<Essence>& base, const Essence& mine, const Essence& theirs,
    const std::function<Favour(std::string_view field)>& choose,
    std::vector<Disagreement>* differing);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_ESSENCE_MERGE_H_

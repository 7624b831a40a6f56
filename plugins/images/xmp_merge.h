// Three-way merge of XMP packets, property by property, by the table of xmp_merge_rules.h.
//
// Laws, each a property test; "says" means: has the same XmpDigest. Merge(b, x, x) says x;
// Merge(b, x, b) says x; swapping mine and theirs (and who is favoured) gives the same bytes;
// merging the result again with either side says the result; a value of the result stands on a
// side, and one that neither side removed or replaced stands in the result.
//
// Any thread; there is no state.
#ifndef SYNCLINE_PLUGINS_IMAGES_XMP_MERGE_H_
#define SYNCLINE_PLUGINS_IMAGES_XMP_MERGE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace syncline::images {

// A field that both changed differently, as a person reads it; an absent value is empty.
struct Disagreement {
  std::string field;  // "rating", "title (de)"
  std::string mine;
  std::string theirs;
  bool operator==(const Disagreement&) const = default;
};

enum class Favour : uint8_t { kNone, kMine, kTheirs };

// base empty, or no XMP: there is no ancestor, and the result is the union, in which differing
// single values disagree. An empty packet has no properties.
// choose: decides a field that both changed differently, by its name.
// The merged packet, which is mine or theirs byte for byte where that says it all; nullopt when
// choose() left a field to nobody, and then *differing tells all of these fields, by name.
// InvalidArgument: mine or theirs is not XMP; the sentence says which and why.
absl::StatusOr<std::optional<std::string>> MergeXmp(
    const std::optional<std::string>& base, const std::string& mine, const std::string& theirs,
    const std::function<Favour(std::string_view field)>& choose,
    std::vector<Disagreement>* differing);

// 32 hex digits (XXH3, 128 bits), equal exactly when nobody would call it a change: the order of
// properties and keywords, padding, prefixes, and what programs note down for themselves (dates of
// the metadata, histories, ids, names of programs) do not count. The digest of what is not XMP is
// that of its bytes, and never that of a packet.
std::string XmpDigest(std::string_view packet);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_XMP_MERGE_H_

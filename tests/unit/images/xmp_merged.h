// A merge of XMP as one text, for tests to compare.
#ifndef SYNCLINE_TESTS_UNIT_IMAGES_XMP_MERGED_H_
#define SYNCLINE_TESTS_UNIT_IMAGES_XMP_MERGED_H_

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/images/xmp_merge.h"

namespace syncline::images {

inline Favour Nobody(std::string_view) { return Favour::kNone; }

// The merged packet; a disagreement gives "field: mine / theirs; ...", an error its message.
inline std::string Merged(const std::optional<std::string>& base, const std::string& mine,
                          const std::string& theirs,
                          const std::function<Favour(std::string_view)>& choose = Nobody) {
  std::vector<Disagreement> differing;
  const auto merged = MergeXmp(base, mine, theirs, choose, &differing);
  if (!merged.ok()) return std::string(merged.status().message());
  EXPECT_EQ(merged->has_value(), differing.empty());
  if (*merged) return **merged;
  std::string text;
  for (const Disagreement& one : differing) {
    text += (text.empty() ? "" : "; ") + one.field + ": " + one.mine + " / " + one.theirs;
  }
  return text;
}

}  // namespace syncline::images

#endif  // SYNCLINE_TESTS_UNIT_IMAGES_XMP_MERGED_H_

// A text as a set of lines "key: value", and the three-way merge of such texts, for "lines".
#ifndef SYNCLINE_TESTS_PROVIDERS_LINE_SET_H_
#define SYNCLINE_TESTS_PROVIDERS_LINE_SET_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::testing {

// All lines that have the same key are one field, so that merging needs no order. A line without ":
// " is a field of its own.
using LineSet = std::map<std::string, std::set<std::string>>;

inline LineSet ParseLines(std::string_view text) {
  LineSet lines;
  while (!text.empty()) {
    const std::string line(text.substr(0, text.find('\n')));
    text.remove_prefix(line.size() < text.size() ? line.size() + 1 : text.size());
    if (!line.empty()) lines[line.substr(0, line.find(": "))].insert(line);
  }
  return lines;
}

inline std::string JoinLines(const std::set<std::string>& lines, std::string_view separator) {
  std::string text;
  for (const std::string& line : lines) text.append(line).append(separator);
  return text;
}

inline std::string FormatLines(const LineSet& lines) {
  std::string text;
  for (const auto& [key, field] : lines) text += JoinLines(field, "\n");
  return text;
}

enum class Side { kNone, kMine, kTheirs };

struct LineMerge {
  std::string text;
  std::vector<std::string> differing;  // keys; text holds nothing of use when there is one
};

// favour(key): who wins a field that both changed differently.
template <typename Favour>
LineMerge MergeLines(std::string_view base, std::string_view mine, std::string_view theirs,
                     const Favour& favour) {
  if (mine == theirs || theirs == base) return {std::string(mine), {}};
  if (mine == base) return {std::string(theirs), {}};
  LineSet old = ParseLines(base);
  LineSet left = ParseLines(mine);
  LineSet right = ParseLines(theirs);
  LineSet all = left;
  all.merge(LineSet(right));
  LineMerge result;
  LineSet merged;
  for (const auto& [key, ignored] : all) {
    const std::set<std::string>& l = left[key];
    const std::set<std::string>& r = right[key];
    if (l != r && l != old[key] && r != old[key] && favour(key) == Side::kNone) {
      result.differing.push_back(key);
      continue;
    }
    const bool take_right = l == old[key] || (r != old[key] && favour(key) == Side::kTheirs);
    merged[key] = take_right ? r : l;
  }
  result.text = FormatLines(merged);
  return result;
}

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_PROVIDERS_LINE_SET_H_

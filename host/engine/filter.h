// Filters in gitignore syntax (gitignore(5)): which records an item leaves alone on both sides.
//
//   Filter f({"*.tmp", "/build/", "!keep.tmp"});
//   f.Excludes("a/x.tmp", false) == true
//
// Bytes, not characters: a name need not be UTF-8. Case matters. Immutable; any thread.
#ifndef SYNCLINE_HOST_ENGINE_FILTER_H_
#define SYNCLINE_HOST_ENGINE_FILTER_H_

#include <string>
#include <string_view>
#include <vector>

namespace syncline::engine {

class Filter {
 public:
  Filter() = default;
  explicit Filter(const std::vector<std::string>& lines);

  bool empty() const { return rules_.empty(); }
  // Whether this key itself is excluded by a pattern, given that no container above it is: what a
  // listing that leaves out excluded containers asks for.
  bool ExcludesItself(std::string_view key, bool container) const;
  // Whether the key or a container above it is excluded; then no pattern can include it again.
  bool Excludes(std::string_view key, bool container) const;
  // The same for a record that people know by a name (a path, or what stands on a card) and not by
  // its key: the last pattern that matches either of them decides.
  bool Excludes(std::string_view key, std::string_view name, bool container) const;
  // Whether what is inside a container could be excluded at one of the two places and not at the
  // other. May say yes where it is not so.
  bool TellsApart(std::string_view one, std::string_view other) const;

 private:
  struct Rule {
    std::string pattern;      // without '!', leading and trailing '/'
    bool include = false;     // '!'
    bool containers = false;  // trailing '/': containers only
    bool anchored = false;    // holds a '/' before its end: matches from the top
  };
  // The last rule that matches; null: none does.
  const Rule* Decider(std::string_view key, bool container) const;
  bool ExcludesAbove(std::string_view key) const;

  std::vector<Rule> rules_;
};

// Whether text matches the shell pattern: '*' and '?' stop at '/', "**" as a whole component does
// not.
bool MatchesPattern(std::string_view pattern, std::string_view text);

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_FILTER_H_

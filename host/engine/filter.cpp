// Filters in gitignore syntax. See filter.h and gitignore(5), "PATTERN FORMAT".
#include "host/engine/filter.h"

#include <functional>

namespace syncline::engine {
namespace {

struct NamedClass {
  std::string_view name;
  bool (*matches)(unsigned char c);
};
bool Between(unsigned char c, char low, char high) {
  return static_cast<unsigned char>(low) <= c && c <= static_cast<unsigned char>(high);
}
bool IsDigit(unsigned char c) { return Between(c, '0', '9'); }
bool IsUpper(unsigned char c) { return Between(c, 'A', 'Z'); }
bool IsLower(unsigned char c) { return Between(c, 'a', 'z'); }
bool IsAlpha(unsigned char c) { return IsUpper(c) || IsLower(c); }
bool IsAlnum(unsigned char c) { return IsAlpha(c) || IsDigit(c); }
// Of ASCII, whatever the locale is: a filter means the same on every machine.
constexpr NamedClass kClasses[] = {
    {"alnum", IsAlnum},
    {"alpha", IsAlpha},
    {"blank", [](unsigned char c) { return c == ' ' || c == '\t'; }},
    {"cntrl", [](unsigned char c) { return c < 0x20 || c == 0x7f; }},
    {"digit", IsDigit},
    {"graph", [](unsigned char c) { return Between(c, '!', '~'); }},
    {"lower", IsLower},
    {"print", [](unsigned char c) { return Between(c, ' ', '~'); }},
    {"punct", [](unsigned char c) { return Between(c, '!', '~') && !IsAlnum(c); }},
    {"space", [](unsigned char c) { return c == ' ' || Between(c, '\t', '\r'); }},
    {"upper", IsUpper},
    {"xdigit",
     [](unsigned char c) { return IsDigit(c) || Between(c, 'a', 'f') || Between(c, 'A', 'F'); }},
};

// Matches one bracket expression at the start of pattern against c; sets length to its length, or
// to 0 when it is not closed or names an unknown class: then nothing matches it, as with git.
bool MatchesBracket(std::string_view pattern, unsigned char c, size_t* length) {
  *length = 0;
  size_t i = 1;
  const auto at = [&](size_t n) { return n < pattern.size() ? pattern[n] : '\0'; };
  const bool negated = at(i) == '!' || at(i) == '^';
  if (negated) ++i;
  bool matched = false;
  int low = -1;  // where a range could start
  for (bool first = true; i < pattern.size(); first = false, ++i) {
    if (pattern[i] == ']' && !first) {
      *length = i + 1;
      return matched != negated;
    }
    if (pattern[i] == '[' && at(i + 1) == ':') {
      const size_t end = pattern.find(']', i + 2);
      if (end == std::string_view::npos) return false;
      if (end > i + 2 && pattern[end - 1] == ':') {
        const std::string_view name = pattern.substr(i + 2, end - i - 3);
        bool known = false;
        for (const NamedClass& named : kClasses) {
          if (named.name != name) continue;
          known = true;
          matched = matched || named.matches(c);
        }
        if (!known) return false;
        i = end;
        low = -1;
        continue;
      }
    }
    const bool range = pattern[i] == '-' && low >= 0 && i + 1 < pattern.size() && at(i + 1) != ']';
    if (range) ++i;
    if (pattern[i] == '\\' && ++i == pattern.size()) return false;
    const auto member = static_cast<unsigned char>(pattern[i]);
    if (range ? low <= c && c <= member : c == member) matched = true;
    low = range ? -1 : member;
  }
  return false;
}

// Trailing spaces do not count unless a backslash quotes them.
std::string_view WithoutTrailingSpaces(std::string_view line) {
  size_t end = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == ' ') continue;
    if (line[i] == '\\' && i + 1 < line.size()) ++i;
    end = i + 1;
  }
  return line.substr(0, end);
}

}  // namespace

bool MatchesPattern(std::string_view pattern, std::string_view text) {
  // The usual two-pointer match: on a mismatch go back to the last star and let it take one more
  // byte.
  // "**/" keeps a second return point, since it may cross '/' and a single star may not.
  size_t p = 0, t = 0;
  size_t star_p = std::string_view::npos, star_t = 0;
  size_t deep_p = std::string_view::npos, deep_t = 0;
  while (true) {
    const bool component_start = p == 0 || pattern[p - 1] == '/';
    size_t stars = 0;
    while (p + stars < pattern.size() && pattern[p + stars] == '*') ++stars;
    if (component_start && stars >= 2 &&
        (p + stars == pattern.size() || pattern[p + stars] == '/')) {
      if (p + stars == pattern.size()) return p == 0 || t < text.size();
      p += stars + 1;
      deep_p = p;
      deep_t = t;
      star_p = std::string_view::npos;
      continue;
    }
    bool here = false;
    size_t step = 1;
    if (p < pattern.size()) {
      if (stars != 0) {
        p += stars;
        star_p = p;
        star_t = t;
        continue;
      }
      if (t < text.size()) {
        const char c = text[t];
        if (pattern[p] == '?') {
          here = c != '/';
        } else if (pattern[p] == '[') {
          size_t length = 0;
          here =
              c != '/' && MatchesBracket(pattern.substr(p), static_cast<unsigned char>(c), &length);
          if (length == 0 && c != '/') return false;
          step = length;
        } else if (pattern[p] == '\\') {
          // Nothing follows: a pattern that never matches.
          here = p + 1 < pattern.size() && c == pattern[p + 1];
          step = 2;
        } else {
          here = c == pattern[p];
        }
      }
    } else if (t == text.size()) {
      return true;
    }
    if (here) {
      p += step;
      ++t;
      continue;
    }
    if (star_p != std::string_view::npos && star_t < text.size() && text[star_t] != '/') {
      p = star_p;
      t = ++star_t;
      continue;
    }
    if (deep_p != std::string_view::npos) {
      const size_t slash = text.find('/', deep_t);
      if (slash != std::string_view::npos) {
        star_p = std::string_view::npos;
        p = deep_p;
        t = deep_t = slash + 1;
        continue;
      }
    }
    return false;
  }
}

Filter::Filter(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    std::string_view pattern = line;
    while (!pattern.empty() && (pattern.back() == '\n' || pattern.back() == '\r')) {
      pattern.remove_suffix(1);
    }
    pattern = WithoutTrailingSpaces(pattern);
    if (pattern.empty() || pattern[0] == '#') continue;
    Rule rule;
    if (pattern[0] == '!') {
      rule.include = true;
      pattern.remove_prefix(1);
    }
    if (!pattern.empty() && pattern.back() == '/') {
      rule.containers = true;
      pattern.remove_suffix(1);
    }
    rule.anchored = pattern.find('/') != std::string_view::npos;
    if (!pattern.empty() && pattern[0] == '/') pattern.remove_prefix(1);
    if (pattern.empty()) continue;
    rule.pattern = pattern;
    rules_.push_back(std::move(rule));
  }
}

const Filter::Rule* Filter::Decider(std::string_view key, bool container) const {
  const size_t slash = key.rfind('/');
  const std::string_view leaf = slash == std::string_view::npos ? key : key.substr(slash + 1);
  for (size_t i = rules_.size(); i-- > 0;) {
    const Rule& rule = rules_[i];
    if (rule.containers && !container) continue;
    if (MatchesPattern(rule.pattern, rule.anchored ? key : leaf)) return &rule;
  }
  return nullptr;
}

bool Filter::ExcludesItself(std::string_view key, bool container) const {
  const Rule* const rule = Decider(key, container);
  return rule != nullptr && !rule->include;
}

bool Filter::ExcludesAbove(std::string_view key) const {
  for (size_t slash = key.find('/'); slash != std::string_view::npos;
       slash = key.find('/', slash + 1)) {
    if (ExcludesItself(key.substr(0, slash), true)) return true;
  }
  return false;
}

bool Filter::Excludes(std::string_view key, bool container) const {
  if (rules_.empty()) return false;
  return ExcludesAbove(key) || ExcludesItself(key, container);
}

bool Filter::Excludes(std::string_view key, std::string_view name, bool container) const {
  if (rules_.empty()) return false;
  if (ExcludesAbove(key) || ExcludesAbove(name)) return true;
  const Rule* const by_key = Decider(key, container);
  const Rule* const by_name = Decider(name, container);
  const Rule* const last = std::less<>()(by_key, by_name) ? by_name : by_key;  // null is the least
  return last != nullptr && !last->include;
}

bool Filter::TellsApart(std::string_view one, std::string_view other) const {
  const auto first = [](std::string_view path) { return path.substr(0, path.find('/')); };
  for (const Rule& rule : rules_) {
    if (!rule.anchored) continue;  // looks at a name alone, wherever it stands
    const std::string_view start = first(rule.pattern);
    if (start.find_first_of("*?[\\") != std::string_view::npos || start == first(one) ||
        start == first(other)) {
      return true;
    }
  }
  return false;
}

}  // namespace syncline::engine

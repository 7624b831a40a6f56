// Which unit of a folder a sidecar goes with, by its name and the tables of name_patterns.h.
#ifndef SYNCLINE_PLUGINS_IMAGES_UNIT_OWNERS_H_
#define SYNCLINE_PLUGINS_IMAGES_UNIT_OWNERS_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::images {

// Where the extension of a name begins, with its dot; the size of the name when it has none.
size_t ExtensionAt(std::string_view name);

// Whether the tables have its extension.
bool LooksLikeSidecar(std::string_view name);

class UnitOwners {
 public:
  struct Owner {
    size_t unit;
    std::string_view tail;  // before the extension, where the table gives one
  };

  // A picture or movie that is in `unit`.
  void AddFile(const std::string& name, size_t unit);
  // What names only this stem goes with `unit`.
  void AddStem(const std::string& stem, size_t unit);

  // Exact names come before those that the tables rewrite, and these before other letter cases,
  // where only one stem may fit.
  std::optional<Owner> Find(std::string_view sidecar) const;

 private:
  using Search = std::optional<size_t> (UnitOwners::*)(std::string_view base, bool is_stem,
                                                       bool is_name) const;
  std::optional<size_t> NamedBy(std::string_view sidecar, Search search) const;
  std::optional<size_t> Exactly(std::string_view base, bool is_stem, bool is_name) const;
  std::optional<size_t> InAnyCase(std::string_view base, bool is_stem, bool is_name) const;

  struct File {
    std::string literal;  // the name without its extension
    size_t unit;
  };
  template <typename Value>
  using Index = std::map<std::string, Value, std::less<>>;
  Index<File> by_name_;
  Index<std::vector<File>> by_lower_name_;
  Index<size_t> by_literal_;
  Index<size_t> by_stem_;
  Index<std::vector<size_t>> by_lower_stem_;
};

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_UNIT_OWNERS_H_

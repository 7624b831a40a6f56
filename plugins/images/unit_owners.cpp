#include "plugins/images/unit_owners.h"

#include <algorithm>
#include <functional>

#include "plugins/images/name_patterns.h"

namespace syncline::images {
namespace {

// name ends with the extension and has more.
bool HasExtension(std::string_view name, std::string_view extension) {
  return name.size() > extension.size() && EndsWithAnyCase(name, extension);
}

}  // namespace

size_t ExtensionAt(std::string_view name) {
  const size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name.size() : dot;
}

bool LooksLikeSidecar(std::string_view name) {
  const auto fits = [&](const auto& pattern) { return HasExtension(name, pattern.extension); };
  return std::any_of(SidecarPatterns().begin(), SidecarPatterns().end(), fits) ||
         std::any_of(StemPatterns().begin(), StemPatterns().end(), fits);
}

void UnitOwners::AddFile(const std::string& name, size_t unit) {
  const File file{name.substr(0, ExtensionAt(name)), unit};
  if (!by_name_.emplace(name, file).second) return;
  by_lower_name_[LowerCase(name)].push_back(file);
  by_literal_.emplace(file.literal, unit);
}

void UnitOwners::AddStem(const std::string& stem, size_t unit) {
  if (by_stem_.emplace(stem, unit).second) by_lower_stem_[LowerCase(stem)].push_back(unit);
}

std::optional<UnitOwners::Owner> UnitOwners::Find(std::string_view sidecar) const {
  if (const auto unit = NamedBy(sidecar, &UnitOwners::Exactly)) return Owner{*unit, {}};
  for (const StemPattern& pattern : StemPatterns()) {
    if (!HasExtension(sidecar, pattern.extension)) continue;
    const std::optional<std::string> wanted =
        Rewritten(pattern, sidecar.substr(0, sidecar.size() - pattern.extension.size()));
    if (!wanted || wanted->empty()) continue;
    if (const auto unit = Exactly(*wanted, !pattern.to_name, pattern.to_name)) {
      return Owner{*unit, pattern.tail};
    }
  }
  if (const auto unit = NamedBy(sidecar, &UnitOwners::InAnyCase)) return Owner{*unit, {}};
  return std::nullopt;
}

std::optional<size_t> UnitOwners::NamedBy(std::string_view sidecar, Search search) const {
  for (const SidecarPattern& pattern : SidecarPatterns()) {
    if (!HasExtension(sidecar, pattern.extension)) continue;
    const std::string_view base = sidecar.substr(0, sidecar.size() - pattern.extension.size());
    const auto unit = std::invoke(search, this, base, pattern.after_stem, pattern.after_name);
    if (unit) return unit;
  }
  return std::nullopt;
}

std::optional<size_t> UnitOwners::Exactly(std::string_view base, bool is_stem, bool is_name) const {
  if (is_name) {
    if (const auto found = by_name_.find(base); found != by_name_.end()) return found->second.unit;
    // But for the letter case of its extension.
    const std::string_view literal = base.substr(0, ExtensionAt(base));
    const auto found = by_lower_name_.find(LowerCase(base));
    if (found != by_lower_name_.end()) {
      const auto is_it = [&](const File& file) { return file.literal == literal; };
      const auto& files = found->second;
      if (std::count_if(files.begin(), files.end(), is_it) == 1) {
        return std::find_if(files.begin(), files.end(), is_it)->unit;
      }
    }
  }
  if (!is_stem) return std::nullopt;
  if (const auto found = by_stem_.find(base); found != by_stem_.end()) return found->second;
  if (const auto found = by_literal_.find(base); found != by_literal_.end()) return found->second;
  return std::nullopt;
}

std::optional<size_t> UnitOwners::InAnyCase(std::string_view base, bool is_stem,
                                            bool is_name) const {
  const std::string lower = LowerCase(base);
  if (is_name) {
    const auto found = by_lower_name_.find(lower);
    if (found != by_lower_name_.end() && found->second.size() == 1) {
      return found->second.front().unit;
    }
  }
  if (!is_stem) return std::nullopt;
  const auto found = by_lower_stem_.find(lower);
  if (found == by_lower_stem_.end() || found->second.size() != 1) return std::nullopt;
  return found->second.front();
}

}  // namespace syncline::images

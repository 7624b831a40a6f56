// What a provider tells about itself, checked, and the settings of an item checked against it.
#ifndef SYNCLINE_HOST_CATALOG_MANIFEST_H_
#define SYNCLINE_HOST_CATALOG_MANIFEST_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace syncline::catalog {

struct Manifest {
  struct Setting {
    std::string key, type;  // text, number, yesno, choice
    std::string default_value, label, help;
    bool required = false;
    std::vector<std::string> choices;
  };
  std::string id, name, version, description;
  std::string direction = "two-way";  // of an item for which nobody says: two-way, mirror, add
  std::vector<Setting> settings;
};

using Settings = std::map<std::string, std::string>;

// InvalidArgument names the key that is wrong.
absl::StatusOr<Manifest> ParseManifest(std::string_view json);

// InvalidArgument names the setting, what is wrong, and what may stand there.
absl::Status CheckSettings(const Manifest& manifest, const Settings& settings);

// The settings with the manifest's defaults where nothing is given.
Settings WithDefaults(const Manifest& manifest, const Settings& settings);

}  // namespace syncline::catalog

#endif  // SYNCLINE_HOST_CATALOG_MANIFEST_H_

#include "host/catalog/manifest.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "host/protocol/messages.h"
#include "host/protocol/text.h"

namespace syncline::catalog {
namespace {

using nlohmann::json;

constexpr size_t kMaxId = 63, kMaxName = 127;  // Sync Center's
constexpr std::array<std::string_view, 4> kTypes = {"text", "number", "yesno", "choice"};
// What syncline_host.setting() always gives by itself.
constexpr std::array<std::string_view, 3> kReserved = {"location", "side", "item"};

absl::Status Wrong(std::string_view key, std::string_view what) {
  return absl::InvalidArgumentError(Cat("\"", key, "\" ", what));
}

bool IsWord(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
}

bool IsShowable(std::string_view text) { return protocol::DisplayText(text) == text; }

template <typename List>
bool Contains(const List& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// A text member of object; where is the object's own place in the manifest, for messages.
absl::Status TakeText(const json& object, std::string_view where, const char* key, bool required,
                      std::string* value) {
  const auto found = object.find(key);
  if (found == object.end()) {
    return required ? Wrong(Cat(where, key), "is missing") : absl::OkStatus();
  }
  if (!found->is_string()) return Wrong(Cat(where, key), "must be text");
  *value = found->get<std::string>();
  if (!IsShowable(*value)) return Wrong(Cat(where, key), "holds control characters");
  return absl::OkStatus();
}

// What is wrong with a value, or nothing.
std::optional<std::string> Fault(const Manifest::Setting& setting, const std::string& value) {
  if (setting.type == "number") {
    double number = 0;
    if (!absl::SimpleAtod(value, &number) || !std::isfinite(number)) return "must be a number";
  } else if (setting.type == "yesno") {
    if (value != "yes" && value != "no") return "must be yes or no";
  } else if (setting.type == "choice") {
    if (!Contains(setting.choices, value)) {
      return Cat("must be one of: ", absl::StrJoin(setting.choices, ", "));
    }
  }
  return std::nullopt;
}

absl::StatusOr<Manifest::Setting> ParseSetting(const json& object, const std::string& where) {
  if (!object.is_object()) return Wrong(where, "must be an object");
  Manifest::Setting setting;
  const std::string inside = where + ".";
  const struct {
    const char* key;
    bool required;
    std::string* value;
  } texts[] = {{"key", true, &setting.key},
               {"type", true, &setting.type},
               {"default", false, &setting.default_value},
               {"label", false, &setting.label},
               {"help", false, &setting.help}};
  for (const auto& text : texts) {
    absl::Status status = TakeText(object, inside, text.key, text.required, text.value);
    if (!status.ok()) return status;
  }
  if (!IsWord(setting.key)) {
    return Wrong(inside + "key", "must be made of a-z, 0-9, '.', '-' and '_'");
  }
  if (Contains(kReserved, setting.key)) {
    return Wrong(inside + "key", "must not be location, side or item: Syncline gives these itself");
  }
  if (!Contains(kTypes, setting.type)) {
    return Wrong(inside + "type", "must be text, number, yesno or choice");
  }
  if (const auto required = object.find("required"); required != object.end()) {
    if (!required->is_boolean()) return Wrong(inside + "required", "must be true or false");
    setting.required = required->get<bool>();
  }
  if (const auto choices = object.find("choices"); choices != object.end()) {
    if (!choices->is_array()) return Wrong(inside + "choices", "must be a list of texts");
    for (const json& choice : *choices) {
      if (!choice.is_string()) return Wrong(inside + "choices", "must be a list of texts");
      setting.choices.push_back(choice.get<std::string>());
    }
  }
  if (setting.type == "choice" && setting.choices.empty()) {
    return Wrong(inside + "choices", "is missing");
  }
  if (!setting.default_value.empty()) {
    if (const auto fault = Fault(setting, setting.default_value)) {
      return Wrong(inside + "default", *fault);
    }
  }
  return setting;
}

}  // namespace

absl::StatusOr<Manifest> ParseManifest(std::string_view text) {
  const json object = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return absl::InvalidArgumentError("it is no JSON object");
  Manifest manifest;
  const struct {
    const char* key;
    bool required;
    std::string* value;
  } texts[] = {{"id", true, &manifest.id},
               {"name", true, &manifest.name},
               {"version", true, &manifest.version},
               {"description", false, &manifest.description}};
  for (const auto& one : texts) {
    absl::Status status = TakeText(object, "", one.key, one.required, one.value);
    if (!status.ok()) return status;
  }
  if (!IsWord(manifest.id) || manifest.id.size() > kMaxId) {
    return Wrong("id", "must be made of a-z, 0-9, '.', '-' and '_', at most 63 of them");
  }
  if (manifest.name.empty() || manifest.name.size() > kMaxName) {
    return Wrong("name", "must be 1 to 127 bytes long");
  }
  if (object.contains("direction")) {
    absl::Status status = TakeText(object, "", "direction", true, &manifest.direction);
    if (!status.ok()) return status;
    if (manifest.direction != "two-way" && manifest.direction != "mirror" &&
        manifest.direction != "add") {
      return Wrong("direction", "must be two-way, mirror or add");
    }
  }
  const auto settings = object.find("settings");
  if (settings == object.end()) return manifest;
  if (!settings->is_array()) return Wrong("settings", "must be a list");
  for (size_t i = 0; i < settings->size(); ++i) {
    const std::string where = Cat("settings[", i, "]");
    absl::StatusOr<Manifest::Setting> setting = ParseSetting((*settings)[i], where);
    if (!setting.ok()) return setting.status();
    for (const Manifest::Setting& other : manifest.settings) {
      if (other.key == setting->key) return Wrong(where + ".key", "stands there twice");
    }
    manifest.settings.push_back(*std::move(setting));
  }
  return manifest;
}

absl::Status CheckSettings(const Manifest& manifest, const Settings& settings) {
  for (const auto& [key, value] : settings) {
    const auto known =
        std::find_if(manifest.settings.begin(), manifest.settings.end(),
                     [&key = key](const Manifest::Setting& s) { return s.key == key; });
    if (known == manifest.settings.end()) {
      const std::string all =
          absl::StrJoin(manifest.settings, ", ",
                        [](std::string* out, const Manifest::Setting& s) { *out += s.key; });
      return absl::InvalidArgumentError(
          Cat("The provider ", manifest.id, " has no setting ", protocol::DisplayText(key),
              all.empty() ? std::string(", nor any other.") : Cat(". It has: ", all, ".")));
    }
    if (const auto fault = Fault(*known, value)) {
      return absl::InvalidArgumentError(
          Cat("The setting ", key, " ", *fault, ", not \"", protocol::DisplayText(value), "\"."));
    }
  }
  for (const Manifest::Setting& setting : manifest.settings) {
    const auto given = settings.find(setting.key);
    const std::string& value = given == settings.end() ? setting.default_value : given->second;
    if (setting.required && value.empty()) {
      return absl::InvalidArgumentError(Cat("The provider ", manifest.id, " needs the setting ",
                                            setting.key, ": ",
                                            setting.label.empty() ? setting.type : setting.label,
                                            ". Give it with --set ", setting.key, "=VALUE."));
    }
  }
  return absl::OkStatus();
}

Settings WithDefaults(const Manifest& manifest, const Settings& settings) {
  Settings all = settings;
  for (const Manifest::Setting& setting : manifest.settings) {
    all.emplace(setting.key, setting.default_value);
  }
  return all;
}

}  // namespace syncline::catalog

// Manifests and settings: what is wrong is named.
#include "host/catalog/manifest.h"

#include <gtest/gtest.h>

namespace syncline::catalog {
namespace {

constexpr char kGood[] = R"({"id": "notes", "name": "Notes", "version": "1.0",
  "settings": [{"key": "suffix", "type": "text", "default": ".txt", "label": "Suffix"},
               {"key": "depth", "type": "number", "default": "3"},
               {"key": "hidden", "type": "yesno", "default": "no"},
               {"key": "order", "type": "choice", "choices": ["up", "down"], "default": "up"},
               {"key": "server", "type": "text", "required": true, "label": "Server"}]})";

std::string Refusal(std::string_view json) {
  const auto manifest = ParseManifest(json);
  EXPECT_TRUE(absl::IsInvalidArgument(manifest.status())) << json;
  return std::string(manifest.status().message());
}
std::string Refusal(const Settings& settings) {
  const absl::Status status = CheckSettings(*ParseManifest(kGood), settings);
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  return std::string(status.message());
}

TEST(Manifest, AGoodOneKeepsEverything) {
  const auto manifest = ParseManifest(kGood);
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  EXPECT_EQ(manifest->id, "notes");
  ASSERT_EQ(manifest->settings.size(), 5U);
  EXPECT_EQ(manifest->settings[0].default_value, ".txt");
  EXPECT_EQ(manifest->settings[3].choices, (std::vector<std::string>{"up", "down"}));
  EXPECT_TRUE(manifest->settings[4].required);
  EXPECT_EQ(manifest->direction, "two-way");
}

TEST(Manifest, AProviderSaysWhichDirectionIsUsualForIt) {
  const auto manifest =
      ParseManifest(R"({"id": "n", "name": "N", "version": "1", "direction": "add"})");
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  EXPECT_EQ(manifest->direction, "add");
  EXPECT_EQ(Refusal(R"({"id": "n", "name": "N", "version": "1", "direction": "up"})"),
            "\"direction\" must be two-way, mirror or add");
}

TEST(Manifest, TheWrongKeyIsNamed) {
  EXPECT_EQ(Refusal("{"), "it is no JSON object");
  EXPECT_EQ(Refusal("[]"), "it is no JSON object");
  EXPECT_EQ(Refusal("{\"id\": \"\xff\"}"), "it is no JSON object");
  EXPECT_EQ(Refusal(R"({"name": "N", "version": "1"})"), "\"id\" is missing");
  EXPECT_EQ(Refusal(R"({"id": 7, "name": "N", "version": "1"})"), "\"id\" must be text");
  EXPECT_NE(Refusal(R"({"id": "No Way", "name": "N", "version": "1"})").find("\"id\" must be made"),
            std::string::npos);
  EXPECT_NE(Refusal(R"({"id": "n", "name": "a\nb", "version": "1"})").find("\"name\""),
            std::string::npos);
  const auto with = [](const std::string& setting) {
    return Refusal(R"({"id": "n", "name": "N", "version": "1", "settings": [)" + setting + "]}");
  };
  EXPECT_EQ(with("7"), "\"settings[0]\" must be an object");
  EXPECT_EQ(with(R"({"type": "text"})"), "\"settings[0].key\" is missing");
  EXPECT_EQ(with(R"({"key": "k", "type": "colour"})"),
            "\"settings[0].type\" must be text, number, yesno or choice");
  EXPECT_EQ(with(R"({"key": "k", "type": "choice"})"), "\"settings[0].choices\" is missing");
  EXPECT_EQ(with(R"({"key": "k", "type": "number", "default": "many"})"),
            "\"settings[0].default\" must be a number");
  EXPECT_NE(with(R"({"key": "side", "type": "text"})").find("Syncline gives these itself"),
            std::string::npos);
  EXPECT_EQ(with(R"({"key": "k", "type": "text"}, {"key": "k", "type": "text"})"),
            "\"settings[1].key\" stands there twice");
}

TEST(Settings, EachIsCheckedByItsType) {
  const Manifest manifest = *ParseManifest(kGood);
  EXPECT_TRUE(
      CheckSettings(manifest,
                    {{"server", "s"}, {"depth", "-1.5"}, {"hidden", "yes"}, {"order", "down"}})
          .ok());
  EXPECT_NE(Refusal(Settings{{"colour", "red"}, {"server", "s"}})
                .find("It has: suffix, depth, hidden, order, server."),
            std::string::npos);
  EXPECT_NE(Refusal(Settings{{"depth", "deep"}, {"server", "s"}}).find("must be a number"),
            std::string::npos);
  EXPECT_NE(Refusal(Settings{{"depth", "nan"}, {"server", "s"}}).find("must be a number"),
            std::string::npos);
  EXPECT_NE(Refusal(Settings{{"hidden", "true"}, {"server", "s"}}).find("yes or no"),
            std::string::npos);
  EXPECT_NE(Refusal(Settings{{"order", "left"}, {"server", "s"}}).find("up, down"),
            std::string::npos);
  EXPECT_NE(Refusal(Settings{}).find("needs the setting server"), std::string::npos);
}

TEST(Settings, DefaultsFillWhatIsNotGiven) {
  const Settings all = WithDefaults(*ParseManifest(kGood), {{"suffix", ".md"}});
  EXPECT_EQ(all.at("suffix"), ".md");
  EXPECT_EQ(all.at("depth"), "3");
  EXPECT_EQ(all.at("server"), "");
}

}  // namespace
}  // namespace syncline::catalog

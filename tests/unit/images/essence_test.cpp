// Essences: their encoding, and the merge of them.
#include "plugins/images/essence.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugins/images/essence_merge.h"
#include "tests/unit/images/packet_text.h"

namespace syncline::images {
namespace {

const std::string kRest(32, 'a');

Essence Of(std::vector<EssencePart> parts, const std::string& rest = kRest) {
  return {rest, std::move(parts)};
}
EssencePart Jpeg(const std::string& packet) { return {".JPG", Role::kPicture, packet}; }
EssencePart Raw(const std::string& packet) { return {".DNG", Role::kRaw, packet}; }
EssencePart Sidecar(const std::string& packet, const std::string& tail = ".xmp") {
  return {tail, Role::kSidecar, packet};
}

std::string Refused(const std::string& encoded) {
  const absl::StatusOr<Essence> essence = DecodeEssence(encoded);
  EXPECT_EQ(essence.status().code(), absl::StatusCode::kInvalidArgument);
  const std::string message(essence.status().message());
  const std::string begin = "What is to be merged of a picture is not readable: ";
  return message.starts_with(begin) ? message.substr(begin.size()) : message;
}

TEST(Essence, WhatIsEncodedIsDecoded) {
  const Essence essence = Of({Jpeg("x"), Raw(""), Sidecar("y", ".JPG.xmp"), Sidecar("", ".xmp")});
  const Essence decoded = DecodeEssence(EncodeEssence(essence)).value();
  EXPECT_EQ(decoded.rest, kRest);
  EXPECT_EQ(decoded.parts, (std::vector<EssencePart>{Raw(""), Jpeg("x"), Sidecar("y", ".JPG.xmp"),
                                                     Sidecar("", ".xmp")}));
  EXPECT_EQ(EncodeEssence(decoded), EncodeEssence(essence));
  EXPECT_EQ(DecodeEssence(EncodeEssence(Of({}, ""))).value(), Of({}, ""));
}

// Ancestors are kept for years.
TEST(Essence, ItsBytesNeverChangeFromOneVersionToTheNext) {
  EXPECT_EQ(EncodeEssence(Of({Jpeg("x"), Sidecar("yz")}, "")),
            std::string("SLESSN1\n\0\2\0\4.JPG\1\0\0\0x\3\4.xmp\2\0\0\0yz", 33));
}

TEST(Essence, WhatNoUnitHasIsRefused) {
  const auto refused = [](const Essence& essence) { return Refused(EncodeEssence(essence)); };
  EXPECT_EQ(Refused(""), "it does not begin as it should, or another version wrote it.");
  EXPECT_EQ(Refused("SLESSN2\n"), "it does not begin as it should, or another version wrote it.");
  EXPECT_EQ(Refused(EncodeEssence(Of({})) + "x"), "the lengths in it do not fit.");
  EXPECT_EQ(refused(Of({}, "abc")), "its proof is none.");
  EXPECT_EQ(refused(Of({}, std::string(32, 'G'))), "its proof is none.");
  EXPECT_EQ(refused(Of({{".MOV", Role::kMovie, ""}})), "a part is no picture and no sidecar.");
  EXPECT_EQ(refused(Of({{".x", static_cast<Role>(9), ""}})),
            "a part is no picture and no sidecar.");
  EXPECT_EQ(refused(Of({Sidecar("", ".AAE")})), "a sidecar is not named as XMP.");
  EXPECT_EQ(refused(Of({Jpeg(""), {".PNG", Role::kPicture, ""}})), "it has two pictures.");
  EXPECT_EQ(refused(Of({Sidecar("", "/../.xmp")})), "the name of a part has a '/' or a NUL in it.");
  EXPECT_EQ(refused(Of({Sidecar(""), Sidecar("")})), "its parts are not in order.");
  EXPECT_EQ(refused(Of({Sidecar(""), Sidecar("", ".XMP")})), "two parts have one name.");
  EXPECT_EQ(refused(Of({Sidecar(std::string((8 << 20) + 1, ' '))})),
            "its XMP is larger than 8 MiB.");
  std::vector<EssencePart> many;
  for (int i = 0; i < 65; ++i) many.push_back(Sidecar("", "." + std::to_string(i) + ".xmp"));
  EXPECT_EQ(refused(Of(many)), "it has more than 64 parts.");
}

RC_GTEST_PROP(Essence, DamagedBytesAreRefusedOrAreAnEssence, ()) {
  std::string encoded = EncodeEssence(
      Of({Jpeg(PacketText("a", 1)), Sidecar(PacketText("b", 2), ".JPG.xmp"), Sidecar("")}));
  const int edits = *rc::gen::inRange(1, 5);
  for (int i = 0; i < edits; ++i) {
    const auto at = *rc::gen::inRange<size_t>(0, encoded.size());
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        encoded[at] = *rc::gen::arbitrary<char>();
        break;
      case 1:
        encoded.resize(at + 1);
        break;
      case 2:
        encoded.insert(at, 1, *rc::gen::arbitrary<char>());
        break;
      default:
        encoded.erase(at, std::min<size_t>(encoded.size() - 1, 3));
    }
  }
  const absl::StatusOr<Essence> essence = DecodeEssence(encoded);
  RC_CLASSIFY(essence.ok(), "an essence");
  if (!essence.ok()) {
    RC_ASSERT(absl::IsInvalidArgument(essence.status()));
    return;
  }
  RC_ASSERT(EncodeEssence(*essence) == encoded);
}

// ---- Merging. The result in words: "TAIL: PACKET" of each part, or the disagreements, or the
// error.

Favour Nobody(std::string_view) { return Favour::kNone; }

std::string Merged(const std::optional<Essence>& base, const Essence& mine, const Essence& theirs,
                   const std::function<Favour(std::string_view)>& choose = Nobody) {
  std::vector<Disagreement> differing;
  const auto merged = MergeEssences(base, mine, theirs, choose, &differing);
  if (!merged.ok()) return std::string(merged.status().message());
  EXPECT_EQ(merged->has_value(), differing.empty());
  std::string text;
  for (const Disagreement& one : differing) {
    text += (text.empty() ? "" : "; ") + one.field + ": " + one.mine + " / " + one.theirs;
  }
  if (!*merged) return text;
  EXPECT_EQ((*merged)->rest, kRest);
  for (const EssencePart& part : (*merged)->parts) text += part.tail + ": " + part.packet + "\n";
  return text;
}

TEST(EssenceMerge, EachPartIsMergedByItself) {
  const Essence base = Of({Jpeg(PacketText("t", 1)), Sidecar(PacketText("", 0, {"a"}))}, "");
  const Essence mine = Of({Jpeg(PacketText("t", 5)), Sidecar(PacketText("", 0, {"a", "b"}))});
  const Essence theirs = Of({Jpeg(PacketText("other", 1)), Sidecar(PacketText("", 2, {"a", "c"}))});
  EXPECT_EQ(Merged(base, mine, theirs), ".JPG: " + PacketText("other", 5) +
                                            "\n.xmp: " + PacketText("", 2, {"a", "b", "c"}) + "\n");
}

TEST(EssenceMerge, WhatDiffersInMoreThanXmpIsNotMerged) {
  const std::string refusal =
      "Both sides changed this picture, and they differ in more than its XMP: in the picture "
      "itself or in other metadata, which cannot be merged. Keep one of the two, or both.";
  const Essence mine = Of({Jpeg("")});
  EXPECT_EQ(Merged(mine, mine, Of({Jpeg("")}, std::string(32, 'b'))), refusal);
  // Without a proof nothing is proven.
  EXPECT_EQ(Merged(mine, Of({Jpeg("")}, ""), Of({Jpeg("")}, "")), refusal);
  EXPECT_EQ(Merged(mine, mine, Of({})), refusal);
  EXPECT_EQ(Merged(mine, Of({}), mine), refusal);
  EXPECT_EQ(Merged(mine, mine, Of({{".JPG", Role::kRaw, ""}})), refusal);
}

TEST(EssenceMerge, SidecarsComeAndGo) {
  const std::string one = PacketText("", 1);
  const std::string two = PacketText("", 2);
  const Essence without = Of({Jpeg("")});
  const Essence with = Of({Jpeg(""), Sidecar(one)});
  const std::string merged_with = ".JPG: \n.xmp: " + one + "\n";
  // New on one side.
  EXPECT_EQ(Merged(without, with, without), merged_with);
  EXPECT_EQ(Merged(without, without, with), merged_with);
  EXPECT_EQ(Merged(std::nullopt, without, with), merged_with);
  // New on both.
  EXPECT_EQ(Merged(without, Of({Jpeg(""), Sidecar(PacketText("t", 0))}), with),
            ".JPG: \n.xmp: " + PacketText("t", 1) + "\n");
  // Removed from one, and from both.
  EXPECT_EQ(Merged(with, with, without), ".JPG: \n");
  EXPECT_EQ(Merged(with, without, with), ".JPG: \n");
  EXPECT_EQ(Merged(with, without, without), ".JPG: \n");
  // Saved again without a change to what it says, which is no edit.
  EXPECT_EQ(Merged(with, Of({Jpeg(""), Sidecar(one + "\n")}), without), ".JPG: \n");
  // Removed here, changed there.
  const Essence changed = Of({Jpeg(""), Sidecar(two)});
  EXPECT_EQ(Merged(with, changed, without), "sidecar .xmp: changed / removed");
  EXPECT_EQ(Merged(with, without, changed), "sidecar .xmp: removed / changed");
  const auto mine = [](std::string_view field) {
    return field == "sidecar .xmp" ? Favour::kMine : Favour::kNone;
  };
  EXPECT_EQ(Merged(with, changed, without, mine), ".JPG: \n.xmp: " + two + "\n");
  EXPECT_EQ(Merged(with, without, changed, mine), ".JPG: \n");
}

TEST(EssenceMerge, ASidecarOfWhichNothingIsLeftIsStillXmp) {
  const Essence base = Of({Sidecar(PacketText("t", 1))}, "");
  const std::string merged =
      Merged(base, Of({Sidecar(PacketText("", 1))}), Of({Sidecar(PacketText("t", 0))}));
  EXPECT_EQ(merged.substr(0, 17), ".xmp: <x:xmpmeta ");
  EXPECT_TRUE(ParseXmp(merged.substr(6)).value().empty());
}

TEST(EssenceMerge, ASidecarWhoseNameChangedInLetterCaseIsTheSame) {
  const std::string one = PacketText("", 1);
  const std::string two = PacketText("", 2);
  EXPECT_EQ(Merged(Of({Sidecar(one)}), Of({Sidecar(one, ".XMP")}), Of({Sidecar(two)})),
            ".XMP: " + two + "\n");
  // Without an ancestor it is the same name both ways.
  EXPECT_EQ(Merged(std::nullopt, Of({Sidecar(one, ".XMP")}), Of({Sidecar(one)})),
            ".XMP: " + one + "\n");
  EXPECT_EQ(Merged(std::nullopt, Of({Sidecar(one)}), Of({Sidecar(one, ".XMP")})),
            ".XMP: " + one + "\n");
}

TEST(EssenceMerge, FieldsAreNamedAfterTheirParts) {
  const auto all = [](const std::vector<std::string>& tails, int rating) {
    std::vector<EssencePart> parts;
    for (const std::string& tail : tails) {
      const Role role = tail == ".JPG"   ? Role::kPicture
                        : tail == ".DNG" ? Role::kRaw
                                         : Role::kSidecar;
      parts.push_back({tail, role, PacketText("", rating)});
    }
    return Of(parts);
  };
  const auto fields = [&](const std::vector<std::string>& tails) {
    return Merged(std::nullopt, all(tails, 1), all(tails, 2));
  };
  EXPECT_EQ(fields({".JPG"}), "rating: 1 / 2");
  EXPECT_EQ(fields({".xmp"}), "rating: 1 / 2");
  EXPECT_EQ(fields({".JPG", ".DNG", ".xmp"}),
            "rating: 1 / 2; rating (.DNG): 1 / 2; rating (.xmp): 1 / 2");
  EXPECT_EQ(fields({".DNG", ".xmp"}), "rating: 1 / 2; rating (.xmp): 1 / 2");
  EXPECT_EQ(fields({".JPG.xmp", ".xmp"}), "rating (.JPG.xmp): 1 / 2; rating (.xmp): 1 / 2");
}

TEST(EssenceMerge, NoTwoFieldsHaveOneName) {
  const auto with = [](const std::string& text) {
    XmpPacket packet;
    packet[{"http://purl.org/dc/elements/1.1/", "title"}].nodes = {
        {"", XmpNode::Shape::kLanguages, {}, {{".xmp", text}}}};
    return Of({Jpeg(XmpText(packet)), Sidecar(PacketText(text, 0))});
  };
  EXPECT_EQ(Merged(std::nullopt, with("a"), with("b")),
            "title (.xmp): a / b; title (.xmp) (2): a / b");
  // And each is decided by its own.
  const auto choose = [](std::string_view field) {
    return field == "title (.xmp)" ? Favour::kMine : Favour::kNone;
  };
  EXPECT_EQ(Merged(std::nullopt, with("a"), with("b"), choose), "title (.xmp) (2): a / b");
}

TEST(EssenceMerge, WhatIsNoXmpIsKeptAsLongAsOneSideChangedIt) {
  const auto with = [](const std::string& text) { return Of({Sidecar(text)}); };
  EXPECT_EQ(Merged(with("old"), with("new"), with("old")), ".xmp: new\n");
  EXPECT_EQ(Merged(with("old"), with("old"), with("new")), ".xmp: new\n");
  EXPECT_EQ(Merged(std::nullopt, with("old"), with("old")), ".xmp: old\n");
  EXPECT_EQ(Merged(with("old"), with("new"), with("newer")),
            "The sidecar that ends in \".xmp\": The metadata of the one side cannot be merged. It "
            "is not readable as XMP: it is not XML.");
}

TEST(EssenceMerge, WhatIsTooLargeTogetherIsNotMerged) {
  const auto with = [](char c) { return Of({Jpeg(PacketText("", 0, {std::string(5 << 20, c)}))}); };
  EXPECT_EQ(Merged(std::nullopt, with('a'), with('b')),
            "Both sides changed the XMP of this picture, which together is larger than 8 MiB and "
            "cannot be merged. Keep one of the two, or both.");
}

}  // namespace
}  // namespace syncline::images

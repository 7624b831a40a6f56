#include "plugins/images/layout.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "plugins/images/metadata_text.h"

namespace syncline::images {
namespace {

PictureFacts Facts() {
  PictureFacts facts;
  facts.taken.local = absl::CivilSecond(2023, 1, 2, 3, 4, 5);
  facts.taken.nanos = 67'000'000;
  facts.name = "IMG_1234";
  facts.folder = "DCIM/100CANON";
  facts.maker = "Canon";
  facts.camera = "EOS R5";
  facts.counter = 42;
  return facts;
}

std::string Rendered(std::string_view layout, const PictureFacts& facts) {
  const auto parsed = Layout::Parse(layout);
  return parsed.ok() ? parsed->Render(facts) : std::string(parsed.status().message());
}

std::string Message(std::string_view layout) {
  const auto parsed = Layout::Parse(layout);
  if (parsed.ok()) return "";
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(parsed.status().message());
}

TEST(Layout, EachFieldHasItsValue) {
  EXPECT_EQ(Rendered("{year}/{month}/{date}_{time}_{name}", Facts()),
            "2023/01/20230102_030405_IMG_1234");
  EXPECT_EQ(Rendered("{day}.{hour}.{minute}.{second}.{subsecond}", Facts()), "02.03.04.05.067");
  EXPECT_EQ(Rendered("{maker} {camera}/{folder}/{name}", Facts()),
            "Canon EOS R5/DCIM/100CANON/IMG_1234");
  EXPECT_EQ(Rendered("a{counter}b{counter:1}c{counter:4}", Facts()), "a42b42c0042");
}

TEST(Layout, AnEmptyValueIsUnknownAndAnEmptyFolderIsLeftOut) {
  PictureFacts facts = Facts();
  facts.name = facts.folder = facts.maker = facts.camera = "";
  EXPECT_EQ(Rendered("{maker}/{camera}-{name}", facts), "unknown/unknown-unknown");
  EXPECT_EQ(Rendered("{year}/{folder}/{name}", facts), "2023/unknown");
  EXPECT_EQ(Rendered("{year}-{folder}/{name}", facts), "2023-unknown/unknown");
  EXPECT_EQ(Rendered("{year}/{folder}", facts), "2023/unknown");
  facts.maker = "   ";
  EXPECT_EQ(Rendered("{maker}", facts), "unknown");
}

TEST(Layout, ValuesBecomeNamesThatEverySystemTakes) {
  const auto named = [](std::string name) {
    PictureFacts facts = Facts();
    facts.name = std::move(name);
    return Rendered("{name}", facts);
  };
  EXPECT_EQ(named("a/b\\c:d*e?f\"g<h>i|j"), "a_b_c_d_e_f_g_h_i_j");
  EXPECT_EQ(named(std::string("a\0b\n\x7f", 5)), "a_b__");
  EXPECT_EQ(named("trailing. . ."), "trailing");
  EXPECT_EQ(named("con"), "_con");
  EXPECT_EQ(named("LPT1.old"), "_LPT1.old");
  EXPECT_EQ(named("COM\u00B2"), "_COM\u00B2");
  EXPECT_EQ(named("CONTACT"), "CONTACT");
  EXPECT_EQ(named(".."), "_");
  EXPECT_EQ(named(".hidden"), "_hidden");
  EXPECT_EQ(named("gr\xFC\xDF"), "gr__");
  EXPECT_EQ(named("Grüße 🙂"), "Grüße 🙂");
  EXPECT_EQ(named("\xED\xA0\x80"), "___") << "a surrogate is no letter";
}

TEST(Layout, AFolderOfTheCardNeverLeadsOut) {
  const auto in = [](std::string folder) {
    PictureFacts facts = Facts();
    facts.folder = std::move(folder);
    return Rendered("{folder}/{name}", facts);
  };
  EXPECT_EQ(in("../../etc"), "etc/IMG_1234");
  EXPECT_EQ(in("/abs/./x//"), "abs/x/IMG_1234");
  EXPECT_EQ(in("C:\\DCIM"), "C_/DCIM/IMG_1234");
  EXPECT_EQ(in("a/CON/b"), "a/_CON/b/IMG_1234");
}

TEST(Layout, ALongNameIsCutBetweenLettersAndWhatStandsBehindItStays) {
  PictureFacts facts = Facts();
  for (int i = 0; i < 200; ++i) facts.name += "é";
  const std::string path = Rendered("{name}_{date}_{counter:4}", facts);
  EXPECT_LE(path.size(), Layout::kPartLimit);
  EXPECT_GE(path.size(), Layout::kPartLimit - 1);
  EXPECT_TRUE(path.ends_with("é_20230102_0042")) << path;
  facts.name.insert(0, "x");
  EXPECT_TRUE(Rendered("{name}_{date}_{counter:4}", facts).ends_with("é_20230102_0042"));
  facts.maker = std::string(500, 'm');
  EXPECT_TRUE(Rendered("{name}{maker}-{counter}", facts).ends_with("m-42"));
}

TEST(Layout, ADeepFolderKeepsItsLastParts) {
  PictureFacts facts = Facts();
  facts.folder.clear();
  for (int i = 0; i < 1000; ++i) facts.folder += "folder" + std::to_string(i) + "/";
  const std::string path = Rendered("{folder}/{name}", facts);
  EXPECT_LE(path.size(), 450u);
  EXPECT_TRUE(path.ends_with("/folder998/folder999/IMG_1234")) << path;
}

TEST(Layout, EveryBadLayoutSaysWhatIsWrongAndWhere) {
  const std::string fields =
      "{year}, {month}, {day}, {hour}, {minute}, {second}, {subsecond}, {date}, {time}, {name}, "
      "{folder}, {maker}, {camera}, {counter}";
  EXPECT_EQ(Message(""), "a layout is needed, such as \"{year}/{month}/{date}_{time}_{name}\"");
  EXPECT_EQ(Message("{year}/{yaer}_{name}"),
            "there is no field {yaer}; there are " + fields + " (at position 8)");
  EXPECT_EQ(Message("{year}/{}"), "there is no field {}; there are " + fields + " (at position 8)");
  EXPECT_EQ(Message("{year}/{name"), "there is a \"{\" without a \"}\" behind it (at position 8)");
  EXPECT_EQ(Message("{year/{name}"), "there is a \"{\" without a \"}\" behind it (at position 1)");
  EXPECT_EQ(Message("{year}/name}"), "there is a \"}\" without a \"{\" before it (at position 12)");
  EXPECT_EQ(Message("{name:4}"),
            "only {counter} takes a number of digits, not {name} (at position 1)");
  for (const char* layout : {"{counter:}", "{counter:0}", "{counter:10}", "{counter:x}"}) {
    EXPECT_EQ(
        Message(layout),
        "the digits of {counter} are a number from 1 to 9, as in {counter:4} (at position 1)");
  }
  EXPECT_EQ(Message("/photos/{name}"),
            "a layout is a path inside the library and does not begin with \"/\" (at position 1)");
  EXPECT_EQ(Message("{year}/../{name}"), "\"..\" is no folder of a library (at position 8)");
  EXPECT_EQ(Message("./{name}"), "\".\" is no folder of a library (at position 1)");
  const std::string nothing = "there is nothing between two \"/\" or behind the last";
  EXPECT_EQ(Message("{year}//{name}"), nothing + " (at position 8)");
  EXPECT_EQ(Message("{year}/"), nothing + " (at position 8)");
  EXPECT_EQ(Message("{year}\\{name}"),
            "folders are parted by \"/\", not by \"\\\" (at position 7)");
  for (const char c : std::string("<>:\"|?*")) {
    EXPECT_EQ(Message(std::string("{name}") + c),
              std::string("Windows cannot have \"") + c + "\" in a name (at position 7)");
  }
  EXPECT_EQ(Message("{name}\n"), "a name cannot have control characters (at position 7)");
  EXPECT_EQ(Message("{name}\xFF"), "this is not UTF-8 (at position 7)");
  EXPECT_EQ(Message("{year}./{name}"),
            "Windows cannot have a name that ends with a dot (at position 7)");
  EXPECT_EQ(Message("{name} "),
            "Windows cannot have a name that ends with a space (at position 7)");
  EXPECT_EQ(Message(".{name}"), "a name that begins with a dot is hidden (at position 1)");
  EXPECT_EQ(Message("{year}/ {name}"), "a name cannot begin with a space (at position 8)");
  EXPECT_EQ(Message("AUX/{name}"), "Windows cannot have the name \"AUX\" (at position 1)");
  EXPECT_EQ(Message("{year}/photo"),
            "the last part names the pictures and has no field in it: all of them would get one "
            "name (at position 8)");
  EXPECT_EQ(Message("photo").substr(0, 13), "the last part");
  EXPECT_EQ(Message("{name}" + std::string(195, 'x')), "the layout has 201 bytes and may have 200");
}

TEST(Layout, TheExampleIsAPictureOfCanon) {
  EXPECT_EQ(Layout::Parse("{year}/{month}/{date}_{time}_{name}")->Example(),
            "2026/05/20260504_132159_IMG_1234.JPG");
  EXPECT_EQ(Layout::Parse("{maker}/{camera}/{folder}/{counter:3}")->Example(),
            "Canon/EOS R5/DCIM/100CANON/001.JPG");
}

TEST(Layout, ItKnowsWhetherItCounts) {
  EXPECT_TRUE(Layout::Parse("{year}/{counter:4}")->uses_counter());
  EXPECT_TRUE(Layout::Parse("{counter}/{name}")->uses_counter());
  EXPECT_FALSE(Layout::Parse("{year}/counter_{name}")->uses_counter());
}

// Texts that try to be more than a name: any bytes, and pieces that mean something to a system.
rc::Gen<std::string> Nasty() {
  const auto piece = rc::gen::oneOf(
      rc::gen::element<std::string>("..", ".", "/", "\\", "CON", "nul", "COM1", " ", "C:", "é",
                                    "🙂", "\xFF", "\xC3", std::string("\0", 1), "\n", ":", "~",
                                    "a", std::string(150, 'x'), std::string(400, 'y')),
      rc::gen::arbitrary<std::string>());
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const std::string& one : pieces) text += one;
                        return text;
                      });
}

RC_GTEST_PROP(Layout, NoValueGivesAPathThatIsUnsafe, ()) {
  PictureFacts facts;
  facts.taken.local =
      absl::CivilSecond(1970, 1, 1) + *rc::gen::inRange<int64_t>(-10'000'000'000, 10'000'000'000);
  facts.taken.nanos = *rc::gen::inRange(0, 1'000'000'000);
  facts.name = *Nasty();
  facts.folder = *Nasty();
  facts.maker = *Nasty();
  facts.camera = *Nasty();
  facts.counter = *rc::gen::inRange(0, 2'000'000'000);
  const auto layout = Layout::Parse(*rc::gen::element<std::string>(
      "{name}", "{folder}", "{maker}", "{year}/{month}/{date}_{time}_{name}", "{folder}/{name}",
      "{maker}{camera}/{folder}{folder}/x{name}{camera}", "{camera}.{name}", "{name}.{folder}",
      "C{camera}", "{counter:9}-{name}{maker}{subsecond}", "{name}{name}{name}/{folder}-{counter}",
      "{maker}/{folder}/{name}/{camera}/{folder}/{maker}/{name}/{camera}/{folder}/{maker}/{name}"));
  RC_ASSERT(layout.ok());
  const std::string path = layout->Render(facts);
  RC_LOG() << path;
  RC_ASSERT(!path.empty());
  RC_ASSERT(path.size() < 1000u);
  for (size_t at = 0; at < path.size();) {
    const size_t letter = LetterLength(std::string_view(path).substr(at));
    RC_ASSERT(letter > 0u);
    at += letter;
  }
  static const std::set<std::string> kDevices = {"CON",  "PRN",  "AUX", "NUL",
                                                 "COM1", "LPT1", "COM2"};
  for (const absl::string_view view :
       absl::StrSplit(absl::string_view(path.data(), path.size()), '/')) {
    const std::string part(view);
    RC_ASSERT(!part.empty());  // so it is neither absolute nor ends with a slash
    RC_ASSERT(part.size() <= Layout::kPartLimit);
    RC_ASSERT(part.front() != '.' && part.front() != ' ');
    RC_ASSERT(part.back() != '.' && part.back() != ' ');
    RC_ASSERT(part.find_first_of(std::string("<>:\"|?*\\\0\x7f", 10)) == std::string::npos);
    for (const char c : part) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20);
    std::string stem = part.substr(0, part.find('.'));
    for (char& c : stem) c = static_cast<char>(toupper(c));
    while (stem.ends_with(' ')) stem.pop_back();
    RC_ASSERT(kDevices.count(stem) == 0);
  }
}

}  // namespace
}  // namespace syncline::images

// Escapes, encodings and character sets of values.
#include "plugins/content_lines/value.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "sdk/platform/charset.h"

namespace syncline::content_lines {
namespace {

Property With(std::vector<Parameter> parameters, std::string value) {
  Property property;
  property.name = "NOTE";
  property.parameters = std::move(parameters);
  property.value = std::move(value);
  return property;
}

TEST(Value, EscapesAreReadAndWritten) {
  EXPECT_EQ(Unescape("a\\nb\\Nc\\,\\;\\:\\\\\\x\\"), "a\nb\nc,;:\\\\x\\");
  EXPECT_EQ(Escape("a\r\nb,;:\\"), "a\\nb\\,\\;:\\\\");
}

TEST(Value, SplitLeavesEscapedSeparators) {
  EXPECT_EQ(Split("a\\,b,c\\\\,", ','), (std::vector<std::string>{"a\\,b", "c\\\\", ""}));
}

TEST(Value, QuotedPrintableWithItsCharset) {
  EXPECT_EQ(Decoded(With({{"CHARSET", {"ISO-8859-1"}}, {"", {"QUOTED-PRINTABLE"}}}, "M=FCller=")),
            "M\xC3\xBCller");
  EXPECT_EQ(Decoded(With({{"ENCODING", {"quoted-printable"}}}, "a=4=zz=3d")), "a=4=zz=");
}

TEST(Value, Base64GivesBytes) {
  EXPECT_EQ(Decoded(With({{"ENCODING", {"b"}}}, "AP9h IQ==")), std::string("\0\xFF"
                                                                           "a!",
                                                                           4));
  EXPECT_EQ(Decoded(With({{"ENCODING", {"b"}}}, "no: base64")), "no: base64");
}

TEST(Value, TextOfNoOrAWrongCharsetIsReadAsUtf8OrWindows1252) {
  EXPECT_EQ(Decoded(With({}, "\x80 1")), "\xE2\x82\xAC 1");
  EXPECT_EQ(Decoded(With({}, "\x81")), "\xC2\x81") << "unknown in Windows-1252, known in Latin 1";
  EXPECT_EQ(Decoded(With({{"CHARSET", {"X-NONE"}}}, "\xC3\xA4")), "\xC3\xA4");
  EXPECT_EQ(Decoded(With({{"CHARSET", {"UTF-8"}}}, "\xE4")), "\xC3\xA4");
}

TEST(Value, CharsetsGoByTheNamesThatExportersWrite) {
  const std::vector<std::pair<std::string, std::pair<std::string, std::string>>> cases = {
      {"utf8", {"\xC3\xA4", "\xC3\xA4"}},
      {"ISO-8859-15", {"\xA4", "\xE2\x82\xAC"}},
      {"windows-1251", {"\xC0", "\xD0\x90"}},
      {"KOI8-R", {"\xE1", "\xD0\x90"}},
      {"Shift_JIS", {"\x83\x5C", "\xE3\x82\xBD"}},
      {"GB2312", {"\xD6\xD0", "\xE4\xB8\xAD"}},
      {"Big5", {"\xA4\xA4", "\xE4\xB8\xAD"}},
      {"EUC-KR", {"\xC7\xD1", "\xED\x95\x9C"}},
      {"iso-2022-jp", {"\x1B$B%=\x1B(B", "\xE3\x82\xBD"}},
  };
  for (const auto& [name, texts] : cases) {
    std::string utf8;
    EXPECT_TRUE(ToUtf8(texts.first, name, &utf8)) << name;
    EXPECT_EQ(utf8, texts.second) << name;
  }
  std::string utf8;
  EXPECT_FALSE(ToUtf8("a", "no such set", &utf8));
  EXPECT_FALSE(ToUtf8("\xE4", "US-ASCII", &utf8));
  EXPECT_FALSE(platform::ConvertToUtf8("a", "ISO-8859-1//IGNORE", &utf8));
}

TEST(Value, LongTextIsConvertedWhole) {
  std::string utf8;
  ASSERT_TRUE(ToUtf8(std::string(5'000, '\xE4'), "ISO-8859-2", &utf8));
  EXPECT_EQ(utf8.size(), 10'000u);
}

TEST(Value, OnlyWellFormedUtf8Counts) {
  EXPECT_TRUE(IsUtf8("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"));
  for (const char* broken : {"\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                             "\xA4", "\xF8\x88\x80\x80\x80"}) {
    EXPECT_FALSE(IsUtf8(broken)) << broken;
  }
}

}  // namespace
}  // namespace syncline::content_lines

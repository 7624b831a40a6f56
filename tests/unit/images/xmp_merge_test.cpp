// The merge of XMP: what people see happen with ratings, titles and keywords, packets that are
// broken or hostile, exiftool as judge of what is written. Its laws: xmp_merge_laws_test.cpp.
#include "plugins/images/xmp_merge.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "plugins/images/xmp.h"
#include "plugins/images/xmp_merge_rules.h"
#include "tests/support/program.h"
#include "tests/support/scratch.h"
#include "tests/unit/images/xmp_merged.h"

namespace syncline::images {
namespace {

// A packet with these elements, which may use the prefixes below.
std::string Packet(const std::string& inside) {
  return "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
         "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
         "xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/' "
         "xmlns:exif='http://ns.adobe.com/exif/1.0/' "
         "xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' "
         "xmlns:xmpMM='http://ns.adobe.com/xap/1.0/mm/' "
         "xmlns:lr='http://ns.adobe.com/lightroom/1.0/' "
         "xmlns:crs='http://ns.adobe.com/camera-raw-settings/1.0/' "
         "xmlns:MicrosoftPhoto='http://ns.microsoft.com/photo/1.0/' xmlns:mine='urn:mine/'>" +
         inside + "</rdf:Description></rdf:RDF></x:xmpmeta>";
}
std::string Rating(const std::string& value) { return "<xmp:Rating>" + value + "</xmp:Rating>"; }
std::string List(const std::string& name, const std::vector<std::string>& items,
                 const std::string& kind = "Bag") {
  std::string text = "<" + name + "><rdf:" + kind + ">";
  for (const std::string& item : items) text += "<rdf:li>" + item + "</rdf:li>";
  return text + "</rdf:" + kind + "></" + name + ">";
}
std::string Title(const std::map<std::string, std::string>& texts) {
  std::string text = "<dc:title><rdf:Alt>";
  for (const auto& [language, words] : texts) {
    text += "<rdf:li xml:lang='" + language + "'>" + words + "</rdf:li>";
  }
  return text + "</rdf:Alt></dc:title>";
}

bool Says(const std::string& packet, const std::string& inside) {
  return XmpDigest(packet) == XmpDigest(Packet(inside));
}

TEST(XmpMerge, ARatingHereAndATitleThereAreBothKept) {
  const std::string base = Packet(Rating("1") + Title({{"x-default", "Sea"}}));
  const std::string merged = Merged(base, Packet(Rating("4") + Title({{"x-default", "Sea"}})),
                                    Packet(Rating("1") + Title({{"x-default", "Lake"}})));
  EXPECT_TRUE(Says(merged, Rating("4") + Title({{"x-default", "Lake"}}))) << merged;
}

TEST(XmpMerge, TwoRatingsDisagreeByTheirNameForPeople) {
  const std::string base = Packet(Rating("1"));
  EXPECT_EQ(Merged(base, Packet(Rating("4")), Packet(Rating("2"))), "rating: 4 / 2");
  EXPECT_EQ(Merged(base, Packet(Rating("2")), Packet(Rating("4"))), "rating: 2 / 4");
  EXPECT_EQ(Merged(base, Packet(""), Packet(Rating("4"))), "rating:  / 4");
  const auto mine = [](std::string_view field) {
    EXPECT_EQ(field, "rating");
    return Favour::kMine;
  };
  EXPECT_TRUE(Says(Merged(base, Packet(Rating("4")), Packet(Rating("2")), mine), Rating("4")));
  EXPECT_TRUE(Says(Merged(base, Packet(Rating("2")), Packet(Rating("4")), mine), Rating("2")));
}

TEST(XmpMerge, TheRatingsOfTwoProgramsAreOneField) {
  const auto both = [](const std::string& rating, const std::string& percent) {
    return Packet(Rating(rating) + "<MicrosoftPhoto:Rating>" + percent +
                  "</MicrosoftPhoto:Rating>");
  };
  EXPECT_EQ(Merged(both("1", "1"), both("5", "99"), both("3", "50")), "rating: 5 / 3");
  EXPECT_EQ(Merged(both("1", "1"), both("5", "99"), both("1", "1")), both("5", "99"));
}

TEST(XmpMerge, NotRatedIsRatedZero) {
  EXPECT_EQ(XmpDigest(Packet(Rating("0"))), XmpDigest(Packet("")));
  EXPECT_NE(XmpDigest(Packet(Rating("-1"))), XmpDigest(Packet("")));
  EXPECT_EQ(XmpDigest(Packet(Rating("3.0"))), XmpDigest(Packet(Rating("3"))));
}

TEST(XmpMerge, KeywordsAreASet) {
  const std::string base = Packet(List("dc:subject", {"sea", "summer", "tom"}));
  const std::string mine = Packet(List("dc:subject", {"tom", "sea", "beach"}));
  const std::string theirs = Packet(List("dc:subject", {"ann", "sea", "summer", "beach", "tom"}));
  const std::string merged = Merged(base, mine, theirs);
  EXPECT_TRUE(Says(merged, List("dc:subject", {"ann", "sea", "tom", "beach"}))) << merged;
  // Without an ancestor: all of them.
  EXPECT_TRUE(Says(Merged(std::nullopt, Packet(List("dc:subject", {"a", "b"})),
                          Packet(List("dc:subject", {"c", "b"}))),
                   List("dc:subject", {"a", "b", "c"})));
  // The last keyword removed on both sides takes the property along.
  EXPECT_TRUE(Says(Merged(Packet(List("dc:subject", {"a", "b"})), Packet(List("dc:subject", {"a"})),
                          Packet(List("dc:subject", {"b"}))),
                   ""));
}

TEST(XmpMerge, TitlesAreMergedByLanguage) {
  const std::string base = Packet(Title({{"x-default", "Sea"}, {"de", "Meer"}}));
  const std::string mine = Packet(Title({{"x-default", "Lake"}, {"de", "Meer"}}));
  const std::string theirs = Packet(Title({{"x-default", "Sea"}, {"de", "See"}, {"fr", "Lac"}}));
  EXPECT_TRUE(Says(Merged(base, mine, theirs),
                   Title({{"x-default", "Lake"}, {"de", "See"}, {"fr", "Lac"}})));
  EXPECT_EQ(Merged(base, mine, Packet(Title({{"x-default", "Pond"}, {"de", "Teich"}}))),
            "title: Lake / Pond");
  EXPECT_EQ(Merged(base, Packet(Title({{"x-default", "Sea"}, {"de", "A"}})),
                   Packet(Title({{"x-default", "Sea"}, {"de", "B"}}))),
            "title (de): A / B");
}

TEST(XmpMerge, APositionIsNeverMadeOfTwo) {
  const auto place = [](const std::string& latitude, const std::string& longitude) {
    return Packet("<exif:GPSLatitude>" + latitude + "</exif:GPSLatitude><exif:GPSLongitude>" +
                  longitude + "</exif:GPSLongitude>");
  };
  EXPECT_EQ(Merged(place("1,0N", "1,0E"), place("2,0N", "1,0E"), place("1,0N", "3,0E")),
            "position: exif:GPSLatitude = 2,0N; exif:GPSLongitude = 1,0E / "
            "exif:GPSLatitude = 1,0N; exif:GPSLongitude = 3,0E");
}

TEST(XmpMerge, StepsOfADevelopmentAreNeverMixed) {
  const auto steps = [](const std::string& exposure, const std::string& contrast) {
    return Packet("<crs:Exposure2012>" + exposure + "</crs:Exposure2012><crs:Contrast2012>" +
                  contrast + "</crs:Contrast2012>" + Rating("1"));
  };
  const std::string text = Merged(steps("0", "0"), steps("1", "0"), steps("0", "2"));
  EXPECT_EQ(text,
            "development (Camera Raw): crs:Contrast2012 = 0; crs:Exposure2012 = 1 / "
            "crs:Contrast2012 = 2; crs:Exposure2012 = 0");
}

TEST(XmpMerge, WhatProgramsNoteForThemselvesIsNoChange) {
  const auto noted = [](const std::string& date, const std::string& program) {
    return Packet(Rating("2") + "<xmp:MetadataDate>" + date +
                  "</xmp:MetadataDate><xmp:CreatorTool>" + program +
                  "</xmp:CreatorTool><xmpMM:InstanceID>" + date + "</xmpMM:InstanceID>");
  };
  const std::string base = noted("2020-01-01T00:00:00Z", "A");
  const std::string later = noted("2021-01-01T00:00:00Z", "B");
  EXPECT_EQ(XmpDigest(base), XmpDigest(later));
  EXPECT_EQ(Merged(base, later, base), later);
  EXPECT_EQ(Merged(base, base, later), later);
  // Both wrote: the later date is kept, by the clock and not by the letters.
  const std::string title = Title({{"x-default", "x"}});
  const std::string merged =
      Merged(Packet(Rating("1")),
             Packet(Rating("2") + "<xmp:MetadataDate>2021-01-01T01:00:00+05:00</xmp:MetadataDate>"),
             Packet(Rating("1") + title +
                    "<xmp:MetadataDate>2020-12-31T23:00:00+00:00</xmp:MetadataDate>"));
  EXPECT_NE(merged.find("2020-12-31T23:00:00"), std::string::npos) << merged;
}

TEST(XmpMerge, PrefixesOrderAndPaddingAreNoChange) {
  const std::string one = Packet(Rating("3") + List("dc:subject", {"a", "b"}));
  std::string other = Packet(List("dc:subject", {"b", "a"}, "Seq") + Rating("3")) + "\n\n   \n";
  size_t at;
  while ((at = other.find("dc:")) != std::string::npos) other.replace(at, 3, "zz:");
  other.replace(other.find("xmlns:dc"), 8, "xmlns:zz");
  EXPECT_EQ(XmpDigest(one), XmpDigest(other));
  EXPECT_NE(XmpDigest(one), XmpDigest(Packet(Rating("3") + List("dc:subject", {"a", "c"}))));
  EXPECT_NE(XmpDigest(Packet("<mine:x>ab</mine:x>")), XmpDigest(Packet("<mine:xa>b</mine:xa>")));
}

TEST(XmpMerge, WhatOneSideSaysAltogetherIsKeptByteForByte) {
  const std::string base = Packet(Rating("1"));
  const std::string mine = "<?xpacket?>\n<!-- my comment -->" + Packet(Rating("2")) + "\n";
  EXPECT_EQ(Merged(base, mine, base), mine);
  EXPECT_EQ(Merged(base, base, mine), mine);
  EXPECT_EQ(Merged(std::nullopt, mine, ""), mine);
  EXPECT_EQ(Merged(base, "", base), "");
}

TEST(XmpMerge, StructuresAndOtherProgramsPropertiesAreKept) {
  const std::string inside =
      "<mine:deep rdf:parseType='Resource'><mine:a rdf:parseType='Resource'><mine:b>1 &lt; 2"
      "</mine:b></mine:a><mine:list><rdf:Seq><rdf:li>x</rdf:li><rdf:li>y</rdf:li></rdf:Seq>"
      "</mine:list></mine:deep><mine:empty/>"
      "<mine:odd rdf:parseType='Resource'><rdf:value>v</rdf:value><mine:q>why</mine:q></mine:odd>";
  const std::string base = Packet(inside + Rating("1"));
  const std::string merged = Merged(base, Packet(inside + Rating("2")),
                                    Packet(inside + Rating("1") + Title({{"x-default", "t"}})));
  EXPECT_TRUE(Says(merged, inside + Rating("2") + Title({{"x-default", "t"}}))) << merged;
  EXPECT_NE(merged.find("why"), std::string::npos);
}

TEST(XmpMerge, WhatIsNotXmpIsAnError) {
  const std::string good = Packet(Rating("1"));
  const std::string begin =
      "The metadata of the one side cannot be merged. It is not readable as XMP: ";
  EXPECT_EQ(Merged(std::nullopt, "hello", good), begin + "it is not XML.");
  EXPECT_EQ(Merged(std::nullopt, "<html/>", good), begin + "it holds no RDF.");
  EXPECT_EQ(Merged(std::nullopt, good, "hello"),
            "The metadata of the other side cannot be merged. It is not readable as XMP: it is not "
            "XML.");
  // A broken ancestor is none.
  EXPECT_EQ(Merged("hello", good, Packet(Rating("2"))), "rating: 1 / 2");
  const auto error = [&](const std::string& packet) { return Merged(std::nullopt, packet, good); };
  EXPECT_EQ(error("<!DOCTYPE x [<!ENTITY a 'b'>]>" + good), begin + "it declares a document type.");
  EXPECT_EQ(error(good.substr(0, good.size() - 12)), begin + "it ends too early.");
  EXPECT_EQ(error(Packet("</x>")), begin + "an element ends that did not begin.");
  EXPECT_EQ(error(Packet("<mine:x>&nbsp;</mine:x>")),
            begin + "it has an entity that is not known.");
  EXPECT_EQ(error(Packet("<mine:x>&#0;</mine:x>")), begin + "it has an entity that is not known.");
  EXPECT_EQ(error(Packet("<mine:x>\x01</mine:x>")), begin + "it has control characters in it.");
  EXPECT_EQ(error(Packet("<mine:x>\xC3</mine:x>")), begin + "it is not in UTF-8.");
  EXPECT_EQ(error(Packet("<other:x>1</other:x>")), begin + "a prefix stands for no namespace.");
  EXPECT_EQ(error(Packet("<mine:x/><mine:x/>")), begin + "a property stands twice.");
  EXPECT_EQ(error(Packet("<mine:x a='1' a='2'/>")), begin + "an attribute stands twice.");
  EXPECT_EQ(error(Packet("<mine:x rdf:parseType='Literal'/>")),
            begin + "its RDF is not that of XMP.");
  EXPECT_EQ(error(Packet("<mine:x><mine:y/><mine:z/></mine:x>")),
            begin + "its RDF is not that of XMP.");
  EXPECT_EQ(error(good.substr(0, good.size() - 12) + "<x "), begin + "it ends inside of a tag.");
  EXPECT_EQ(error(std::string("\0", 1) + good), begin + "it has control characters in it.");
  EXPECT_EQ(error(good + std::string(kLargestPacket, 'x')), begin + "it is larger than 8 MiB.");
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<mine:x rdf:parseType='Resource'>";
  EXPECT_EQ(error(Packet(deep)), begin + "its elements are nested too deeply.");
  std::string many;
  for (int i = 0; i < 300'000; ++i) many += "<a/>";
  EXPECT_EQ(error(Packet(many)), begin + "it has too many parts.");
  const auto spaces = [](int count) {
    std::string text = "<mine:x ";
    for (int i = 0; i < count; ++i) {
      text += "xmlns:p" + std::to_string(i) + "='urn:" + std::to_string(i) + "' ";
    }
    return Packet(text + "/>");
  };
  EXPECT_EQ(error(spaces(1000)), begin + "it declares too many namespaces.");
}

// The toolkit of Exiv2 takes such a packet's word for it, and writes all later ones wrongly.
TEST(XmpMerge, APacketThatCallsAnotherNamespaceXmpHarmsNoOther) {
  std::string liar = Packet(Rating("3"));
  liar.replace(liar.find("http://ns.adobe.com/xap/1.0/"), 28, "urn:something/else/entirely/");
  const std::string both = Merged(std::nullopt, liar, Packet(Rating("2")));
  EXPECT_NE(both.find("<xmp:Rating>2</xmp:Rating>"), std::string::npos) << both;
  EXPECT_NE(both.find("<xmp1:Rating>3</xmp1:Rating>"), std::string::npos) << both;
  EXPECT_EQ(XmpDigest(Merged(both, both, liar)), XmpDigest(liar));
}

TEST(XmpMerge, AllFormsOfRdfAreRead) {
  const auto same = [](const std::string& one, const std::string& other) {
    EXPECT_TRUE(ParseXmp(Packet(one)).ok()) << ParseXmp(Packet(one)).status();
    EXPECT_EQ(XmpDigest(Packet(one)), XmpDigest(Packet(other))) << one;
  };
  same("<mine:s rdf:parseType='Resource'><mine:a>1</mine:a><mine:b>2</mine:b></mine:s>",
       "<mine:s mine:b='2' mine:a='1'/>");
  same("<mine:s rdf:parseType='Resource'><mine:a>1</mine:a><mine:b>2</mine:b></mine:s>",
       "<mine:s><rdf:Description mine:a='1'><mine:b>2</mine:b></rdf:Description></mine:s>");
  same("<mine:s rdf:parseType='Resource'><rdf:value>v</rdf:value><mine:q>1</mine:q></mine:s>",
       "<mine:s rdf:value='v' mine:q='1'/>");
  same("<mine:s xml:lang='DE'>a&#65;&amp;<![CDATA[<b>]]></mine:s>",
       "<mine:s xml:lang='de'>aA&amp;&lt;b></mine:s>");
  same("<dc:title>Sea</dc:title>", Title({{"x-default", "Sea"}}));
  same("<dc:subject>sea</dc:subject>", List("dc:subject", {"sea"}));
  // A property as an attribute of the rdf:Description.
  std::string attribute = Packet("");
  attribute.replace(attribute.find("rdf:about=''"), 12, "about='' xmp:Rating='3'");
  EXPECT_EQ(XmpDigest(attribute), XmpDigest(Packet(Rating("3"))));
}

TEST(XmpMerge, WhatIsWrittenIsReadAsTheSame) {
  for (
      const std::string inside :
      {"<mine:a rdf:parseType='Resource'><rdf:value rdf:parseType='Resource'><mine:f>1</mine:f>"
       "</rdf:value><mine:q xml:lang='en'>2</mine:q></mine:a>",
       "<mine:a rdf:resource='http://a.b/?c=d&amp;e'/>",
       "<mine:a xml:lang='de' rdf:parseType='Resource'><mine:f>x</mine:f></mine:a>",
       "<mine:a><rdf:Alt><rdf:li xml:lang='de'>a</rdf:li><rdf:li xml:lang='de'>b</rdf:li></rdf:Alt>"
       "</mine:a>",
       "<mine:a><rdf:Seq><rdf:li><rdf:Bag><rdf:li>1</rdf:li></rdf:Bag></rdf:li><rdf:li mine:f='x'/>"
       "<rdf:li>text</rdf:li></rdf:Seq></mine:a>",
       "<mine:a><rdf:Bag/></mine:a><mine:b/><mine:c>  two\n lines\t</mine:c>",
       "<mine:a>type=Bag lang=\"x\" ]]&gt; &#13; \xF0\x9F\x98\x80</mine:a>"}) {
    const absl::StatusOr<XmpPacket> packet = ParseXmp(Packet(inside));
    ASSERT_TRUE(packet.ok()) << packet.status() << inside;
    const std::string text = XmpText(*packet);
    const absl::StatusOr<XmpPacket> again = ParseXmp(text);
    ASSERT_TRUE(again.ok()) << again.status() << text;
    EXPECT_TRUE(*again == *packet) << text;
    EXPECT_EQ(XmpText(*again), text);
  }
}

TEST(XmpMerge, BytesChangedAnywhereNeverCrash) {
  const std::string good =
      Packet(Rating("1") + Title({{"x-default", "t"}}) + List("dc:subject", {"a"}));
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(at % 3 == 0 ? '<' : at % 3 == 1 ? '\xFF' : '"');
    Merged(good, bad, Packet(Rating("2")));
    Merged(bad, good, good.substr(0, at));
  }
}

TEST(XmpMerge, ThreadsMayMergeAtTheSameTime) {
  const auto work = [](const std::string& prefix) {
    for (int i = 0; i < 50; ++i) {
      const std::string name = prefix + std::to_string(i);
      const std::string own =
          "<" + name + ":x xmlns:" + name + "='urn:" + name + "/'>1</" + name + ":x>";
      const std::string merged = Merged(Packet(""), Packet(own), Packet(Rating("2")));
      EXPECT_TRUE(Says(merged, own + Rating("2"))) << merged;
    }
  };
  std::thread one(work, "one");
  std::thread other(work, "other");
  one.join();
  other.join();
}

// exiftool writes both sides, and reads what the merge wrote.
TEST(XmpMerge, ExiftoolReadsWhatWasMerged) {
  testing::TempDir temp;
  const auto make = [&](const std::string& name, std::vector<std::string> values) {
    std::vector<std::string> argv = {"exiftool", "-q", "-o", temp / name};
    argv.insert(argv.end(), values.begin(), values.end());
    const testing::ProgramResult result = testing::RunProgram(argv);
    EXPECT_EQ(result.exit_code, 0) << result;
    return testing::Tree(temp.path()).Read(name);
  };
  const std::string region =
      "-RegionInfo={AppliedToDimensions={W=10,H=10,Unit=pixel},RegionList=[{Name=Ann,Type=Face,"
      "Area={X=0.5,Y=0.5,W=0.1,H=0.1,Unit=normalized}}]}";
  const std::string base = make("base.xmp", {"-Rating=1", "-Subject=sea", "-Title=Sea", region});
  const std::string mine =
      make("mine.xmp", {"-Rating=5", "-Subject=sea", "-Subject=tom", "-Title=Sea", region});
  const std::string theirs =
      make("theirs.xmp", {"-Rating=1", "-Subject=ann", "-Title=Sea", "-Title-de=Meer & Küste",
                          region, "-HierarchicalSubject=people|ann", "-LocationCreatedCity=Kiel"});
  testing::Tree(temp.path()).Write("merged.xmp", Merged(base, mine, theirs));
  const nlohmann::json read =
      testing::RunJson({"exiftool", "-j", "-struct", "-validate", "-all:all", temp / "merged.xmp"});
  SCOPED_TRACE(read.dump());
  EXPECT_EQ(read[0]["Rating"], 5);
  EXPECT_EQ(read[0]["Subject"], (nlohmann::json{"ann", "tom"}));
  EXPECT_EQ(read[0]["Title"], "Sea");
  EXPECT_EQ(read[0]["Title-de"], "Meer & Küste");
  EXPECT_EQ(read[0]["HierarchicalSubject"][0], "people|ann");
  EXPECT_EQ(read[0]["LocationCreated"][0]["City"], "Kiel");
  EXPECT_EQ(read[0]["RegionInfo"]["RegionList"][0]["Name"], "Ann");
  EXPECT_EQ(read[0]["Validate"], "OK") << read;
}

}  // namespace
}  // namespace syncline::images

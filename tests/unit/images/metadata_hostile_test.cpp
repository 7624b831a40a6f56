// Metadata of files that are cut, damaged, or made to hurt: read without a crash, within bounds of
// time, and without dates that nobody wrote.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "plugins/images/metadata.h"
#include "plugins/images/metadata_parts.h"
#include "plugins/images/preview.h"
#include "tests/support/pictures.h"
#include "tests/support/scratch.h"
#include "tests/unit/images/pieces.h"

namespace syncline::images {
namespace {

using syncline::testing::ExtensionOf;
using syncline::testing::MakePicture;
using syncline::testing::PictureKind;
using syncline::testing::Tag;
using syncline::testing::TempDir;

struct Sample {
  Format format;
  std::string bytes;
  Metadata whole;
};

Metadata Read(Format format, std::string bytes, std::string_view sidecar = {}) {
  MemoryBytes file(std::move(bytes));
  const std::string thumbnail = EmbeddedThumbnail(format, file);
  EXPECT_LE(thumbnail.size(), kThumbnailLimit);
  return ReadMetadata(format, file, sidecar);
}

Sample MakeSample(PictureKind kind, Format format) {
  TempDir temp;
  const std::string path = temp / ("a." + ExtensionOf(kind));
  MakePicture(kind, 1, path);
  std::vector<std::string> arguments = {"-XMP:CreateDate=2023:01:02 03:04:05", "-XMP:Rating=4",
                                        "-XMP:Subject=one"};
  if (format == Format::kMov) {
    arguments.push_back("-Keys:CreationDate=2023:01:02 03:04:05+02:00");
    arguments.push_back("-QuickTime:CreateDate=2023:01:02 03:04:05");
  } else if (format != Format::kGif) {
    arguments.insert(arguments.end(),
                     {"-Exif:DateTimeOriginal=2023:01:02 03:04:05", "-OffsetTimeOriginal=+02:00",
                      "-Make=Canon", "-GPSDateStamp=2023:01:02", "-GPSTimeStamp=03:04:05"});
  }
  Tag(path, arguments);
  std::ifstream stream(path, std::ios::binary);
  Sample sample{format, {std::istreambuf_iterator<char>(stream), {}}, {}};
  sample.whole = Read(format, sample.bytes);
  return sample;
}

struct Kind {
  PictureKind kind;
  Format format;
};
constexpr Kind kKinds[] = {
    {PictureKind::kJpeg, Format::kJpeg}, {PictureKind::kPng, Format::kPng},
    {PictureKind::kGif, Format::kGif},   {PictureKind::kWebp, Format::kWebp},
    {PictureKind::kTiff, Format::kTiff}, {PictureKind::kHeic, Format::kHeic},
    {PictureKind::kMov, Format::kMov},   {PictureKind::kJxlContainer, Format::kJxl},
};

// Made when it is first asked for: encoders take their time.
const Sample& SampleOf(size_t kind) {
  static auto* const samples = new std::map<size_t, Sample>;
  auto found = samples->find(kind);
  if (found == samples->end()) {
    found = samples->emplace(kind, MakeSample(kKinds[kind].kind, kKinds[kind].format)).first;
  }
  return found->second;
}

bool IsAmong(const FoundDate& date, const std::vector<FoundDate>& dates) {
  return std::any_of(dates.begin(), dates.end(), [&](const FoundDate& one) {
    return one.source == date.source && one.local == date.local && one.utc == date.utc;
  });
}

class HostileKind : public ::testing::TestWithParam<size_t> {};

TEST_P(HostileKind, AFileThatEndsEarlyGivesNoDateThatTheWholeDoesNotGive) {
  const Sample& sample = SampleOf(GetParam());
  ASSERT_FALSE(sample.whole.dates.empty());
  for (size_t size = 0; size < sample.bytes.size(); size += 64) {
    const Metadata metadata = Read(sample.format, sample.bytes.substr(0, size));
    for (const FoundDate& date : metadata.dates) {
      ASSERT_TRUE(IsAmong(date, sample.whole.dates)) << "at " << size;
    }
  }
}

TEST_P(HostileKind, ADamagedByteNeverStopsTheReading) {
  const Sample& sample = SampleOf(GetParam());
  std::string bytes = sample.bytes;
  // Every byte of the first KiB, where structures stand, then some.
  for (size_t at = 0; at < bytes.size(); at += at < 1024 ? 1 : 37) {
    const char good = bytes[at];
    bytes[at] = static_cast<char>(~good);
    const Metadata metadata = Read(sample.format, bytes);
    ASSERT_LE(metadata.dates.size() + metadata.rejected.size(), 20u);
    bytes[at] = good;
  }
}

INSTANTIATE_TEST_SUITE_P(HostileMetadata, HostileKind,
                         ::testing::Range<size_t>(0, std::size(kKinds)));

RC_GTEST_PROP(HostileMetadata, DamageAnywhereInAnyFormatNeverStopsTheReading, ()) {
  const Sample& sample = SampleOf(*rc::gen::inRange<size_t>(0, std::size(kKinds)));
  std::string bytes = sample.bytes;
  const auto damages = *rc::gen::container<std::vector<std::pair<size_t, char>>>(rc::gen::pair(
      rc::gen::inRange<size_t>(0, bytes.size()),
      rc::gen::element<char>('\0', '\1', '\x7f', '\x80', '\xff', 'I', 'M', '*', ':')));
  for (const auto& [at, byte] : damages) bytes[at] = byte;
  // Also read as what it is not.
  const auto format = static_cast<Format>(*rc::gen::inRange(0, static_cast<int>(Format::kMov) + 1));
  Read(sample.format, bytes);
  Read(format, bytes);
}

std::string Repeated(const std::string& text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

void ExpectQuick(const char* what, Format format, const std::string& bytes,
                 const std::string& sidecar = {}) {
  const auto start = std::chrono::steady_clock::now();
  Read(format, bytes, sidecar);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EXPECT_LT(took.count(), 10.0) << what;
  ::testing::Test::RecordProperty(what, std::to_string(took.count()));
}

TEST(HostileMetadata, DirectoriesThatPointAtEachOtherEnd) {
  // A directory whose next one, Exif and sub-directories are itself.
  const auto entry = [](uint16_t tag, uint16_t type, uint32_t count, uint32_t value) {
    return Number(tag, 2) + Number(type, 2) + Number(count, 4) + Number(value, 4);
  };
  const std::string head = "MM" + Number(42, 2) + Number(8, 4);
  ExpectQuick("cycle", Format::kTiff,
              head + Number(3, 2) + entry(0x8769, 4, 1, 8) + entry(0x8825, 4, 1, 8) +
                  entry(0x014A, 4, 1, 8) + Number(8, 4));
  // Very many entries, each of which wants the largest value, all in the same place.
  const size_t count = 4096;
  std::string directory = head + Number(count, 2);
  for (size_t i = 0; i < count; ++i) directory += entry(i % 2 == 0 ? 0x010E : 0x02BC, 2, 65536, 0);
  ExpectQuick("entries", Format::kTiff, directory + Number(8, 4) + std::string(1 << 20, 'x'));
  for (const uint32_t huge : {0xFFFFFFFFu, 0x80000000u, 0x15555556u}) {
    const std::string values = head + Number(2, 2) + entry(0x010F, 5, huge, huge) +
                               entry(0x0110, 2, huge, 0) + Number(huge, 4);
    ExpectQuick("huge", Format::kTiff, values);
  }
}

TEST(HostileMetadata, EndlessChainsOfPartsEnd) {
  ExpectQuick("chunks", Format::kPng,
              "\x89PNG\r\n\x1a\n" + Repeated(Number(0, 4) + "abcdABCD", 2 << 20));
  ExpectQuick(
      "blocks", Format::kGif,
      std::string("GIF89a\1\0\1\0\0\0\0", 13) + Repeated(std::string("!\xFE\0", 3), 8 << 20));
  ExpectQuick("boxes", Format::kMov, Repeated(BoxOf("free", ""), 4 << 20));
  ExpectQuick("nested", Format::kMov, Repeated(Number(0, 4) + "moov", 1 << 20));
  ExpectQuick("nested data", Format::kMov,
              Number(0, 4) + "moov" + Repeated(Number(0, 4) + "udta", 1 << 20));
  ExpectQuick("segments", Format::kJpeg,
              "\xFF\xD8" + Repeated(std::string("\xFF\xE1\0\2", 4), 4 << 20));
  std::string places = Number(2, 1) + Number(0, 3) + Number(0, 2) + Number(0xFFFFFFFF, 4);
  places += Repeated(Number(1, 4) + Number(0, 2) + Number(0, 2) + Number(0xFFFF, 2), 65536);
  ExpectQuick("items", Format::kHeic, BoxOf("meta", Number(0, 4) + BoxOf("iloc", places)));
}

TEST(HostileMetadata, XmpThatIsTooMuchIsRefusedOrReadInTime) {
  const auto packet = [](const std::string& inside) {
    return "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
           "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
           "xmlns:dc='http://purl.org/dc/elements/1.1/'>" +
           inside + "</rdf:Description></rdf:RDF></x:xmpmeta>";
  };
  const std::string picture = SampleOf(0).bytes;
  ExpectQuick("keywords", Format::kJpeg, picture,
              packet("<dc:subject><rdf:Bag>" + Repeated("<rdf:li>keyword</rdf:li>", 100'000) +
                     "</rdf:Bag></dc:subject>"));
  std::string elements;
  std::string attributes = "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'";
  for (int i = 0; i < 50'000; ++i) {
    const std::string name = "dc:p" + std::to_string(i);
    elements += "<" + name + ">text</" + name + ">";
    attributes += " " + name + " = ''";
  }
  ExpectQuick("properties", Format::kJpeg, picture, packet(elements));
  ExpectQuick("attributes", Format::kJpeg, picture, packet(attributes + "/>"));
  ExpectQuick("depth", Format::kJpeg, picture, packet(Repeated("<dc:a>", 400'000)));
  // One packet of a picture is read, not thousands.
  const std::string xmp = std::string("http://ns.adobe.com/xap/1.0/\0", 29) +
                          packet("<dc:subject><rdf:Bag>" + Repeated("<rdf:li>k</rdf:li>", 3000) +
                                 "</rdf:Bag></dc:subject>");
  ExpectQuick("packets", Format::kJpeg,
              "\xFF\xD8" + Repeated("\xFF\xE1" + Number(xmp.size() + 2, 2) + xmp, 500));
}

TEST(HostileMetadata, APacketOverTheLimitIsNotRead) {
  const auto entry = [](uint16_t tag, uint32_t count) {
    return Number(tag, 2) + Number(1, 2) + Number(count, 4) + Number(0, 4);
  };
  const std::string file = "MM" + Number(42, 2) + Number(8, 4) + Number(1, 2) +
                           entry(0x02BC, kSidecarLimit + 1) + Number(0, 4) +
                           std::string(kSidecarLimit, ' ');
  EXPECT_EQ(Read(Format::kTiff, file).problem, "its XMP cannot be read: it is too long");
}

TEST(HostileMetadata, NotMoreThanTheLimitIsReadOfAFile) {
  MemoryBytes file("0123456789");
  LimitedBytes limited(file, 8);
  char buffer[20];
  EXPECT_EQ(*limited.ReadAt(4, buffer, sizeof(buffer)), 6u) << "what is behind the end is free";
  EXPECT_EQ(*limited.ReadAt(0, buffer, 2), 2u);
  EXPECT_TRUE(absl::IsResourceExhausted(limited.ReadAt(0, buffer, 1).status()));
  EXPECT_TRUE(absl::IsResourceExhausted(limited.status())) << "from then on";
}

TEST(HostileMetadata, AFileThatCannotBeReadIsAProblem) {
  class Broken final : public Bytes {
   public:
    uint64_t size() const override { return 1000; }
    absl::StatusOr<size_t> ReadAt(uint64_t, char*, size_t) override {
      return absl::DataLossError("the disk is broken");
    }
  };
  for (const Kind& kind : kKinds) {
    Broken file;
    EXPECT_EQ(ReadMetadata(kind.format, file, {}).problem,
              "its metadata cannot be read: the disk is broken");
  }
}

TEST(HostileMetadata, ThreadsReadAtTheSameTime) {
  const std::vector<Sample> samples = {SampleOf(0), SampleOf(1), SampleOf(5)};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20; ++round) {
        for (const Sample& sample : samples) {
          const Metadata metadata = Read(sample.format, sample.bytes);
          EXPECT_EQ(metadata.dates.size(), sample.whole.dates.size());
          EXPECT_EQ(metadata.rating, "4");
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace syncline::images

// Libraries are judged by their bytes alone.
#include "host/catalog/library_file.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <fstream>
#include <string>

namespace syncline::catalog {
namespace {

std::string RealLibrary(const std::string& name = "unruly") {
  std::ifstream file(std::string(SYNCLINE_TEST_PROVIDERS) + "/" + name + ".so", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Put(std::string* bytes, size_t offset, uint64_t value, size_t width) {
  if (bytes->size() < offset + width) bytes->resize(offset + width);
  for (size_t i = 0; i < width; ++i) (*bytes)[offset + i] = static_cast<char>(value >> (8 * i));
}

// A DLL with one section that holds the text.
std::string MakeDll(std::string_view text, uint64_t machine = 0x8664, uint64_t flags = 0x2022) {
  std::string dll = "MZ";
  Put(&dll, 0x3c, 0x80, 4);
  Put(&dll, 0x80, 0x4550, 4);  // "PE\0\0"
  Put(&dll, 0x84, machine, 2);
  Put(&dll, 0x86, 1, 2);     // sections
  Put(&dll, 0x94, 0xf0, 2);  // size of the optional header
  Put(&dll, 0x96, flags, 2);
  const size_t section = 0x80 + 24 + 0xf0;
  Put(&dll, section + 16, text.size(), 4);
  Put(&dll, section + 20, 0x400, 4);
  dll.resize(0x400);
  return dll += text;
}

TEST(LibraryFile, AWholeProviderIsGood) {
  EXPECT_EQ(InspectLibrary(RealLibrary()), LibraryShape::kGood);
}

TEST(LibraryFile, OtherFilesAreNoProvider) {
  EXPECT_EQ(InspectLibrary("This is a text.\n"), LibraryShape::kNoProvider);
  EXPECT_EQ(InspectLibrary("#!/bin/sh\n"), LibraryShape::kNoProvider);
  EXPECT_EQ(InspectLibrary(RealLibrary("no_provider")), LibraryShape::kNoProvider);
  std::string program = RealLibrary();
  Put(&program, 16, 2, 2);  // ET_EXEC
  EXPECT_EQ(InspectLibrary(program), LibraryShape::kNoProvider);
}

TEST(LibraryFile, EveryTruncationIsIncomplete) {
  const std::string whole = RealLibrary();
  ASSERT_GT(whole.size(), 1000U);
  for (size_t length = 0; length < whole.size(); ++length) {
    ASSERT_EQ(InspectLibrary(std::string_view(whole).substr(0, length)), LibraryShape::kIncomplete)
        << length << " of " << whole.size();
  }
}

TEST(LibraryFile, FullLengthWithAnEmptyEndIsIncomplete) {
  const std::string whole = RealLibrary();
  for (const size_t tenth : {0, 1, 5, 9}) {
    std::string filling = whole.substr(0, whole.size() * tenth / 10);
    filling.resize(whole.size());
    const LibraryShape shape = InspectLibrary(filling);
    EXPECT_EQ(shape, tenth == 0 ? LibraryShape::kNoProvider : LibraryShape::kIncomplete) << tenth;
  }
}

TEST(LibraryFile, AnotherMachineIsTold) {
  std::string other = RealLibrary();
  Put(&other, 18, 0x1234, 2);
  EXPECT_EQ(InspectLibrary(other), LibraryShape::kWrongMachine);
}

TEST(LibraryFile, ReadsWindowsLibrariesToo) {
  EXPECT_EQ(InspectLibrary(MakeDll("syncline_entry_1")), LibraryShape::kWrongMachine);
  EXPECT_EQ(InspectLibrary(MakeDll("nothing of ours")), LibraryShape::kNoProvider);
  EXPECT_EQ(InspectLibrary(MakeDll("syncline_entry_1", 0x8664, 0x22)), LibraryShape::kNoProvider);
  const std::string dll = MakeDll("syncline_entry_1");
  EXPECT_EQ(InspectLibrary(dll.substr(0, dll.size() - 1)), LibraryShape::kIncomplete);
  EXPECT_EQ(InspectLibrary(dll.substr(0, 0x90)), LibraryShape::kIncomplete);
}

RC_GTEST_PROP(LibraryFile, DamageIsNeverReadBeyondTheEnd, ()) {
  static const std::string whole = RealLibrary();
  std::string damaged = whole.substr(0, *rc::gen::inRange<size_t>(0, whole.size() + 1));
  const size_t header = std::min<size_t>(damaged.size(), 64);
  for (int i = *rc::gen::inRange(0, 8); i > 0 && header > 0; --i) {
    damaged[*rc::gen::inRange<size_t>(0, header)] = *rc::gen::arbitrary<char>();
  }
  InspectLibrary(damaged);
}

}  // namespace
}  // namespace syncline::catalog

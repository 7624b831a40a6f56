#include "host/catalog/library_file.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace syncline::catalog {
namespace {

constexpr std::string_view kEntry = "syncline_entry_";

// Reads numbers of either byte order at any offset; nothing beyond the end.
class Bytes {
 public:
  Bytes(std::string_view bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

  std::optional<uint64_t> Number(uint64_t offset, size_t width) const {
    if (!Holds(offset, width)) return std::nullopt;
    uint64_t value = 0;
    for (size_t i = 0; i < width; ++i) {
      const size_t at = offset + (big_endian_ ? i : width - 1 - i);
      value = value << 8 | static_cast<unsigned char>(bytes_[at]);
    }
    return value;
  }
  bool Holds(uint64_t offset, uint64_t size) const {
    return offset <= bytes_.size() && size <= bytes_.size() - offset;
  }
  std::string_view Part(uint64_t offset, uint64_t size) const {
    return bytes_.substr(offset, size);
  }

 private:
  std::string_view bytes_;
  bool big_endian_;
};

// ---- ELF: System V gABI, chapters 4 and 5
// -----------------------------------------------------------

constexpr std::string_view kElfMagic =
    "\x7f"
    "ELF";
constexpr uint64_t kSharedObject = 3;  // ET_DYN
constexpr uint64_t kStringTable = 3;   // SHT_STRTAB
constexpr uint64_t kNoBits = 8;        // SHT_NOBITS: takes no room in the file

struct ElfLayout {
  size_t word;  // bytes of an address
  uint64_t header, program_offset, section_offset, counts;
  uint64_t segment_size, segment_offset, segment_bytes;
  uint64_t section_size, section_at, section_bytes;
};
constexpr ElfLayout kElf32 = {4, 52, 28, 32, 42, 32, 4, 16, 40, 16, 20};
constexpr ElfLayout kElf64 = {8, 64, 32, 40, 54, 56, 8, 32, 64, 24, 32};

// The machine number of this build, as e_machine has it; 0: not known, not checked.
constexpr uint64_t OwnElfMachine() {
#if defined(__x86_64__)
  return 62;
#elif defined(__aarch64__)
  return 183;
#elif defined(__i386__)
  return 3;
#elif defined(__arm__)
  return 40;
#elif defined(__riscv)
  return 243;
#elif defined(__powerpc64__)
  return 21;
#elif defined(__s390x__)
  return 22;
#else
  return 0;
#endif
}

constexpr bool IsElfSystem() {
#if defined(__ELF__)
  return true;
#else
  return false;
#endif
}

bool SegmentsAreThere(const Bytes& file, const ElfLayout& elf, uint64_t offset, uint64_t count) {
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t at = offset + i * elf.segment_size;
    const auto begin = file.Number(at + elf.segment_offset, elf.word);
    const auto size = file.Number(at + elf.segment_bytes, elf.word);
    if (!begin || !size || !file.Holds(*begin, *size)) return false;
  }
  return true;
}

// Also false where the table of section names is none: a file that got its full length first and
// its content later ends in zeros.
bool SectionsAreThere(const Bytes& file, const ElfLayout& elf, uint64_t offset, uint64_t count,
                      uint64_t names) {
  if (count == 0) return offset == 0;  // a library without sections loads as well
  if (names >= count) return false;
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t at = offset + i * elf.section_size;
    const auto type = file.Number(at + 4, 4);
    const auto begin = file.Number(at + elf.section_at, elf.word);
    const auto size = file.Number(at + elf.section_bytes, elf.word);
    if (!type || !begin || !size) return false;
    if (*type != kNoBits && !file.Holds(*begin, *size)) return false;
    if (i != names) continue;
    if (*type != kStringTable || *size < 2) return false;
    const std::string_view table = file.Part(*begin, *size);
    if (table.front() != '\0' || table.back() != '\0' || table[1] == '\0') return false;
  }
  return true;
}

LibraryShape InspectElf(std::string_view bytes) {
  if (bytes.size() < kElf32.header) return LibraryShape::kIncomplete;
  const bool wide = bytes[4] == 2, big_endian = bytes[5] == 2;
  const ElfLayout& elf = wide ? kElf64 : kElf32;
  if (bytes.size() < elf.header) return LibraryShape::kIncomplete;
  const Bytes file(bytes, big_endian);
  if (file.Number(16, 2) != kSharedObject) return LibraryShape::kNoProvider;
  const uint64_t segments = *file.Number(elf.program_offset, elf.word);
  const uint64_t sections = *file.Number(elf.section_offset, elf.word);
  // The five 16-bit numbers from e_phentsize to e_shstrndx.
  std::array<uint64_t, 5> n;
  for (size_t i = 0; i < n.size(); ++i) n[i] = *file.Number(elf.counts + 2 * i, 2);
  const auto [segment_size, segment_count, section_size, section_count, names] = n;
  if ((segment_count > 0 && segment_size != elf.segment_size) ||
      (section_count > 0 && section_size != elf.section_size) ||
      !file.Holds(segments, segment_count * elf.segment_size) ||
      !file.Holds(sections, section_count * elf.section_size) ||
      !SegmentsAreThere(file, elf, segments, segment_count) ||
      !SectionsAreThere(file, elf, sections, section_count, names)) {
    return LibraryShape::kIncomplete;
  }
  if (bytes.find(kEntry) == std::string_view::npos) return LibraryShape::kNoProvider;
  const bool own = IsElfSystem() && wide == (sizeof(void*) == 8) &&
                   big_endian == (std::endian::native == std::endian::big) &&
                   (OwnElfMachine() == 0 || file.Number(18, 2) == OwnElfMachine());
  return own ? LibraryShape::kGood : LibraryShape::kWrongMachine;
}

// ---- PE: Microsoft's "PE Format"
// --------------------------------------------------------------------

constexpr std::string_view kPeMagic = "MZ";
constexpr uint64_t kDllFlag = 0x2000;  // IMAGE_FILE_DLL

constexpr uint64_t OwnPeMachine() {
#if defined(_WIN32) && defined(__x86_64__)
  return 0x8664;
#elif defined(_WIN32) && defined(__aarch64__)
  return 0xaa64;
#elif defined(_WIN32) && defined(__i386__)
  return 0x14c;
#else
  return 0;  // none: no PE file runs here
#endif
}

LibraryShape InspectPe(std::string_view bytes) {
  const Bytes file(bytes, /*big_endian=*/false);
  const auto start = file.Number(0x3c, 4);
  if (!start || !file.Holds(*start, 24)) return LibraryShape::kIncomplete;
  if (file.Part(*start, 4) != std::string_view("PE\0\0", 4)) return LibraryShape::kNoProvider;
  const uint64_t sections = *file.Number(*start + 6, 2);
  const uint64_t options = *file.Number(*start + 20, 2);
  if ((*file.Number(*start + 22, 2) & kDllFlag) == 0) return LibraryShape::kNoProvider;
  for (uint64_t i = 0; i < sections; ++i) {
    const uint64_t at = *start + 24 + options + i * 40;
    const auto size = file.Number(at + 16, 4), begin = file.Number(at + 20, 4);
    if (!size || !begin || !file.Holds(*begin, *size)) return LibraryShape::kIncomplete;
  }
  if (bytes.find(kEntry) == std::string_view::npos) return LibraryShape::kNoProvider;
  return file.Number(*start + 4, 2) == OwnPeMachine() ? LibraryShape::kGood
                                                      : LibraryShape::kWrongMachine;
}

}  // namespace

LibraryShape InspectLibrary(std::string_view bytes) {
  if (bytes.empty()) return LibraryShape::kIncomplete;  // a copy has just begun
  if (bytes.starts_with(kElfMagic)) return InspectElf(bytes);
  if (bytes.size() < kElfMagic.size() && kElfMagic.starts_with(bytes)) {
    return LibraryShape::kIncomplete;
  }
  if (bytes.starts_with(kPeMagic)) return InspectPe(bytes);
  return LibraryShape::kNoProvider;
}

}  // namespace syncline::catalog

#include "host/worker/probe.h"

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>
#include <filesystem>
#include <memory>
#include <string_view>

#include "host/protocol/text.h"
#include "syncline/provider.h"

namespace syncline::worker {
namespace {

constexpr int kLastMajorLookedFor = 9;

// The loader's own words, out of what Boost.DLL wraps around them.
std::string LoaderReason(std::string_view what) {
  constexpr std::string_view kBefore = "(dlerror system message: ";
  const size_t begin = what.find(kBefore);
  if (begin == std::string_view::npos) return std::string(what);
  what.remove_prefix(begin + kBefore.size());
  return std::string(what.substr(0, what.rfind(')')));
}

std::string EntryName(int major) { return Cat("syncline_entry_", major); }

}  // namespace

protocol::ProbeAnswer Probe(const std::string& file) {
  using Library = boost::dll::shared_library;
  protocol::ProbeAnswer answer;
  std::unique_ptr<Library> loaded;
  try {
    // All symbols at once: what is missing shows now, not in the middle of a sync.
    loaded =
        std::make_unique<Library>(std::filesystem::u8path(file), boost::dll::load_mode::rtld_now);
  } catch (const boost::dll::fs::system_error& error) {
    answer.reason = Cat("cannot be loaded: ", LoaderReason(error.what()));
    return answer;
  }
  const Library& library = *loaded.release();  // stays loaded until the process ends

  if (!library.has(EntryName(SYNCLINE_ABI_MAJOR))) {
    for (int major = SYNCLINE_ABI_MAJOR + 1; major <= kLastMajorLookedFor; ++major) {
      if (!library.has(EntryName(major))) continue;
      answer.abi_major = major;
      answer.reason = Cat("is made for version ", major,
                          " of the plug-in interface, this Syncline speaks ", SYNCLINE_ABI_MAJOR);
      break;
    }
    return answer;
  }
  const auto& entry = library.get<const syncline_entry>(EntryName(SYNCLINE_ABI_MAJOR));
  answer.abi_major = SYNCLINE_ABI_MAJOR;
  if (!SYNCLINE_HAS(&entry, create) || entry.abi_major != SYNCLINE_ABI_MAJOR ||
      entry.create == nullptr || entry.manifest.ptr == nullptr) {
    answer.reason = Cat("its ", EntryName(SYNCLINE_ABI_MAJOR),
                        " is not filled in: struct_size, abi_major, manifest or create is wrong");
    return answer;
  }
  answer.is_provider = true;
  answer.abi_minor = entry.abi_minor;
  answer.manifest.assign(entry.manifest.ptr, entry.manifest.len);
  return answer;
}

}  // namespace syncline::worker

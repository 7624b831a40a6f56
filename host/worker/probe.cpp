#include "host/worker/probe.h"

#include <string_view>

#include "absl/status/statusor.h"
#include "host/protocol/text.h"
#include "host/worker/library.h"
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

}  // namespace

protocol::ProbeAnswer Probe(const std::string& file) {
  protocol::ProbeAnswer answer;
  const absl::StatusOr<Library> library = Library::Load(file);
  if (!library.ok()) {
    answer.reason =
        Cat("cannot be loaded: ", LoaderReason(std::string(library.status().message())));
    return answer;
  }

  if (!library->HasEntry(SYNCLINE_ABI_MAJOR)) {
    for (int major = SYNCLINE_ABI_MAJOR + 1; major <= kLastMajorLookedFor; ++major) {
      if (!library->HasEntry(major)) continue;
      answer.abi_major = major;
      answer.reason = Cat("is made for version ", major,
                          " of the plug-in interface, this Syncline speaks ", SYNCLINE_ABI_MAJOR);
      break;
    }
    return answer;
  }
  const syncline_entry& entry = library->entry();
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

// Loading a provider's library. See library.h.
#include "host/worker/library.h"

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>
#include <filesystem>
#include <memory>

#include "host/protocol/text.h"

namespace syncline::worker {

std::string EntryName(int major) { return Cat("syncline_entry_", major); }

absl::StatusOr<Library> Library::Load(const std::string& file) {
  using Loaded = boost::dll::shared_library;
  std::unique_ptr<Loaded> loaded;
  try {
    loaded =
        std::make_unique<Loaded>(std::filesystem::u8path(file), boost::dll::load_mode::rtld_now);
  } catch (const boost::dll::fs::system_error& error) {
    return absl::FailedPreconditionError(error.what());
  }
  return Library(*loaded.release());  // stays loaded until the process ends
}

bool Library::HasEntry(int major) const { return loaded_->has(EntryName(major)); }

const syncline_entry& Library::entry() const {
  return loaded_->get<const syncline_entry>(EntryName(SYNCLINE_ABI_MAJOR));
}

absl::StatusOr<const syncline_entry*> LoadProvider(const std::string& file) {
  const absl::StatusOr<Library> library = Library::Load(file);
  if (!library.ok()) {
    return absl::FailedPreconditionError(
        Cat("the provider cannot be loaded: ", std::string(library.status().message())));
  }
  if (!library->HasEntry(SYNCLINE_ABI_MAJOR)) {
    return absl::FailedPreconditionError(
        Cat("the provider has no ", EntryName(SYNCLINE_ABI_MAJOR)));
  }
  return &library->entry();
}

}  // namespace syncline::worker

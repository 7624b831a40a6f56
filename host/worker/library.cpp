// Loading a provider's library. See library.h.
#include "host/worker/library.h"

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>
#include <filesystem>
#include <memory>

#include "host/protocol/text.h"

namespace syncline::worker {

absl::StatusOr<const syncline_entry*> LoadProvider(const std::string& file) {
  using Library = boost::dll::shared_library;
  std::unique_ptr<Library> loaded;
  try {
    loaded =
        std::make_unique<Library>(std::filesystem::u8path(file), boost::dll::load_mode::rtld_now);
  } catch (const boost::dll::fs::system_error& error) {
    return absl::FailedPreconditionError(Cat("the provider cannot be loaded: ", error.what()));
  }
  const Library& library = *loaded.release();  // stays loaded until the process ends
  const std::string name = Cat("syncline_entry_", SYNCLINE_ABI_MAJOR);
  if (!library.has(name)) {  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): kept on purpose
    return absl::FailedPreconditionError(Cat("the provider has no ", name));
  }
  return &library.get<const syncline_entry>(name);
}

}  // namespace syncline::worker

// Private copies of libraries, named by their content. Workers load only these: a plug-in can be
// replaced while it is in use, and what was checked is what runs.
#ifndef SYNCLINE_HOST_CATALOG_LIBRARY_CACHE_H_
#define SYNCLINE_HOST_CATALOG_LIBRARY_CACHE_H_

#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace syncline::catalog {

// Any thread; several processes may use one folder.
class LibraryCache {
 public:
  explicit LibraryCache(std::string folder) : folder_(std::move(folder)) {}

  // XXH3-128 in hex. Names copies; it is no guard against forgery, which the folder's permissions
  // are.
  static std::string Hash(std::string_view bytes);
  // Makes sure that the copy is there; returns its path.
  absl::StatusOr<std::string> Keep(const std::string& hash, std::string_view bytes) const;
  std::string Path(const std::string& hash) const;
  bool Has(const std::string& hash) const;
  // Removes copies that are not in use and older than a day: another process may just have made
  // one.
  void RemoveOld(const std::set<std::string>& hashes_in_use, absl::Time now) const;

 private:
  std::string folder_;
};

}  // namespace syncline::catalog

#endif  // SYNCLINE_HOST_CATALOG_LIBRARY_CACHE_H_

// CancelToken of types.h.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "host/session/types.h"

namespace syncline {

void CancelToken::CancelAll() {
  absl::MutexLock lock(&mutex_);
  all_ = true;
}

void CancelToken::CancelItem(std::string_view id) {
  absl::MutexLock lock(&mutex_);
  items_.emplace_back(id);
}

bool CancelToken::IsAllCancelled() const {
  absl::MutexLock lock(&mutex_);
  return all_;
}

bool CancelToken::IsCancelled(std::string_view id) const {
  absl::MutexLock lock(&mutex_);
  return all_ || std::any_of(items_.begin(), items_.end(), [id](const std::string& item) {
           return absl::EqualsIgnoreCase(item, absl::string_view(id.data(), id.size()));
         });
}

}  // namespace syncline

// What a provider remembers of one side from turn to turn: the host's ability "syncline.memory".
// Reads come from the baseline, on a connection of this object's own; what is remembered waits here
// until the engine's next commit.
#ifndef SYNCLINE_HOST_ENGINE_MEMORY_H_
#define SYNCLINE_HOST_ENGINE_MEMORY_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/baseline.h"

namespace syncline::engine {

// One thread at a time, as the provider's [replica] calls are.
class Memory {
 public:
  // From now on there is something to remember in. baseline must outlive the reads.
  void Attach(const storage::Baseline* baseline, storage::Side side);
  // NotFound: nothing is remembered under this name, or nothing is attached.
  absl::StatusOr<std::string> Recall(std::string_view name);
  void Remember(std::string_view name, std::string_view value);  // empty: forget
  // Puts what waits into the baseline's transaction.
  absl::Status Save(storage::Baseline* baseline);

 private:
  const storage::Baseline* baseline_ = nullptr;
  storage::Side side_ = storage::Side::kA;
  std::unique_ptr<storage::MemoryReader> reader_;  // opened by the first Recall()
  std::map<std::string, std::string, std::less<>> waiting_;
};

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_MEMORY_H_

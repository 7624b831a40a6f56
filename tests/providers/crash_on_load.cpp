// Crashes while it is being loaded: a static constructor writes through a bad pointer.
#include "tests/providers/harm.h"
#include "tests/providers/simple_folder.h"

namespace {
struct AtLoad {
  AtLoad() { syncline::testing::Crash(); }
};
const AtLoad at_load;
}  // namespace

SYNCLINE_PROVIDER(syncline::testing::SimpleFolder,
                  R"({"id": "crash-on-load", "name": "Crash on load", "version": "1.0.0"})");

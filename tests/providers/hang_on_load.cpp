// Never comes back from being loaded: a static constructor sleeps.
#include "tests/providers/harm.h"
#include "tests/providers/simple_folder.h"

namespace {
struct AtLoad {
  AtLoad() { syncline::testing::HangForEver(); }
};
const AtLoad at_load;
}  // namespace

SYNCLINE_PROVIDER(syncline::testing::SimpleFolder,
                  R"({"id": "hang-on-load", "name": "Hang on load", "version": "1.0.0"})");

// Throws while it is being loaded: a static constructor lets an exception out.
#include <stdexcept>

#include "tests/providers/simple_folder.h"

namespace {
struct AtLoad {
  AtLoad() { throw std::runtime_error("thrown while loading"); }
};
const AtLoad at_load;
}  // namespace

SYNCLINE_PROVIDER(syncline::testing::SimpleFolder,
                  R"({"id": "throws-on-load", "name": "Throws on load", "version": "1.0.0"})");

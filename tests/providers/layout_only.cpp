// Knows where its records belong, but cannot move them.
#include "tests/providers/simple_folder.h"

namespace {

class LayoutOnly : public syncline::testing::SimpleFolder {
 public:
  using SimpleFolder::SimpleFolder;
  void arrange(const syncline::Call& call, syncline::Fields wanted) {
    for (const syncline::Record& record : List(call)) {
      wanted.Push(record.id, "x" + record.id, record.version);
    }
  }
};

}  // namespace

SYNCLINE_PROVIDER(LayoutOnly,
                  R"({"id": "layout-only", "name": "Layout only", "version": "1.0.0"})");

// Knows where its records belong, but cannot move them.
#include "tests/providers/simple_folder.h"

namespace {

class LayoutOnly : public syncline::testing::SimpleFolder {
 public:
  using SimpleFolder::SimpleFolder;
  void arrange(const syncline::Call& call, syncline::Records wanted) {
    for (const syncline::Record& record : List(call)) {
      const std::string key = "x" + record.id;
      syncline::RecordView moved = record;
      moved.key = key;
      wanted.Push(moved);
    }
  }
};

}  // namespace

SYNCLINE_PROVIDER(LayoutOnly,
                  R"({"id": "layout-only", "name": "Layout only", "version": "1.0.0"})");

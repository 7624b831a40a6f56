// Remembers how often each side was listed, and tells it with the direction in an event.
#include "tests/providers/simple_folder.h"

namespace {

class Remembering : public syncline::testing::SimpleFolder {
 public:
  using SimpleFolder::SimpleFolder;
  void enumerate(const syncline::Call& call, syncline::Records records) {
    const int listings = std::stoi(host().Recall("listings").value_or("0")) + 1;
    host().Remember("listings", std::to_string(listings));
    host().Event(SYNCLINE_INFO, "",
                 "listing " + std::to_string(listings) + ", direction " +
                     std::string(host().Setting("direction")));
    SimpleFolder::enumerate(call, records);
  }
};

}  // namespace

SYNCLINE_PROVIDER(Remembering,
                  R"({"id": "remembering", "name": "Remembering", "version": "1.0.0"})");

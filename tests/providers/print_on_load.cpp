// Works, but prints to stdout and stderr while it is loaded and in every call. Its id is "printer".
#include <cstdio>

#include "tests/providers/simple_folder.h"

namespace {

namespace sl = syncline;

void Print(const char* where) {
  std::printf("printer: %s on stdout\n", where);
  std::fflush(stdout);
  std::fprintf(stderr, "printer: %s on stderr\n", where);
}

struct AtLoad {
  AtLoad() { Print("load"); }
};
const AtLoad at_load;

class Printer : public sl::testing::SimpleFolder {
 public:
  explicit Printer(sl::Host host) : SimpleFolder(host) { Print("create"); }
  ~Printer() { Print("destroy"); }

  sl::Replica open(const sl::Call& call) {
    Print("open");
    return SimpleFolder::open(call);
  }
  void enumerate(const sl::Call& call, sl::Records records) {
    Print("enumerate");
    SimpleFolder::enumerate(call, records);
  }
  sl::Record read(const sl::Call& call, std::string_view id, sl::ByteSink content) {
    Print("read");
    return SimpleFolder::read(call, id, content);
  }
  sl::Record write(const sl::Call& call, const sl::WriteOrder& order, sl::ByteSource content) {
    Print("write");
    return SimpleFolder::write(call, order, content);
  }
  void remove(const sl::Call& call, const sl::RemoveOrder& order) {
    Print("remove");
    SimpleFolder::remove(call, order);
  }
};

}  // namespace

SYNCLINE_PROVIDER(Printer, R"({"id": "printer", "name": "Printer", "version": "1.0.0"})");

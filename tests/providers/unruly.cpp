// A flat folder of files whose names and settings say how it misbehaves.
//
// Names (read and write, in the middle of the content): crash* writes through a bad pointer, hang*
// sleeps for ever, slow* takes 10 steps of 200 ms and honours cancelled(), kill* raises SIGKILL,
// abort* aborts, exit* leaves the process with 0, fail* returns FAILED with an explanation.
// Settings: see the manifest at the end.
#include "tests/providers/harm.h"
#include "tests/providers/simple_folder.h"

namespace {

namespace sl = syncline;

class Unruly : public sl::testing::SimpleFolder {
 public:
  explicit Unruly(sl::Host host) : SimpleFolder(host) {}

  sl::Replica open(const sl::Call& call) {
    if (Is("crash_in", "open")) sl::testing::Crash();
    sl::Replica replica = SimpleFolder::open(call);
    replica.ordered = !Is("unordered", "yes");
    return replica;
  }

  void enumerate(const sl::Call& call, sl::Records records) {
    std::vector<sl::Record> all = List(call);
    if (Is("unordered", "yes") || Is("lie", "yes")) std::reverse(all.begin(), all.end());
    for (size_t i = 0; i < all.size(); ++i) {
      if (i == all.size() / 2) MisbehaveHalfWay();
      records.Push(all[i]);
      if (i == 0 && Is("twice", "yes")) records.Push(all[i]);
    }
    if (all.empty()) MisbehaveHalfWay();
  }

  sl::Record read(const sl::Call& call, std::string_view id, sl::ByteSink content) {
    Look(id);
    const std::string text = ContentOf(Place(id));
    content.Write(std::string_view(text).substr(0, text.size() / 2));
    Misbehave(call, id, text.size());
    content.Write(std::string_view(text).substr(text.size() / 2));
    return Look(id);
  }

  sl::Record write(const sl::Call& call, const sl::WriteOrder& order, sl::ByteSource content) {
    const std::filesystem::path place = PlaceOf(order);
    sl::AtomicFile file(host(), place);
    const std::string text = content.ReadAll();
    file.Write(std::string_view(text).substr(0, text.size() / 2));
    Misbehave(call, sl::TextOf(place.filename()), text.size());
    file.Write(std::string_view(text).substr(text.size() / 2));
    Expect(place, order.expected_version);
    file.Commit();
    return Look(sl::TextOf(place.filename()));
  }

 private:
  bool Is(std::string_view setting, std::string_view value) const {
    const std::string_view only = host().Setting("only_side");
    const bool here = only.empty() || only == "both" || only == host().Setting("side");
    return here && host().Setting(setting) == value;
  }

  void MisbehaveHalfWay() const {
    if (Is("crash_in", "enumerate")) sl::testing::Crash();
    if (Is("partial", "yes")) {
      throw sl::Error(SYNCLINE_FAILED, "The listing broke off half way, as the settings ask.");
    }
  }

  static void Misbehave(const sl::Call& call, std::string_view id, uint64_t size) {
    if (id.starts_with("crash")) sl::testing::Crash();
    if (id.starts_with("hang")) sl::testing::HangForEver();
    if (id.starts_with("abort")) std::abort();
    if (id.starts_with("exit")) std::_Exit(0);
    if (id.starts_with("fail")) {
      throw sl::Error(SYNCLINE_FAILED, "\"" + std::string(id) + "\" fails, as its name asks.",
                      "detail of the failure");
    }
#if defined(SIGKILL)
    if (id.starts_with("kill")) std::raise(SIGKILL);
#endif
    for (uint64_t step = 1; id.starts_with("slow") && step <= 10; ++step) {
      for (int part = 0; part < 10; ++part) {
        call.ThrowIfCancelled();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
      call.Progress(size * step / 10, size);
    }
  }
};

}  // namespace

SYNCLINE_PROVIDER(Unruly, R"({"id": "unruly", "name": "Unruly", "version": "1.0.0", "settings": [
  {"key": "crash_in", "type": "choice", "choices": ["none", "open", "enumerate"],
   "default": "none", "label": "Crash in"},
  {"key": "unordered", "type": "yesno", "default": "no", "label": "Push in reverse order"},
  {"key": "lie", "type": "yesno", "default": "no", "label": "Push in reverse, say ascending"},
  {"key": "twice", "type": "yesno", "default": "no", "label": "Push the first record twice"},
  {"key": "partial", "type": "yesno", "default": "no", "label": "Fail half way in the listing"},
  {"key": "only_side", "type": "choice", "choices": ["both", "a", "b"], "default": "both",
   "label": "Side for which these hold"}]})");

// How a session looks while it runs: bars on a terminal, plain lines in a log, JSON lines for a
// program, or nothing.
#ifndef SYNCLINE_HOST_CLI_PROGRESS_H_
#define SYNCLINE_HOST_CLI_PROGRESS_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "host/cli/output.h"
#include "host/handler/handler.h"
#include "nlohmann/json.hpp"

namespace syncline::cli {

enum class ProgressKind : uint8_t { kBar, kPlain, kJson, kNone };

struct ProgressOptions {
  ProgressKind kind = ProgressKind::kPlain;
  bool to_stderr = false;     // stdout belongs to a document
  bool quiet = false;         // nothing but errors, and those on stderr
  bool print_plan = false;    // lines of a dry run, for people
  bool collect_plan = false;  // keeps them for a document
};

// Passes on what happens in a session. Any thread.
class ProgressDisplay : public ProgressSink {
 public:
  ProgressDisplay(Output* output, const Console* console, const ProgressOptions& options);

  CancelRequest OnProgress(const ProgressSnapshot& snapshot) override;
  void OnEvent(const EventInfo& event) override;
  void OnConflict(const ConflictInfo& conflict) override;
  void OnPlan(const std::string& item, const protocol::PlanEntry& entry) override;
  void OnItemDiscovered(const SyncItem& item) override;

  // A line from beside the session, such as the answer to Ctrl-C.
  void Note(const std::string& text) ABSL_LOCKS_EXCLUDED(mutex_);
  // Takes the bars away; what is printed after it stays. Also from a destructor's or a second
  // Ctrl-C's point of view: waits for nobody when try_only is set.
  void Finish(bool try_only = false);

  // With --progress=json: one more line, of the given type.
  void JsonLine(const char* type, const nlohmann::ordered_json& fields);

  // Lines of a dry run by item id, if they were collected.
  std::map<std::string, nlohmann::ordered_json> TakePlans();

 protected:
  virtual void Show(const ProgressSnapshot& snapshot) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  virtual void Clear() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {}

  void Write(std::string_view bytes);
  void PrintLine(const Line& line) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  const Output& output() const { return *output_; }
  const Console& console() const { return *console_; }
  bool print_plan() const { return options_.print_plan; }
  bool colour() const { return options_.to_stderr ? output_->err_colour() : output_->out_colour(); }

  absl::Mutex mutex_;

 private:
  void TellEvent(const EventInfo& event) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string NameOf(const std::string& item) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // A warning, error or conflict of an item; after a number of them only the first line that says
  // so.
  void Notice(const std::string& item, const Line& line, bool error)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Output* const output_;
  const Console* const console_;
  const ProgressOptions options_;
  std::map<std::string, std::string> names_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int> notices_ ABSL_GUARDED_BY(mutex_);
  // Warnings about items as a whole wait for the end: the one that ended an item is its summary.
  std::vector<EventInfo> held_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> messages_ ABSL_GUARDED_BY(mutex_);  // at items' ends
  std::set<int64_t> conflicts_told_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, nlohmann::ordered_json> plans_ ABSL_GUARDED_BY(mutex_);
};

std::unique_ptr<ProgressDisplay> MakeProgressDisplay(Output* output, const Console* console,
                                                     const ProgressOptions& options);

// The bars as they stand at one moment, for a terminal of that size: one line for each running
// item, and one in all when there are several items. No line is wider than the terminal less one
// column (a full line makes some terminals wrap), and there is one line less than it has rows.
std::vector<Line> RenderBars(const std::vector<ProgressSnapshot>& running,
                             const ProgressSnapshot& all, TerminalSize size);

// What an item does in a phase; brief: in one word, where there is little room.
const char* PhaseInWords(protocol::Phase phase, bool brief);

// "1,234 of 5,000 records (25 %), 3.2 MiB/s, about 12 s left"
std::string ProgressText(const ProgressSnapshot& snapshot);

}  // namespace syncline::cli

#endif  // SYNCLINE_HOST_CLI_PROGRESS_H_

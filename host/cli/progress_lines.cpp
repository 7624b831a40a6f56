// Progress as plain lines, for logs and pipes: an item's start and end, and now and then where it
// is.
#include <set>

#include "absl/strings/str_cat.h"
#include "host/cli/item_text.h"
#include "host/cli/progress.h"
#include "host/cli/progress_bars.h"
#include "host/cli/text.h"

namespace syncline::cli {
namespace {

// Often enough to see life, rare enough for a log of an hour.
constexpr absl::Duration kBetweenLines = absl::Seconds(5);
// With more items, starts are left out: the ends tell enough.
constexpr int kManyItems = 20;

class PlainDisplay : public ProgressDisplay {
 public:
  PlainDisplay(Output* output, const Console* console, const ProgressOptions& options)
      : ProgressDisplay(output, console, options), last_(console->clock->Monotonic()) {}

 protected:
  void Show(const ProgressSnapshot& s) override ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    using State = ProgressSnapshot::State;
    const bool whole = s.item.empty();
    if (!whole && s.state == State::kEnded) {
      // The summary tells the end of a single item, and the plan that of a dry run.
      if (!print_plan() && s.items_total > 1)
        PrintLine({s.name + ": ", ResultSpan(protocol::ResultName(s.result))});
      return;
    }
    if (s.state != State::kRunning) return;
    if (!whole && !print_plan() && s.items_total <= kManyItems && started_.insert(s.item).second) {
      PrintLine({s.name + ": started"});
    }
    // Of several items only the sum is shown.
    if (whole != (s.items_total > 1)) return;
    const absl::Duration now = console().clock->Monotonic();
    if (now - last_ < kBetweenLines) return;
    last_ = now;
    const std::string items = absl::StrCat(s.items_done, " of ", s.items_total, " items, ");
    PrintLine({absl::StrCat(whole ? "all: " + items : s.name + ": ", ProgressText(s))});
  }

 private:
  absl::Duration last_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> started_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

const char* PhaseInWords(protocol::Phase phase, bool brief) {
  switch (phase) {
    case protocol::Phase::kStarting:
      return "starting";
    case protocol::Phase::kScanning:
      return brief ? "looking" : "looking at both sides";
    case protocol::Phase::kPlanning:
      return "comparing";
    case protocol::Phase::kApplying:
      return "syncing";
    case protocol::Phase::kFinishing:
      return "finishing";
  }
  return "";
}

std::string ProgressText(const ProgressSnapshot& s) {
  std::string text;
  if (!s.item.empty()) absl::StrAppend(&text, PhaseInWords(s.phase, false), ", ");
  if (s.records_total > 0) {
    absl::StrAppend(&text, HumanCount(s.records_done), " of ", Plural(s.records_total, "record"),
                    " (", 100 * std::min(s.records_done, s.records_total) / s.records_total, " %)");
  } else {
    absl::StrAppend(&text, Plural(s.records_scanned, "record"), " seen");
  }
  if (s.bytes_done > 0) {
    absl::StrAppend(&text, ", ", HumanBytes(static_cast<double>(s.bytes_done)));
    if (s.bytes_total > 0) {
      absl::StrAppend(&text, " of ", HumanBytes(static_cast<double>(s.bytes_total)));
    }
  }
  if (s.bytes_per_second >= 1) {
    absl::StrAppend(&text, ", ", HumanBytes(s.bytes_per_second), "/s");
  }
  if (s.time_left != absl::InfiniteDuration()) {
    absl::StrAppend(&text, ", about ", HumanDuration(absl::ToDoubleSeconds(s.time_left)), " left");
  }
  return text;
}

std::unique_ptr<ProgressDisplay> MakeProgressDisplay(Output* output, const Console* console,
                                                     const ProgressOptions& options) {
  switch (options.kind) {
    case ProgressKind::kBar:
      return std::make_unique<BarDisplay>(output, console, options);
    case ProgressKind::kPlain:
      return std::make_unique<PlainDisplay>(output, console, options);
    case ProgressKind::kJson:
    case ProgressKind::kNone:
      break;
  }
  return std::make_unique<ProgressDisplay>(output, console, options);
}

}  // namespace syncline::cli

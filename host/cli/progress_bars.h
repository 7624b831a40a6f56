// Progress bars, drawn again and again in place at the bottom of a terminal.
#ifndef SYNCLINE_HOST_CLI_PROGRESS_BARS_H_
#define SYNCLINE_HOST_CLI_PROGRESS_BARS_H_

#include <vector>

#include "host/cli/progress.h"

namespace syncline::cli {

// Draws at most 30 times a second. It changes no mode of the terminal (cursor, wrapping), so a
// program that is killed leaves nothing to repair.
class BarDisplay : public ProgressDisplay {
 public:
  BarDisplay(Output* output, const Console* console, const ProgressOptions& options);
  ~BarDisplay() override { Finish(); }

 protected:
  void Show(const ProgressSnapshot& snapshot) override ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Clear() override ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

 private:
  void Draw() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::vector<ProgressSnapshot> running_ ABSL_GUARDED_BY(mutex_);  // in the order of their start
  ProgressSnapshot all_ ABSL_GUARDED_BY(mutex_);
  TerminalSize size_ ABSL_GUARDED_BY(mutex_);
  absl::Duration size_asked_ ABSL_GUARDED_BY(mutex_);
  absl::Duration drawn_at_ ABSL_GUARDED_BY(mutex_);
  int drawn_lines_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace syncline::cli

#endif  // SYNCLINE_HOST_CLI_PROGRESS_BARS_H_

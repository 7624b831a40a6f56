// Summaries.
#include "host/cli/summary.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "host/cli/text.h"

namespace syncline::cli {
namespace {

using protocol::Counts;
using protocol::Result;

// With more items, those with nothing to tell are told as a number.
constexpr size_t kManyItems = 20;

std::string CountsInWords(const Counts& counts, bool dry_run) {
  std::vector<std::string> parts;
  const auto add = [&](uint64_t n, const char* done, const char* to_do) {
    if (n > 0) parts.push_back(absl::StrCat(HumanCount(n), " ", dry_run ? to_do : done));
  };
  add(counts.created, "created", "to create");
  add(counts.updated, "updated", "to update");
  add(counts.moved, "moved", "to move");
  add(counts.removed, "removed", "to remove");
  add(counts.merged, "merged", "to merge");
  add(counts.adopted, "found equal", "found equal");
  add(counts.skipped, "skipped", "to skip");
  return absl::StrJoin(parts, ", ");
}

bool WentWrong(Result result) {
  return result == Result::kPartial || result == Result::kBusy || result == Result::kStopped ||
         result == Result::kFailed;
}

std::string Verb(Result result) {
  switch (result) {
    case Result::kDone:
    case Result::kConflicts:
      return "done";
    case Result::kPartial:
      return "done in part";
    case Result::kBusy:
      return "is busy";
    case Result::kStopped:
      return "was stopped";
    case Result::kFailed:
      return "failed";
    case Result::kCancelled:
      return "cancelled";
  }
  return "";
}

// What to do now, as a command.
std::string Next(const ItemReport& item, int64_t session) {
  const std::string name = ItemWord(item.name, item.item);
  const bool all_told = item.reasons_told >= std::max<uint64_t>(1, item.counts.failed);
  const std::string events =
      absl::StrCat("syncline events --item ", name, " --level warning",
                   session > 0 && all_told ? absl::StrCat(" --session ", session) : "");
  switch (item.result) {
    case Result::kDone:
    case Result::kConflicts:
      return "";
    case Result::kPartial:
      // What a dry run finds is told at once and stored nowhere.
      if (session == 0 && all_told) return "";
      return absl::StrCat(item.message.empty() ? "They are tried again by the next sync. " : "",
                          "Reasons: ", events);
    case Result::kBusy:
      return absl::StrCat("When that is over: syncline sync ", name);
    case Result::kStopped:
      for (const char* option : {"--accept-root", "--allow-deletes"}) {
        if (absl::StrContains(item.message, option)) {
          return absl::StrCat("To go on: syncline sync ", name, " ", option);
        }
      }
      return absl::StrCat("Then: syncline sync ", name);
    case Result::kFailed:
      return absl::StrCat("More: ", events, ". To try again: syncline sync ", name);
    case Result::kCancelled:
      return absl::StrCat("To go on: syncline sync ", name);
  }
  return "";
}

void PrintItemSummary(Output& output, const ItemReport& item, int64_t session, bool dry_run) {
  const Counts& counts = item.counts;
  std::string words = CountsInWords(counts, dry_run);
  if (words.empty()) {
    words = item.result == Result::kDone ? "nothing to do" : "";
    if (!words.empty() && counts.unchanged > 0) {
      absl::StrAppend(&words, ", ", Plural(counts.unchanged, "record"), " in step");
    }
  }
  if (counts.bytes > 0) {
    absl::StrAppend(&words, words.empty() ? "" : ", ",
                    HumanBytes(static_cast<double>(counts.bytes)));
  }
  const bool good = item.result == Result::kDone || item.result == Result::kConflicts;
  Line line = {Span(item.name, Style::kBold), ": "};
  if (!dry_run || !good) {
    line.emplace_back(Verb(item.result), good ? Style::kGood : Style::kWarn);
    if (!dry_run) line.emplace_back(absl::StrCat(" in ", HumanDuration(item.seconds)));
    if (!words.empty()) line.emplace_back(": ");
  }
  line.emplace_back(words);
  output.Print(line);
  if (counts.conflicts > 0) {
    const std::string n = Plural(counts.conflicts, "conflict");
    output.Print(
        {"  ",
         Span(absl::StrCat(n, dry_run ? " would wait for a decision" : " wait"), Style::kWarn),
         dry_run ? ""
                 : absl::StrCat(counts.conflicts == 1 ? "s" : "", ": syncline conflicts ",
                                ItemWord(item.name, item.item))});
  }
  if (item.result == Result::kCancelled) output.Print({"  ", Next(item, session)});
}

void PrintProblem(Output& output, const ItemReport& item, int64_t session) {
  std::string text;
  if (item.result == Result::kPartial) {
    text = item.message.empty()
               ? absl::StrCat(": ", Plural(item.counts.failed, "record"), " could not be synced")
               : absl::StrCat(": ", item.message);
  } else if (!item.message.empty()) {
    text = absl::StrCat(": ", item.message);
  }
  const std::string next = Next(item, session);
  output.PrintError(
      {Span("syncline: ", Style::kBold), absl::StrCat(item.name, " "),
       Span(item.result == Result::kPartial ? "was done in part" : Verb(item.result), Style::kBad),
       absl::StrCat(WithFullStop(text.empty() ? "." : text), " ", next)});
}

}  // namespace

void PrintSummary(Output& output, const SessionReport& report, bool dry_run, bool quiet) {
  const bool many = report.items.size() > kManyItems;
  size_t in_step = 0;
  size_t good = 0;
  Counts sum;
  double seconds = 0;
  for (const ItemReport& item : report.items) {
    if (item.result == Result::kDone || item.result == Result::kConflicts) ++good;
    sum.created += item.counts.created;
    sum.updated += item.counts.updated;
    sum.moved += item.counts.moved;
    sum.removed += item.counts.removed;
    sum.merged += item.counts.merged;
    seconds = std::max(seconds, item.seconds);
    const bool nothing = item.result == Result::kDone && CountsInWords(item.counts, false).empty();
    if (many && nothing) {
      ++in_step;
    } else if (!quiet && (!WentWrong(item.result) || item.result == Result::kPartial)) {
      PrintItemSummary(output, item, report.session, dry_run);
    }
    if (WentWrong(item.result)) PrintProblem(output, item, report.session);
  }
  if (quiet) return;
  if (in_step > 0) output.Print({absl::StrCat(Plural(in_step, "item"), ": nothing to do")});
  if (report.items.size() > 1) {
    const std::string words = CountsInWords(sum, dry_run);
    output.Print({absl::StrCat("In all: ", good, " of ", Plural(report.items.size(), "item"),
                               dry_run ? "" : " done", words.empty() ? "" : ": ", words)});
  }
  if (dry_run) output.Print({"Nothing was changed: this was a dry run."});
}

}  // namespace syncline::cli

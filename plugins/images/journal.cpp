// Changes of several files as one. See journal.h.
#include "plugins/images/journal.h"

#include "plugins/images/below.h"
#include "plugins/images/packing.h"
#include "plugins/record_files/content.h"
#include "plugins/record_files/refusal.h"

namespace syncline::images {
namespace {

using platform::Dir;
using platform::Replace;

constexpr uint64_t kLongest = uint64_t{64} << 20;  // bytes; a batch of steps is far below
constexpr std::string_view kEnd = "end";

// A path, opened as far as its folder.
struct Place {
  Dir dir;
  std::string name;
};
absl::StatusOr<Place> Locate(const Dir& root, std::string_view path) {
  auto [folder, name] = SplitPath(path);
  absl::StatusOr<Dir> dir = OpenBelow(root, folder);
  if (!dir.ok()) return dir.status();
  return Place{*std::move(dir), std::move(name)};
}

// Empty: there is none.
absl::StatusOr<std::string> StampAt(const Place& place) {
  platform::FileInfo info;
  absl::Status status = platform::Stat(place.dir, place.name.c_str(), &info);
  if (absl::IsNotFound(status)) return std::string();
  if (!status.ok()) return status;
  return StampOf(info);
}
std::string StampAt(const Dir& root, std::string_view path) {
  const absl::StatusOr<Place> place = Locate(root, path);
  const absl::StatusOr<std::string> stamp =
      place.ok() ? StampAt(*place) : absl::StatusOr<std::string>(place.status());
  return stamp.ok() ? *stamp : std::string();
}

// Not about what stands where: another try may succeed.
bool IsOfDisk(const absl::Status& status) {
  return !status.ok() && !absl::IsAborted(status) && !absl::IsNotFound(status) &&
         !absl::IsAlreadyExists(status) && !absl::IsDataLoss(status);
}

absl::Status Changed() { return absl::AbortedError("it was changed in the meantime"); }

absl::Status UndoExchange(const Place& from, const Place& to) {
  absl::Status status = platform::Rename(to.dir, to.name, from.dir, from.name, Replace::kExchange);
  if (status.ok()) return status;
  return platform::Rename(to.dir, to.name, from.dir, from.name, Replace::kExchange);
}

absl::Status Exchange(const Place& from, const Place& to, const Step& step) {
  absl::Status status = platform::Rename(from.dir, from.name, to.dir, to.name, Replace::kExchange);
  if (absl::IsUnimplemented(status)) {
    // Where two names cannot be swapped a look comes first: an edit within the instant between
    // the two is lost, which the system gives no way to see.
    const absl::StatusOr<std::string> there = StampAt(to);
    if (!there.ok()) return there.status();
    if (*there != step.replaces) return Changed();
    return platform::Rename(from.dir, from.name, to.dir, to.name, Replace::kAlways);
  }
  if (!status.ok()) return status;
  // One failure to look is not taken for an answer, nor one to put it back.
  absl::StatusOr<std::string> came_out = StampAt(from);
  if (!came_out.ok()) came_out = StampAt(from);
  if (came_out.ok() && *came_out == step.replaces) return absl::OkStatus();
  status = UndoExchange(from, to);
  if (!status.ok()) return absl::DataLossError(status.message());
  return came_out.ok() ? Changed() : came_out.status();
}

}  // namespace

std::string StampOf(const platform::FileInfo& info) {
  return record_files::Join({std::to_string(info.file_id), ":", std::to_string(info.size), ":",
                             std::to_string(info.modified_ns)});
}

absl::Status DoStep(const Dir& root, const Step& step) {
  const absl::StatusOr<Place> from = Locate(root, step.from);
  if (!from.ok()) return from.status();
  const absl::StatusOr<std::string> stamp = StampAt(*from);
  if (!stamp.ok()) return stamp.status();
  if (stamp->empty()) return absl::NotFoundError("it is gone");
  if (*stamp != step.stamp) return Changed();
  if (step.to.empty()) return platform::RemoveFile(from->dir, from->name);
  auto [folder, name] = SplitPath(step.to);
  absl::StatusOr<Dir> dir = MakeBelow(root, folder);
  if (!dir.ok()) return dir.status();
  const Place to{*std::move(dir), std::move(name)};
  if (!step.replaces.empty()) return Exchange(*from, to, step);
  return platform::Rename(from->dir, from->name, to.dir, to.name, Replace::kNever);
}

absl::Status UndoStep(const Dir& root, const Step& step) {
  if (step.to.empty()) return absl::OkStatus();
  const absl::StatusOr<Place> from = Locate(root, step.from);
  const absl::StatusOr<Place> to = Locate(root, step.to);
  if (!from.ok()) return from.status();
  if (!to.ok()) return to.status();
  return platform::Rename(to->dir, to->name, from->dir, from->name,
                          step.replaces.empty() ? Replace::kNever : Replace::kExchange);
}

void EndStep(const Dir& root, const Step& step) {
  if (step.replaces.empty()) return;
  const absl::StatusOr<Place> from = Locate(root, step.from);
  if (!from.ok()) return;
  const absl::StatusOr<std::string> stamp = StampAt(*from);
  if (stamp.ok() && *stamp == step.replaces) {
    platform::RemoveFile(from->dir, from->name).IgnoreError();
  }
}

absl::Status DoSteps(const Dir& root, std::span<const Step> steps) {
  size_t done = 0;
  absl::Status status;
  for (const Step& step : steps) {
    status = DoStep(root, step);
    // Half a change is worse than a second try.
    if (IsOfDisk(status)) status = DoStep(root, step);
    // What is to be removed and is gone needs nothing more.
    if (step.to.empty() && absl::IsNotFound(status)) status = absl::OkStatus();
    if (!status.ok()) break;
    ++done;
  }
  if (!status.ok()) {
    bool lost = absl::IsDataLoss(status);
    while (done-- > 0) {
      lost = lost || (!UndoStep(root, steps[done]).ok() && !UndoStep(root, steps[done]).ok());
    }
    return lost ? absl::DataLossError(status.message()) : status;
  }
  for (const Step& step : steps) EndStep(root, step);
  return absl::OkStatus();
}

absl::Status Journal::Write(std::span<const Step> steps) {
  std::string text;
  for (const Step& step : steps) {
    for (const std::string* part : {&step.from, &step.to, &step.stamp, &step.replaces}) {
      AppendText(*part, 4, &text);
    }
  }
  AppendText(kEnd, 4, &text);
  const absl::StatusOr<platform::File> file = platform::CreateFile(*dir_, name_, 0600);
  absl::Status status = file.status();
  if (status.ok()) status = platform::WriteAll(*file, text.data(), text.size());
  if (status.ok()) status = platform::Flush(*file);
  if (!status.ok() && file.ok()) platform::RemoveFile(*dir_, name_).IgnoreError();
  return status;
}

absl::Status Journal::Done() { return platform::RemoveFile(*dir_, name_); }

absl::StatusOr<int> Journal::Finish() {
  platform::FileInfo info;
  absl::Status status = platform::Stat(*dir_, name_.c_str(), &info);
  if (absl::IsNotFound(status)) return 0;
  if (!status.ok()) return status;
  const absl::StatusOr<record_files::FileBytes> note =
      record_files::ReadBytes(*dir_, name_, kLongest);
  if (!note.ok()) return note.status();
  std::vector<std::string> parts;
  for (Unpacking rest(note->bytes); !rest.empty();) parts.emplace_back(rest.View(4));
  int done = 0;
  // A note without its end was not finished, so no step was begun.
  if (parts.size() % 4 == 1 && parts.back() == kEnd) {
    for (size_t i = 0; i + 4 <= parts.size(); i += 4) {
      const Step step{parts[i], parts[i + 1], parts[i + 2], parts[i + 3]};
      // What came out of an exchange was an edit of the last moment: it takes its place again.
      if (!step.replaces.empty() && StampAt(*dir_, step.to) == step.stamp &&
          StampAt(*dir_, step.from) != step.replaces && !StampAt(*dir_, step.from).empty()) {
        status = UndoStep(*dir_, step);
        if (!status.ok()) return status;
        continue;
      }
      status = DoStep(*dir_, step);
      if (IsOfDisk(status)) return status;
      if (status.ok()) ++done;
      EndStep(*dir_, step);
    }
  }
  status = Done();
  if (!status.ok()) return status;
  return done;
}

}  // namespace syncline::images

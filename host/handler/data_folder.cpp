#include "host/handler/data_folder.h"

#include "host/protocol/messages.h"
#include "host/protocol/text.h"
#include "sdk/platform/file_system.h"
#include "sdk/platform/process.h"

namespace syncline::handler {
namespace {

using platform::Environment;
using platform::JoinPath;

#if defined(_WIN32)
constexpr char kWorker[] = "syncline-worker.exe";
#else
constexpr char kWorker[] = "syncline-worker";
#endif

std::string DefaultFolder() {
#if defined(_WIN32)
  const std::string local = Environment("LOCALAPPDATA");
  return local.empty() ? "" : JoinPath(local, "Syncline");
#else
  // "All paths set in these environment variables must be absolute", else to be ignored (XDG Base
  // Directory Specification).
  const std::string xdg = Environment("XDG_DATA_HOME");
  if (xdg.starts_with('/')) return JoinPath(xdg, "syncline");
  const std::string home = Environment("HOME");
  return home.empty() ? "" : JoinPath(home, ".local/share/syncline");
#endif
}

absl::Status EmptyFolder(const platform::Dir& dir) {
  platform::DirListing listing;
  absl::Status status = platform::ListDir(dir, &listing);
  for (const platform::DirEntry& entry : listing.entries) {
    if (!status.ok()) return status;
    const std::string name(listing.Name(entry));
    platform::FileInfo info;
    status = platform::Stat(dir, name.c_str(), &info);
    if (!status.ok()) return status;
    if (info.type != platform::FileType::kFolder) {
      status = platform::RemoveFile(dir, name);
      continue;
    }
    absl::StatusOr<platform::Dir> inside = platform::OpenDirAt(dir, name);
    status = inside.ok() ? EmptyFolder(*inside) : inside.status();
    if (status.ok()) status = platform::RemoveDir(dir, name);
  }
  return status;
}

}  // namespace

absl::StatusOr<std::string> DataFolder(const std::string& given) {
  std::string folder = given.empty() ? Environment("SYNCLINE_HOME") : given;
  if (folder.empty()) folder = DefaultFolder();
  if (folder.empty()) {
    return absl::FailedPreconditionError(
        "Syncline does not know where to keep its data: set SYNCLINE_HOME to a folder of yours.");
  }
  folder = platform::AbsolutePath(folder);
  const absl::Status status = platform::MakeDirs(folder);
  if (!status.ok()) {
    return absl::Status(status.code(), Cat("Syncline cannot keep its data in ",
                                           protocol::DisplayText(folder), ": ", Sentence(status),
                                           ". Set SYNCLINE_HOME to a folder that you may write."));
  }
  return folder;
}

std::string FindWorker(const std::string& program_folder) {
  std::string beside = JoinPath(program_folder, kWorker);
  std::string installed =
      JoinPath(JoinPath(platform::ParentPath(program_folder), "libexec/syncline"), kWorker);
  if (!platform::StatPath(beside).ok() && platform::StatPath(installed).ok()) return installed;
  return beside;
}

absl::Status RemoveFolder(const std::string& path) {
  absl::StatusOr<platform::Dir> parent = platform::OpenDir(platform::ParentPath(path));
  if (absl::IsNotFound(parent.status())) return absl::OkStatus();
  if (!parent.ok()) return parent.status();
  absl::StatusOr<platform::Dir> dir = platform::OpenDirAt(*parent, platform::BaseName(path));
  if (absl::IsNotFound(dir.status())) return absl::OkStatus();
  absl::Status status = dir.ok() ? EmptyFolder(*dir) : dir.status();
  if (status.ok()) status = platform::RemoveDir(*parent, platform::BaseName(path));
  return status;
}

}  // namespace syncline::handler

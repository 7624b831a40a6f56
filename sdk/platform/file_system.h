// The one door to files. Everything that Syncline and its own providers do with a file system goes
// through these functions, relative to an open directory, so that a link swapped in during a sync
// leads nowhere and a test can make the n-th operation fail (sdk/platform/fault.h).
//
//   absl::StatusOr<Dir> root = OpenDir("/home/ada/notes");
//   FileInfo info;
//   absl::Status s = Stat(*root, "todo.txt", &info);
//
// Names are bytes in the platform's own encoding on Linux and UTF-8 on Windows. No function follows
// a symbolic link in the last component of a name; none takes a name with a '/' in it unless its
// comment says so. Functions may be called from any thread; a Dir or File is used by one at a time.
//
// Errors: NotFound; AlreadyExists; PermissionDenied; ResourceExhausted (disk or quota full);
// FailedPrecondition (not empty, not a folder, is a folder); InvalidArgument (a name that cannot be
// held there); Unimplemented (not offered by this file system, or crosses two of them); Unavailable
// (I/O error, stale handle); Unavailable also for read-only file systems, told apart by
// IsReadOnlyError(). The message names the operation, the name and the system's reason.
#ifndef SYNCLINE_SDK_PLATFORM_FILE_SYSTEM_H_
#define SYNCLINE_SDK_PLATFORM_FILE_SYSTEM_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace syncline::platform {

enum class FileType : uint8_t { kFile, kFolder, kLink, kOther };

// What statx(2) tells, in one call. Times are ns since 1970.
struct FileInfo {
  FileType type = FileType::kOther;
  uint32_t permissions = 0;  // the low 12 mode bits
  uint32_t owner = 0;
  uint32_t group = 0;
  uint32_t links = 1;
  uint64_t size = 0;       // bytes
  uint64_t allocated = 0;  // bytes on disk; less than size: the file is sparse or compressed
  uint64_t file_id = 0;    // inode
  uint64_t device = 0;
  int64_t modified_ns = 0;
  int64_t changed_ns = 0;  // last change of content or metadata (ctime); cannot be forged
  int64_t born_ns = 0;     // 0: the file system does not keep it
};

// An open file or folder. Closes on destruction. Movable only.
class Handle {
 public:
  Handle() = default;
  explicit Handle(intptr_t native) : native_(native) {}
  Handle(Handle&& other) noexcept : native_(std::exchange(other.native_, -1)) {}
  Handle& operator=(Handle&& other) noexcept;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { Close(); }

  bool valid() const { return native_ != -1; }
  intptr_t native() const { return native_; }
  void Close();

 private:
  intptr_t native_ = -1;
};

class Dir : public Handle {
 public:
  using Handle::Handle;
};
class File : public Handle {
 public:
  using Handle::Handle;
};

// ---- Folders ------------------------------------------------------------------------------------

// Opens a folder by path; links in the path are followed (a person typed it).
absl::StatusOr<Dir> OpenDir(const std::string& path);
// Opens a folder inside dir; never through a link. ".." is allowed and goes up.
absl::StatusOr<Dir> OpenDirAt(const Dir& dir, const std::string& name);
// Another handle on the same folder.
absl::StatusOr<Dir> Duplicate(const Dir& dir);

// Names in dir, without "." and "..", in the order the system gives. type is kOther where the
// system does not tell it; ask Stat then. Names live in one buffer, so a million cost little.
struct DirEntry {
  uint32_t offset;  // into DirListing::names
  uint16_t length;
  FileType type;
};
struct DirListing {
  std::string names;
  std::vector<DirEntry> entries;
  std::string_view Name(const DirEntry& e) const {
    return std::string_view(names).substr(e.offset, e.length);
  }
};
// Replaces *listing; it is empty after an error, so half a listing is never taken for a whole one.
absl::Status ListDir(const Dir& dir, DirListing* listing);

absl::Status MakeDir(const Dir& dir, const std::string& name, uint32_t permissions);
absl::Status RemoveDir(const Dir& dir, const std::string& name);

// ---- Looking
// --------------------------------------------------------------------------------------

absl::Status Stat(const Dir& dir, const char* name, FileInfo* info);
absl::Status StatHandle(const Handle& handle, FileInfo* info);
// Follows links; for paths that a person typed.
absl::StatusOr<FileInfo> StatPath(const std::string& path);
absl::StatusOr<std::string> ReadLink(const Dir& dir, const std::string& name);
// An id of the file system that dir is on, stable across mounts and reboots where the system has
// one.
absl::StatusOr<uint64_t> FileSystemId(const Dir& dir);
// Whether names that differ only in letter case are the same file in dir, as far as can be told
// without writing (file system type and folder flags).
bool IgnoresCase(const Dir& dir);
absl::StatusOr<uint64_t> FreeBytes(const Dir& dir);

// ---- Files
// ----------------------------------------------------------------------------------------

// Opens a file to read; FailedPrecondition for anything that is not a plain file (link, folder,
// pipe, device).
absl::StatusOr<File> OpenFile(const Dir& dir, const std::string& name);
// Creates a new file to write; AlreadyExists when the name is taken. The process's umask applies.
absl::StatusOr<File> CreateFile(const Dir& dir, const std::string& name, uint32_t permissions);
// Reads up to size bytes; 0 at the end.
absl::StatusOr<size_t> Read(const File& file, void* buffer, size_t size);
// The same at an offset, leaving the place where Read() goes on; fewer than size only at the end.
absl::StatusOr<size_t> ReadAt(const File& file, uint64_t offset, void* buffer, size_t size);
absl::Status WriteAll(const File& file, const void* bytes, size_t size);
absl::Status Truncate(const File& file, uint64_t size);
// Makes content and metadata of this one file durable (fdatasync and what it needs).
absl::Status Flush(const File& file);
// Asks the system to let go of what it holds of a file that is on the disk, so that the next
// reading comes from there (posix_fadvise(2), DONTNEED). A wish: nothing tells whether it was
// granted.
void DropCache(const File& file);
// Makes everything written so far on dir's file system durable (syncfs).
absl::Status FlushFileSystem(const Dir& dir);

// Copies all of from, holes kept, by reflink or inside the kernel where possible. progress gets the
// bytes done and returns false to stop (Cancelled). from is read from its start; to is new and
// empty. A file that shrinks meanwhile gives a shorter copy and no error: compare its version
// afterwards.
using CopyProgress = std::function<bool(uint64_t done)>;
absl::Status CopyContent(const File& from, const FileInfo& from_info, const File& to,
                         const CopyProgress& progress);

// ---- Metadata
// -------------------------------------------------------------------------------------

absl::Status SetPermissions(const Handle& handle, uint32_t permissions);
// Unimplemented for a link, which has no permissions of its own.
absl::Status SetPermissionsAt(const Dir& dir, const std::string& name, uint32_t permissions);
absl::Status SetModified(const Handle& handle, int64_t modified_ns);
// Also for a link itself.
absl::Status SetModifiedAt(const Dir& dir, const std::string& name, int64_t modified_ns);

// Extended attributes that belong to the user (on Linux those named "user.NAME"; NAME is what
// stands here), sorted by name.
using UserAttributes = std::vector<std::pair<std::string, std::string>>;
// Empty where the file system has none.
absl::StatusOr<UserAttributes> ReadUserAttributes(const Handle& handle);
// Makes the attributes exactly these. InvalidArgument: more than the file system keeps with a file.
absl::Status WriteUserAttributes(const Handle& handle, const UserAttributes& attributes);

// ---- Names
// ----------------------------------------------------------------------------------------

enum class Replace : uint8_t {
  kNever,  // AlreadyExists when the new name is taken; decided by the system, without a race. Where
           // the folder ignores letter case, a change of case only is not taken for a clash.
  kAlways,
  kExchange,  // swaps the two names in one step; both must exist; Unimplemented where not offered
};
absl::Status Rename(const Dir& from_dir, const std::string& from, const Dir& to_dir,
                    const std::string& to, Replace replace);
absl::Status RemoveFile(const Dir& dir, const std::string& name);
absl::Status MakeLink(const Dir& dir, const std::string& name, const std::string& target);
absl::Status MakeHardLink(const Dir& from_dir, const std::string& from, const Dir& to_dir,
                          const std::string& to);

bool IsReadOnlyError(const absl::Status& status);

// ---- Whole paths: for Syncline's own data folder, settings and plug-in folders
// ----------------------

// Links in these paths are followed, except that RenamePath and RemovePath act on a link itself.

// Creates path and its parents, readable by this user only where they are new.
absl::Status MakeDirs(const std::string& path);
// InvalidArgument when the file is larger than limit bytes.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path, size_t limit);
// Atomic and durable: temporary name beside it, flush, rename.
absl::Status WriteWholeFile(const std::string& path, std::string_view bytes, uint32_t permissions);
absl::Status RenamePath(const std::string& from, const std::string& to);
absl::Status RemovePath(const std::string& path);  // a file; NotFound when there is none
// The path without links, "." and ".."; NotFound when it does not exist.
absl::StatusOr<std::string> RealPath(const std::string& path);
// path made absolute against the current folder, without looking at the disk.
std::string AbsolutePath(const std::string& path);
std::string JoinPath(std::string_view a, std::string_view b);
std::string BaseName(std::string_view path);
std::string ParentPath(std::string_view path);
// The path that a person or a program gave: "file:///home/ada/a%20b" and "file://localhost/..."
// become paths, a path stays as it is. Empty: a URL that names nothing on this computer.
std::string LocalPath(std::string_view location);
// name as a person may see it: control characters and bytes that are not UTF-8 become \xNN. Always
// valid UTF-8; not reversible. Any name or path.
std::string PrintableName(std::string_view name);

}  // namespace syncline::platform

#endif  // SYNCLINE_SDK_PLATFORM_FILE_SYSTEM_H_

// A SQLite VFS that asks platform::Fault() before each operation that changes the disk, and passes
// everything on to the default VFS. How to write one: sqlite.org/vfs.html.
#include "storage/fault_vfs.h"

#ifdef SYNCLINE_FAULTS

#include <sqlite3.h>

#include "absl/base/call_once.h"
#include "sdk/platform/fault.h"

namespace syncline::storage {
namespace {

constexpr char kName[] = "syncline-fault";

// SQLite allocates szOsFile bytes for each file; the default VFS's file lies behind this one.
struct FaultFile {
  sqlite3_file base;
  sqlite3_file* Real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
static_assert(sizeof(FaultFile) % alignof(void*) == 0);

sqlite3_file* Real(sqlite3_file* file) { return reinterpret_cast<FaultFile*>(file)->Real(); }
sqlite3_vfs* RealVfs(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

int Close(sqlite3_file* f) { return Real(f)->pMethods->xClose(Real(f)); }
int Read(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
  return Real(f)->pMethods->xRead(Real(f), to, size, at);
}
int Write(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
  if (platform::Fault()) return SQLITE_IOERR_WRITE;
  return Real(f)->pMethods->xWrite(Real(f), from, size, at);
}
int Truncate(sqlite3_file* f, sqlite3_int64 size) {
  if (platform::Fault()) return SQLITE_IOERR_TRUNCATE;
  return Real(f)->pMethods->xTruncate(Real(f), size);
}
int Sync(sqlite3_file* f, int flags) {
  if (platform::Fault()) return SQLITE_IOERR_FSYNC;
  return Real(f)->pMethods->xSync(Real(f), flags);
}
int FileSize(sqlite3_file* f, sqlite3_int64* size) {
  return Real(f)->pMethods->xFileSize(Real(f), size);
}
int Lock(sqlite3_file* f, int level) { return Real(f)->pMethods->xLock(Real(f), level); }
int Unlock(sqlite3_file* f, int level) { return Real(f)->pMethods->xUnlock(Real(f), level); }
int CheckReservedLock(sqlite3_file* f, int* out) {
  return Real(f)->pMethods->xCheckReservedLock(Real(f), out);
}
int FileControl(sqlite3_file* f, int op, void* arg) {
  return Real(f)->pMethods->xFileControl(Real(f), op, arg);
}
int SectorSize(sqlite3_file* f) { return Real(f)->pMethods->xSectorSize(Real(f)); }
int DeviceCharacteristics(sqlite3_file* f) {
  return Real(f)->pMethods->xDeviceCharacteristics(Real(f));
}
int ShmMap(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return Real(f)->pMethods->xShmMap(Real(f), page, size, extend, out);
}
int ShmLock(sqlite3_file* f, int offset, int n, int flags) {
  return Real(f)->pMethods->xShmLock(Real(f), offset, n, flags);
}
void ShmBarrier(sqlite3_file* f) { Real(f)->pMethods->xShmBarrier(Real(f)); }
int ShmUnmap(sqlite3_file* f, int remove) { return Real(f)->pMethods->xShmUnmap(Real(f), remove); }

// Version 2: shared memory for WAL; no mapping of the file itself, which Open switches off anyway.
constexpr sqlite3_io_methods kMethods = {
    2,
    Close,
    Read,
    Write,
    Truncate,
    Sync,
    FileSize,
    Lock,
    Unlock,
    CheckReservedLock,
    FileControl,
    SectorSize,
    DeviceCharacteristics,
    ShmMap,
    ShmLock,
    ShmBarrier,
    ShmUnmap,
    nullptr,
    nullptr,
};

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  if (platform::Fault()) return SQLITE_IOERR;
  sqlite3_file* real = Real(file);
  const int code = RealVfs(vfs)->xOpen(RealVfs(vfs), name, real, flags, out_flags);
  // As SQLite asks: methods are set even after a failure when xClose must still be called.
  if (real->pMethods != nullptr) file->pMethods = &kMethods;
  return code;
}

int Delete(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  if (platform::Fault()) return SQLITE_IOERR_DELETE;
  return RealVfs(vfs)->xDelete(RealVfs(vfs), name, sync_folder);
}

void Register() {
  sqlite3_vfs* real = sqlite3_vfs_find(nullptr);
  // SQLite keeps a pointer to it for the life of the process.
  static sqlite3_vfs fault = *real;
  fault.pNext = nullptr;
  fault.zName = kName;
  fault.pAppData = real;
  fault.szOsFile = static_cast<int>(sizeof(FaultFile)) + real->szOsFile;
  fault.xOpen = Open;
  fault.xDelete = Delete;
  sqlite3_vfs_register(&fault, /*makeDflt=*/0);
}

}  // namespace

const char* FaultVfs() {
  static absl::once_flag once;
  absl::call_once(once, Register);
  return kName;
}

}  // namespace syncline::storage

#endif  // SYNCLINE_FAULTS

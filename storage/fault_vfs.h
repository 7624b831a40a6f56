// Played faults for SQLite's own file access (sdk/platform/fault.h). Only in builds with
// SYNCLINE_FAULTS.
#ifndef SYNCLINE_STORAGE_FAULT_VFS_H_
#define SYNCLINE_STORAGE_FAULT_VFS_H_

namespace syncline::storage {

#ifdef SYNCLINE_FAULTS
// The name of a VFS over the default one in which each open, write, sync, truncate and delete is
// one operation that can be made to fail or to stop the process. Registers it at the first call.
// Any thread.
const char* FaultVfs();
#else
// The default VFS.
constexpr const char* FaultVfs() { return nullptr; }
#endif

}  // namespace syncline::storage

#endif  // SYNCLINE_STORAGE_FAULT_VFS_H_

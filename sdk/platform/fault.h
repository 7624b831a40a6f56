// Played faults: a test build can make the n-th operation through the platform door fail, or stop
// the process dead at it. Set in the environment, per door, since a process can hold several copies
// of the door (the worker's own and the provider's):
//
//   SYNCLINE_FAULT=folders:fail:12     the 12th operation of the folders provider fails (I/O error)
//   SYNCLINE_FAULT=worker:stop:3       the worker dies at its 3rd operation, as by kill -9
//   SYNCLINE_FAULT=folders:count:PATH  writes the number of operations to PATH when the process
//   ends
//
// A door's name is the SYNCLINE_DOOR that its target was compiled with. Built only with
// SYNCLINE_FAULTS; otherwise Fault() is a constant and costs nothing.
#ifndef SYNCLINE_SDK_PLATFORM_FAULT_H_
#define SYNCLINE_SDK_PLATFORM_FAULT_H_

namespace syncline::platform {

#ifdef SYNCLINE_FAULTS
// Counts one operation; true: this one must fail with an I/O error. Any thread.
bool Fault();
#else
constexpr bool Fault() { return false; }
#endif

}  // namespace syncline::platform

#endif  // SYNCLINE_SDK_PLATFORM_FAULT_H_

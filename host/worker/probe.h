// Loads a library and tells what provider is in it. Runs in a worker process only: loading executes
// code of the library, which may crash, hang or print.
#ifndef SYNCLINE_HOST_WORKER_PROBE_H_
#define SYNCLINE_HOST_WORKER_PROBE_H_

#include <string>

#include "host/protocol/messages.h"

namespace syncline::worker {

// Loads file (UTF-8 path) and asks its entry. Never unloads it: code of a library may run for as
// long as its process. One thread.
protocol::ProbeAnswer Probe(const std::string& file);

}  // namespace syncline::worker

#endif  // SYNCLINE_HOST_WORKER_PROBE_H_

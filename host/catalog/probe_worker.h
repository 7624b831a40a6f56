// Asks a worker process what provider is in a library, so that loading it can harm nobody.
#ifndef SYNCLINE_HOST_CATALOG_PROBE_WORKER_H_
#define SYNCLINE_HOST_CATALOG_PROBE_WORKER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "host/protocol/messages.h"

namespace syncline::catalog {

struct ProbeResult {
  protocol::ProbeAnswer answer;
  std::string misbehaved;  // how loading crashed or hung; empty: there is an answer
};

// Runs "worker probe library" for at most limit. An error means that the worker itself cannot be
// used.
absl::StatusOr<ProbeResult> ProbeInWorker(const std::string& worker, const std::string& library,
                                          absl::Duration limit);

}  // namespace syncline::catalog

#endif  // SYNCLINE_HOST_CATALOG_PROBE_WORKER_H_

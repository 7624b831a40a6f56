// Serves one Start message: locks the item, loads the provider, runs the engine, answers Done.
#ifndef SYNCLINE_HOST_WORKER_SERVE_H_
#define SYNCLINE_HOST_WORKER_SERVE_H_

#include "host/protocol/messages.h"

namespace syncline::worker {

// Blocks until the item's turn is over; the exit code of the process. When the host goes away or
// asks to cancel, the engine stops after the record at work.
int Serve(protocol::MessageChannel* channel);

}  // namespace syncline::worker

#endif  // SYNCLINE_HOST_WORKER_SERVE_H_

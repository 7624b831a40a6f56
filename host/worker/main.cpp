// syncline-worker: the only program in which code of a provider runs. Started by the host with a
// channel, it serves one item; "probe FILE" answers what provider is in a library.
#include <cstdio>
#include <string_view>

#include "host/protocol/messages.h"
#include "host/worker/probe.h"
#include "host/worker/serve.h"
#include "sdk/platform/process.h"

int main(int argc, char** argv) {
  absl::StatusOr<syncline::platform::Channel> inherited = syncline::platform::InheritedChannel();
  if (!inherited.ok()) {
    std::fputs("syncline-worker is started by Syncline, not by hand. Use: syncline --help\n",
               stderr);
    return 2;
  }
  syncline::protocol::MessageChannel channel(&*inherited);
  if (argc == 3 && std::string_view(argv[1]) == "probe") {
    return channel.Send(syncline::worker::Probe(argv[2])).ok() ? 0 : 1;
  }
  if (argc == 1) return syncline::worker::Serve(&channel);
  return 2;
}

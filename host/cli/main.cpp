// The program `syncline`: the command line on the real console and the real handler.
#include "host/cli/cli.h"
#include "host/cli/terminal.h"

int main(int argc, char** argv) {
  return syncline::cli::Main(argc, argv, syncline::cli::ProcessConsole(),
                             [] { return syncline::Handler::Open({}); });
}

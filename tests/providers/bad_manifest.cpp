// Works, but its manifest is not JSON.
#include "tests/providers/simple_folder.h"

SYNCLINE_PROVIDER(syncline::testing::SimpleFolder, "id: bad-manifest, name: Bad manifest");

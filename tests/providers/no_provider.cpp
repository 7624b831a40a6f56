// An ordinary shared library that lies in the plug-in folder by mistake: no entry symbol.
#include "syncline/provider.h"

extern "C" SYNCLINE_EXPORT int no_provider_answer();
int no_provider_answer() { return 42; }

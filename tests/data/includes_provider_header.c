#include <syncline/provider.h>

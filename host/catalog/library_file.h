// Looks at the bytes of a library file without loading it, so that a text file, half a copy or a
// library of another machine never runs. Reads ELF and PE on every system.
#ifndef SYNCLINE_HOST_CATALOG_LIBRARY_FILE_H_
#define SYNCLINE_HOST_CATALOG_LIBRARY_FILE_H_

#include <string>
#include <string_view>

namespace syncline::catalog {

enum class LibraryShape : unsigned char {
  kNoProvider,    // no shared library, or one that does not mention the entry of a provider
  kIncomplete,    // begins as a library, and parts of it are missing
  kWrongMachine,  // a whole provider for another processor or system
  kGood,
};

// Pure. Any bytes; never reads beyond them.
LibraryShape InspectLibrary(std::string_view bytes);

}  // namespace syncline::catalog

#endif  // SYNCLINE_HOST_CATALOG_LIBRARY_FILE_H_

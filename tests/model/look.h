// What a side of a model holds, as plain values that can be compared.
#ifndef SYNCLINE_TESTS_MODEL_LOOK_H_
#define SYNCLINE_TESTS_MODEL_LOOK_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace syncline::model {

struct Item {
  char type = 'f';       // 'f', 'd' or 'l'
  std::string content;   // of a file; "-> target" of a link
  unsigned mode = 0;     // not of links
  int64_t mtime_ns = 0;  // not of folders

  friend bool operator==(const Item& x, const Item& y) {
    return x.type == y.type && x.content == y.content && x.mode == y.mode &&
           x.mtime_ns == y.mtime_ns;
  }
  friend bool operator!=(const Item& x, const Item& y) { return !(x == y); }
};
using View = std::map<std::string, Item>;  // by path

View Look(const std::string& root);
std::string Text(const View& view);
// The contents of files and links that are somewhere in it, without empty ones.
std::set<std::string> Contents(const View& view);

// Whether path is one of places or inside one.
bool AtOrInside(const std::string& path, const std::set<std::string>& places);
// Whether one of places is inside path.
bool Holds(const std::string& path, const std::set<std::string>& places);

}  // namespace syncline::model

#endif  // SYNCLINE_TESTS_MODEL_LOOK_H_

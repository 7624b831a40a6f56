// What the store of record files has to know about one data type: how a file divides into records,
// and what can be said about the content of one. contacts and calendar are two formats; the store
// itself (record_files.h) knows neither. Everything here is pure: bytes in, bytes out, no I/O.
#ifndef SYNCLINE_PLUGINS_RECORD_FILES_FORMAT_H_
#define SYNCLINE_PLUGINS_RECORD_FILES_FORMAT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "syncline/provider.hpp"

namespace syncline::record_files {

// One record in a file.
struct Entry {
  std::string key;      // what identifies it on any replica (UID, or a fallback that holds); unique
                        // within a Book unless `twice` says otherwise
  std::string version;  // a digest of what counts as its content: equal exactly when nobody would
                        // call it a change (line folding, REV, DTSTAMP make no difference)
  std::string name;     // for people, UTF-8
  std::string media_type;
  int64_t edited_ns = SYNCLINE_UNKNOWN_TIME;  // what the record itself says (REV, LAST-MODIFIED)
  uint64_t size = 0;                          // of its content in bytes
  uint64_t line = 1;                          // where it begins in its file, from 1
  std::string problem;    // not empty: cannot be synced, and why ("it has no END:VCARD")
  bool filtered = false;  // a setting of the item leaves it out
};

// The content of one file as a set of records. What is not a record (blank lines, calendar
// properties, text between cards) is kept as it stands.
class Book {
 public:
  virtual ~Book() = default;
  // In the order of the file. Valid until Put() or Remove(). A key that stands in it twice is
  // listed twice.
  virtual const std::vector<Entry>& entries() const = 0;
  // The line of the component inside which the file ends, 0: it ends between two. It may have been
  // cut short there, so no record that is not listed may be called gone.
  virtual uint64_t unended_line() const { return 0; }
  // The record as a file of its own: what goes through the contract.
  virtual std::string Content(size_t entry) const = 0;
  // Replaces the record with this key, or adds it at the end. content holds exactly one record.
  virtual void Put(std::string_view key, std::string_view content) = 0;
  virtual void Remove(std::string_view key) = 0;
  // The file. Every byte of a record that was neither put nor removed is as it was read.
  virtual std::string Text() const = 0;
};

class Format {
 public:
  virtual ~Format() = default;
  virtual std::string_view extension()
      const = 0;  // ".vcf"; files in a folder without it are ignored
  // What a file of this kind begins with, in any letter case, behind a byte order mark and blank
  // lines: "BEGIN:VCARD". It tells a single file that is called otherwise.
  virtual std::string_view beginning() const = 0;
  virtual std::string_view one() const = 0;   // "contact", for messages
  virtual std::string_view many() const = 0;  // "contacts"
  // Never fails: what cannot be understood becomes an entry with a problem, or is kept between.
  virtual std::unique_ptr<Book> Parse(std::string bytes) const = 0;
  // content with another key, made from label, for a copy that is kept beside the original.
  virtual std::string Renamed(std::string_view content, std::string_view label) const = 0;
  // As Provider::merge() of <syncline/provider.hpp>; contents in memory.
  virtual bool Merge(const std::string* base, const std::string& mine, const std::string& theirs,
                     const MergeInput& choices, std::string* merged, Fields differing) const = 0;
  // Title and fields for the conflict view.
  virtual void Describe(std::string_view content, Fields fields) const = 0;
};

}  // namespace syncline::record_files

#endif  // SYNCLINE_PLUGINS_RECORD_FILES_FORMAT_H_

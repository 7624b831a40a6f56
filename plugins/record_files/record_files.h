// A replica whose records are texts in files: a folder with one file for each record, or one file
// with all of them. A provider derives from RecordFiles, hands it its Format, and is done.
//
//   class Contacts : public RecordFiles {
//    public:
//     explicit Contacts(Host host) : RecordFiles(host, MakeFormat(host)) {}
//   };
//   SYNCLINE_PROVIDER(Contacts, R"({...})")
#ifndef SYNCLINE_PLUGINS_RECORD_FILES_RECORD_FILES_H_
#define SYNCLINE_PLUGINS_RECORD_FILES_RECORD_FILES_H_

#include <memory>
#include <string_view>

#include "plugins/record_files/format.h"
#include "syncline/provider.hpp"

namespace syncline::record_files {

class Store;  // a folder or a file

// [replica] unless said otherwise; see provider.h.
class RecordFiles {
 public:
  RecordFiles(Host host, std::unique_ptr<const Format> format);
  ~RecordFiles();
  RecordFiles(const RecordFiles&) = delete;
  RecordFiles& operator=(const RecordFiles&) = delete;

  Replica open(const Call& call);
  void enumerate(const Call& call, Records records);
  Record read(const Call& call, std::string_view id, ByteSink content);
  Stored write(const Call& call, const WriteOrder& order, ByteSource content);
  Removal remove(const Call& call, const RemoveOrder& order);
  void settle(const Call& call, Results results);
  bool merge(const Call& call, const MergeInput& input, ByteSink merged,
             Fields differing) const;  // [any]
  void describe(const Call& call, std::string_view id, Fields fields);
  Verdict compare(const Call& call, std::string_view id, std::string_view version,
                  RecordFiles& other, std::string_view other_id, std::string_view other_version);
  bool same_content(std::string_view before, std::string_view after) const;  // [any]
  void check(const Call& call, RecordFiles* other);

 private:
  Store& store() const;  // throws Error before open()

  Host host_;
  std::unique_ptr<const Format> format_;
  std::unique_ptr<Store> store_;
};

}  // namespace syncline::record_files

#endif  // SYNCLINE_PLUGINS_RECORD_FILES_RECORD_FILES_H_

// What the two kinds of replica have in common: a folder of files and a file of many records.
#ifndef SYNCLINE_PLUGINS_RECORD_FILES_STORE_H_
#define SYNCLINE_PLUGINS_RECORD_FILES_STORE_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "plugins/record_files/format.h"
#include "plugins/record_files/place.h"
#include "syncline/provider.hpp"

namespace syncline::record_files {

// A record as it is now: its content and what is known about it.
struct Current {
  std::string content;
  Record record;
};

// [replica]; every method throws Error. Orders and results as in provider.h.
class Store {
 public:
  virtual ~Store() = default;
  virtual void Enumerate(const Call& call, const Records& records) = 0;
  virtual Current Get(std::string_view id) = 0;
  // Of the record as it is now; CONFLICT when it is not there.
  virtual std::string VersionOf(std::string_view id) = 0;
  virtual void StageWrite(const WriteOrder& order, std::string content) = 0;
  virtual void StageRemove(const RemoveOrder& order) = 0;
  virtual void Settle(const Call& call, const Results& results) = 0;
  virtual const Place& place() const = 0;
};

std::unique_ptr<Store> MakeFolderStore(const Host& host, const Format& format, Place place);
std::unique_ptr<Store> MakeSingleStore(const Host& host, const Format& format, Place place);

// The one good record that content holds. Throws INVALID when it holds anything else.
Entry OnlyEntry(const Format& format, std::string_view content, std::string_view key);

// content under a key that is not taken, made from label.
std::string RenamedToFree(const Format& format, const std::string& content, std::string_view label,
                          const std::function<bool(const std::string& key)>& taken);

// entry as a record; the texts of entry are borrowed.
RecordView ViewOf(const Entry& entry, std::string_view id);
Record RecordOf(const Entry& entry, std::string_view id);

Error ChangedMeanwhile(std::string_view id);
Error MadeMeanwhile(std::string_view key);

}  // namespace syncline::record_files

#endif  // SYNCLINE_PLUGINS_RECORD_FILES_STORE_H_

// One file with many records. The whole file is kept in memory; changes wait there for Settle(),
// which writes the file once for all of them.
#ifndef SYNCLINE_PLUGINS_RECORD_FILES_SINGLE_STORE_H_
#define SYNCLINE_PLUGINS_RECORD_FILES_SINGLE_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plugins/record_files/content.h"
#include "plugins/record_files/store.h"

namespace syncline::record_files {

class SingleStore : public Store {
 public:
  SingleStore(const Host& host, const Format& format, Place place);

  void Enumerate(const Call& call, const Records& records) override;
  Current Get(std::string_view id) override;
  std::string VersionOf(std::string_view id) override;
  void StageWrite(const WriteOrder& order, std::string content) override;
  void StageRemove(const RemoveOrder& order) override;
  void Settle(const Call& call, const Results& results) override;
  const Place& place() const override { return place_; }

 private:
  // The file as it was read, by key.
  struct Loaded {
    platform::FileInfo info;
    std::unique_ptr<Book> book;
    struct Spot {
      size_t entry;      // the first with this key
      size_t count = 1;  // entries with this key
    };
    std::unordered_map<std::string, Spot> keys;
  };
  // A change that waits for Settle().
  struct Order {
    uint64_t ticket = 0;
    std::string key;       // of what is replaced or removed; empty: a new record
    std::string expected;  // its version
    bool remove = false;
    std::string content;
    std::string label;  // not empty: to be stored beside, under a key made from it
    Entry entry;
    std::optional<Error> failure;
  };
  // What stands under a key while orders are applied one after the other.
  using Versions = std::unordered_map<std::string, std::string>;

  // The file as it is now; reads it only when it changed.
  const Loaded& Load();
  static std::string IdOf(std::string_view key);
  static std::string KeyOf(std::string_view id);
  static void Index(Loaded* loaded);
  void TellOfTheRest(const Loaded& loaded, bool nameless, const Records& records);
  const Entry* Find(const Loaded& loaded, std::string_view id, size_t* index) const;
  void TidyUp();
  // One try to write the file with all orders; false: it changed meanwhile. written: the file is
  // another one now.
  bool TrySettle(bool* written);
  // Whether the book changed by it.
  bool ApplyOne(Order* order, Versions* versions, Book* book) const;
  // Puts the book in the place of the file that it was read from.
  bool Write(Loaded* base);
  absl::Status FlushFile(const std::string& name) const;
  std::string CannotWrite() const;

  const Host host_;
  const Format& format_;
  const Place place_;
  Temporaries temporaries_;
  std::optional<Loaded> loaded_;
  std::vector<Order> orders_;
};

}  // namespace syncline::record_files

#endif  // SYNCLINE_PLUGINS_RECORD_FILES_SINGLE_STORE_H_

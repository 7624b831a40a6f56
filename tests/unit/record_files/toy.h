// A format that takes one line to write, and one replica of it behind a made-up host, through the
// C contract.
//
//   BEGIN ada          a record with the key "ada"
//   tel 1              its content
//   REV 7              not content: makes no version
//   END
//
// A line "BAD why" makes it a record that cannot be synced, "HIDE" one that a setting leaves out,
// "AT 5" one edited at 5 ns; a book takes none that holds "REFUSE". Everything outside of BEGIN and
// END is kept.
#ifndef SYNCLINE_TESTS_UNIT_RECORD_FILES_TOY_H_
#define SYNCLINE_TESTS_UNIT_RECORD_FILES_TOY_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/record_files/format.h"
#include "syncline/provider.h"

namespace syncline::record_files_test {

std::unique_ptr<record_files::Format> MakeToyFormat();
// How often a file was parsed in this process.
uint64_t ToyParses();

// Called whenever a book is turned into the text of a file: just before that is written.
void BeforeToyText(std::function<void()> call);

// "BEGIN key\nline\nEND\n"
std::string Toy(std::string_view key, std::string_view line);

struct Seen {
  std::string id, key, version, identity, name, media_type;
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  uint32_t flags = 0;
};
struct SetAside {
  Seen record;
  syncline_status why;
  std::string reason;
};
struct Answer {
  syncline_status status = 0;
  std::string summary, setting;
  Seen record;           // of a result
  bool removed = false;  // the result came without a record
};

class Side {
 public:
  explicit Side(const std::string& location, const std::string& side = "a");
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;
  ~Side();

  Answer Open();
  Answer Enumerate();  // fills records and aside
  const Seen* Find(std::string_view key) const;
  const SetAside* FindAside(std::string_view key) const;
  Answer Read(std::string_view id, std::string* content);  // record: as it was read
  // Staged; the answer is that of Settled().
  Answer Create(const std::string& key, std::string_view content);
  Answer Replace(const Seen& what, std::string_view content);
  Answer Beside(const std::string& key, std::string_view content, const std::string& label);
  Answer Remove(const Seen& what);
  uint64_t last_ticket() const { return ticket_; }
  Answer Settle();
  const Answer& Result(uint64_t ticket) const { return results_.at(ticket); }
  bool HasResult(uint64_t ticket) const { return results_.contains(ticket); }
  // Settles and gives the result of the last order; the order's own refusal when it was not staged.
  Answer Settled(const Answer& staged);
  Answer Compare(std::string_view id, std::string_view version, Side* other,
                 std::string_view other_id, std::string_view other_version, int32_t* verdict);
  Answer Check(Side* other);
  std::string Title(std::string_view id);
  Answer Merge(const std::string& base, const std::string& mine, const std::string& theirs,
               std::string* merged);

  std::vector<Seen> records;
  std::vector<SetAside> aside;
  std::vector<std::string> events;
  std::string identity;
  uint32_t flags = 0;

 private:
  Answer Take(syncline_status status);
  Answer Write(const std::string& id, const std::string& key, std::string_view expected,
               std::string_view content, uint32_t flags, const std::string& label);
  template <typename T>
  const T* Ability(const char* name) {
    return static_cast<const T*>(table_->ability(table_->self, name));
  }

  std::map<std::string, std::string> settings_;
  syncline_host host_ = {};
  syncline_call call_ = {};
  const syncline_provider* table_ = nullptr;
  std::map<uint64_t, Answer> results_;
  uint64_t ticket_ = 0;
  Answer answer_;
};

// Files, as a person or a program changes them.
void Put(const std::string& path, std::string_view content);
std::string Get(const std::string& path);                   // "(none)" when there is nothing
std::vector<std::string> Names(const std::string& folder);  // sorted, hidden ones too
size_t OpenDescriptors();

}  // namespace syncline::record_files_test

#endif  // SYNCLINE_TESTS_UNIT_RECORD_FILES_TOY_H_

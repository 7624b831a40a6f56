// The images provider: a folder of pictures as one side. This is the boundary; the work is done by
// listing.h (what is there), store.h (what changes) and the parts below them.
#ifndef SYNCLINE_PLUGINS_IMAGES_IMAGES_H_
#define SYNCLINE_PLUGINS_IMAGES_IMAGES_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/images/file_memory.h"
#include "plugins/images/journal.h"
#include "plugins/images/listing.h"
#include "plugins/images/placed.h"
#include "plugins/images/store.h"
#include "plugins/record_files/content.h"
#include "syncline/provider.hpp"

namespace syncline::images {

// [replica] unless said otherwise; see provider.h.
class Images {
 public:
  explicit Images(Host host);
  Images(const Images&) = delete;
  Images& operator=(const Images&) = delete;

  Replica open(const Call& call);
  void enumerate(const Call& call, Records records);
  Record read(const Call& call, std::string_view id, ByteSink content);
  Stored write(const Call& call, const WriteOrder& order, ByteSource content);
  Stored copy(const Call& call, Images& from, std::string_view id, std::string_view version,
              const WriteOrder& order);
  Removal remove(const Call& call, const RemoveOrder& order);
  Record move(const Call& call, const MoveOrder& order);
  void settle(const Call& call, Results results);
  Verdict compare(const Call& call, std::string_view id, std::string_view version, Images& other,
                  std::string_view other_id, std::string_view other_version);
  bool same_content(std::string_view before, std::string_view after) const;  // [any]
  void describe(const Call& call, std::string_view id, Fields fields);
  Record essence(const Call& call, std::string_view id, Purpose purpose, ByteSink content);
  bool merge(const Call& call, const MergeInput& input, ByteSink merged,
             Fields differing) const;  // [any]
  void check(const Call& call, Images* other);
  void arrange(const Call& call, Records wanted);
  void safe(const Call& call, Images& other, Fields records);

 private:
  void ReadSettings();
  // The unit, with its files looked at again; null: not there.
  Placed* Find(std::string_view id);
  Placed& Get(std::string_view id);
  // The same in the version that the engine believes in; throws CONFLICT.
  Placed& Expect(std::string_view id, std::string_view version);
  Stored Stage(const WriteOrder& order, Incoming incoming);
  void FinishWhatWasLeft();
  void TellWhatIsLeftAlone(const Listed& listed);
  // Why a unit of this side is not to be called safe on the other one; empty: it is.
  std::string WhyNotSafe(const Call& call, const Placed& placed, Images& other,
                         const Placed* theirs);
  // The same of a twin, of which the other side has the unit.
  std::string WhyTwinNotSafe(const Call& call, const Placed& twin, Images& other,
                             const Placed* theirs);

  Host host_;
  Manner manner_;
  std::string path_;
  platform::FileInfo dir_info_;
  platform::Dir dir_;
  record_files::Temporaries temporaries_;
  PlacedUnits units_;          // as listed last
  std::vector<Placed> twins_;  // of some of them
  std::unique_ptr<FileMemory> memory_;
  std::unique_ptr<Listing> listing_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<Store> store_;
};

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_IMAGES_H_

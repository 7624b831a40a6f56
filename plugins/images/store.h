// Changes to one side: units that wait for their place, and what settles, removes and moves them.
#ifndef SYNCLINE_PLUGINS_IMAGES_STORE_H_
#define SYNCLINE_PLUGINS_IMAGES_STORE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/images/file_memory.h"
#include "plugins/images/filing.h"
#include "plugins/images/incoming.h"
#include "plugins/images/journal.h"
#include "plugins/images/placed.h"
#include "plugins/record_files/content.h"
#include "sdk/platform/file_system.h"
#include "syncline/provider.hpp"

namespace syncline::images {

class Store {
 public:
  // All outlive it. units: as listed last; it is kept as the side is.
  Store(const Host* host, const platform::Dir* dir, const Manner* manner, FileMemory* memory,
        Journal* journal, record_files::Temporaries* temporaries, PlacedUnits* units)
      : host_(host),
        dir_(dir),
        manner_(manner),
        memory_(memory),
        journal_(journal),
        temporaries_(temporaries),
        units_(units),
        names_(dir) {}

  // All throw Error. A new unit.
  void StageNew(const WriteOrder& order, Incoming incoming);
  // A unit in the place of old, which is as it is now and as the order expects it.
  void StageUpdate(const WriteOrder& order, Incoming incoming, Placed old);
  void StageRemoval(const RemoveOrder& order, Placed old);
  // Makes all that is staged durable and visible.
  void Settle(const Call& call, const Results& results);
  // Nothing of what is staged is wanted any more.
  void Discard();

  // At once; durable with the next Settle(). Gives the unit as it stands then.
  Placed Move(const Placed& placed, std::string_view wanted_path);

 private:
  struct Order {
    Order(uint64_t its_ticket, Incoming its_files)
        : ticket(its_ticket), incoming(std::move(its_files)) {}
    uint64_t ticket;
    Incoming incoming;          // no files: a removal
    std::optional<Placed> old;  // what is replaced or removed
    std::string folder, stem;
    std::string picture;  // of a new unit, as the source knows it
    std::string note;     // for the history: where the date came from
    std::vector<Step> steps;
    std::vector<std::string> away;  // files that go, under temporary names
    Placed now;                     // as it is to stand then; no files: a removal
    std::optional<Error> failure;
    bool removes() const { return now.files.empty(); }
  };

  // Throws CONFLICT or CLASH when the place is taken.
  void MustBeFree(const std::string& folder, const std::vector<std::string>& names);
  // Fills in now and steps.
  void Prepare(Order* order) const;
  void Verify(const Call& call, Order* order);
  void Run(Order* order);
  // After its files were put aside and back again: what is known of them stays, and the version.
  void StandsAsBefore(const Placed& placed);
  // Those of a change that can neither be done nor taken back are left to the next sync.
  void ForgetJournal();
  void Report(Order* order, const Results& results);
  void ReportStored(Order* order, const Results& results);
  // The folder and those above it, as far as nothing is left in them.
  void RemoveEmptied(std::string_view folder) const;

  const Host* const host_;
  const platform::Dir* const dir_;
  const Manner* const manner_;
  FileMemory* const memory_;
  Journal* const journal_;
  record_files::Temporaries* const temporaries_;
  PlacedUnits* const units_;
  std::vector<Order> orders_;
  bool touched_ = false;     // something was moved since the last Settle()
  bool unfinished_ = false;  // the journal is still needed
  TakenNames names_;         // of this batch, with the staged ones
};

// What is remembered of a unit that came in, by its key: where it comes from.
struct Origin {
  std::string folder, stem;  // at the source
  std::string kept;          // KeptOf() the source
  std::string own_kept;      // KeptOf() here
  bool verified = false;     // it was read back from the disk
};
void RememberOrigin(const Host& host, std::string_view key, const Origin& origin);
std::optional<Origin> RecallOrigin(const Host& host, std::string_view key);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_STORE_H_

// What is kept as the ancestor of a later merge: the content that both sides now hold, or its
// essence where the provider tells one (provider.h). See apply.h; contents that pass through here
// on their way to the other side are kept there.
#include <utility>

#include "host/engine/apply.h"
#include "host/engine/apply_job.h"

namespace syncline::engine {

bool Applier::MergesEssences() const {
  return engine::MergesEssences(*replicas_[0], *replicas_[1]);
}

// Whether the provider may copy it by itself. A whole content that is to be the ancestor of a later
// merge has to pass through here.
bool Applier::MayCopy(const Record& record) const {
  return !record.mergeable() || MergesEssences();
}

// Of a record that both sides hold alike. Without an ancestor a later merge works with an empty
// base: worse, but nothing is lost.
void Applier::KeepAncestor(Job* job) {
  Entry& entry = *job->entry;
  const Record* record = entry.record[0].get();
  const bool mergeable =
      record != nullptr ? record->mergeable() : (entry.base->flags & SYNCLINE_MERGEABLE) != 0;
  if (!mergeable) return;
  if (MergesEssences()) {
    const Outcome kept = KeepEssence(job, Side::kA);
    // The next sync finds both alike again and keeps it then.
    if (kept.status == SYNCLINE_CANCELLED) job->Fail(Side::kA, kept);
    return;
  }
  std::string content;
  Record as_read;
  monitor_->AtWork("read", Side::kA, entry.Key(), entry.Name());
  const Outcome outcome = replicas_[0]->Read(entry.Id(Side::kA), kMergeLimit, &content, &as_read);
  if (outcome.ok() && as_read.version == entry.Version(Side::kA)) {
    job->ancestor = std::move(content);
  }
}

// Of what a side holds. Not OK: it is another version by now, or the sync is cancelled. Where the
// provider cannot tell it for another reason none is kept, as above.
Outcome Applier::KeepEssence(Job* job, Side from) {
  const Entry& entry = *job->entry;
  std::string essence;
  Record as_read;
  monitor_->AtWork("read", from, entry.Key(), entry.Name());
  Outcome outcome = replicas_[Index(from)]->Essence(entry.Id(from), SYNCLINE_FOR_ANCESTOR,
                                                    kMergeLimit, &essence, &as_read);
  if (outcome.status == SYNCLINE_CANCELLED || outcome.status == SYNCLINE_CONFLICT) return outcome;
  if (!outcome.ok()) return {};
  if (as_read.version != entry.Version(from)) {
    return Outcome::Error(SYNCLINE_CONFLICT, "it changed while it was read");
  }
  job->ancestor = std::move(essence);
  return {};
}

}  // namespace syncline::engine

// One entry on its way through the applier: what was ordered for it, and what came back.
#ifndef SYNCLINE_HOST_ENGINE_APPLY_JOB_H_
#define SYNCLINE_HOST_ENGINE_APPLY_JOB_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "host/engine/apply.h"

namespace syncline::engine {

struct Applier::Job {
  Entry* entry = nullptr;
  Action action = Action::kNone;
  const MoveStep* step = nullptr;  // this job is a move
  bool beside = false;             // this job stores B's version beside A's
  bool ordering = true;            // more orders may follow
  bool over = false;
  bool shown =
      false;        // counted as done in the progress; settling a batch must not look like a stop
  int waiting = 0;  // orders whose result has not come
  std::unique_ptr<Record> stored[2];
  std::optional<Outcome> failure;
  Side failed_side = Side::kB;
  std::optional<std::string> ancestor;

  using Tickets = absl::flat_hash_map<uint64_t, std::pair<Job*, Side>>;
  uint64_t Order(Side side, uint64_t* next_ticket, Tickets* tickets) {
    const uint64_t ticket = (*next_ticket)++;
    tickets->emplace(ticket, std::make_pair(this, side));
    ++waiting;
    return ticket;
  }
  void Withdraw(uint64_t ticket, Tickets* tickets) {
    if (tickets->erase(ticket) != 0) --waiting;
  }
  void Fail(Side side, Outcome outcome) {
    if (failure.has_value()) return;
    failure = std::move(outcome);
    failed_side = side;
  }
};

// Whether what both sides hold alike is none of what the baseline knows.
inline bool AgreesAnew(const Entry& entry) {
  return entry.state[0] != State::kUnchanged && entry.state[1] != State::kUnchanged;
}

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_APPLY_JOB_H_

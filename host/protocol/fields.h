// The fields of every message, listed once for encoding and decoding. Internal to host/protocol.
#ifndef SYNCLINE_HOST_PROTOCOL_FIELDS_H_
#define SYNCLINE_HOST_PROTOCOL_FIELDS_H_

#include <type_traits>

#include "host/protocol/messages.h"

namespace syncline::protocol {

// M is T or const T: a writer visits what it must not change.
template <typename M, typename T>
concept Of = std::is_same_v<std::remove_const_t<M>, T>;

template <typename V, Of<Counts> M>
void Fields(V& v, M& m) {
  v("unchanged", m.unchanged), v("created", m.created), v("updated", m.updated);
  v("removed", m.removed), v("moved", m.moved), v("merged", m.merged);
  v("conflicts", m.conflicts), v("failed", m.failed), v("adopted", m.adopted);
  v("skipped", m.skipped), v("bytes", m.bytes);
}

template <typename V, Of<Conflict> M>
void Fields(V& v, M& m) {
  v("kind", m.kind), v("key", m.key), v("record", m.record), v("reason", m.reason);
  v("side_a", m.side_a_json), v("side_b", m.side_b_json), v("decision", m.decision);
  v("choices", m.choices_json);
}

template <typename V, Of<Start> M>
void Fields(V& v, M& m) {
  v("item_id", m.item_id), v("item_name", m.item_name), v("provider", m.provider);
  v("library", m.library), v("folder", m.folder);
  v("location_a", m.location_a), v("location_b", m.location_b), v("settings", m.settings);
  v("direction", m.direction), v("conflict_policy", m.conflict_policy), v("filters", m.filters);
  v("dry_run", m.dry_run), v("allow_deletes", m.allow_deletes), v("accept_root", m.accept_root);
  v("only_decided", m.only_decided), v("decided", m.decided), v("avoid", m.avoid);
  v("check_only", m.check_only), v("relayout", m.relayout), v("tell_safe", m.tell_safe);
}

template <typename V, Of<Cancel> M>
void Fields(V&, M&) {}

template <typename V, Of<Progress> M>
void Fields(V& v, M& m) {
  v("phase", m.phase), v("records_scanned", m.records_scanned);
  v("records_done", m.records_done), v("records_total", m.records_total);
  v("bytes_done", m.bytes_done), v("bytes_total", m.bytes_total), v("current", m.current);
  v("activity", m.activity), v("flushing", m.flushing);
}

template <typename V, Of<Event> M>
void Fields(V& v, M& m) {
  v("time_ns", m.time_ns), v("level", m.level), v("record", m.record), v("name", m.name);
  v("text", m.text);
}

template <typename V, Of<Events> M>
void Fields(V& v, M& m) {
  v("events", m.events);
}

template <typename V, Of<PlanEntry> M>
void Fields(V& v, M& m) {
  v("action", m.action), v("side", m.side), v("record", m.record), v("from", m.from);
  v("bytes", m.bytes);
}

template <typename V, Of<Plan> M>
void Fields(V& v, M& m) {
  v("entries", m.entries);
}

template <typename V, Of<SafeRecord> M>
void Fields(V& v, M& m) {
  v("record", m.record), v("safe", m.safe), v("reason", m.reason);
}

template <typename V, Of<SafeRecords> M>
void Fields(V& v, M& m) {
  v("records", m.records);
}

template <typename V, Of<Done> M>
void Fields(V& v, M& m) {
  v("result", m.result), v("message", m.message), v("setting", m.setting), v("counts", m.counts);
}

template <typename V, Of<ProbeAnswer> M>
void Fields(V& v, M& m) {
  v("is_provider", m.is_provider), v("abi_major", m.abi_major), v("abi_minor", m.abi_minor);
  v("manifest", m.manifest), v("reason", m.reason);
}

}  // namespace syncline::protocol

#endif  // SYNCLINE_HOST_PROTOCOL_FIELDS_H_

// Which records of an item are safe on its other side: a worker looks at both, without a session.
#include <utility>

#include "host/handler/handler_impl.h"
#include "host/protocol/text.h"
#include "sdk/platform/file_system.h"

namespace syncline::handler {
namespace {

// The setting by which a provider says that it reads back what it stored (provider.h).
constexpr char kVerify[] = "verify";

class Listener : public session::WorkerListener {
 public:
  Listener(const std::string& item, session::ProgressHub* hub) : item_(item), hub_(hub) {}

  void OnProgress(const protocol::Progress& progress) override { hub_->Update(item_, progress); }
  void OnSafe(protocol::SafeRecords told) override {
    for (protocol::SafeRecord& record : told.records) {
      ++(record.safe ? report_.safe : report_.not_safe);
      report_.records.push_back(std::move(record));
    }
  }
  bool IsCancelled() override { return hub_->IsCancelled(item_); }

  SafeReport Take() && { return std::move(report_); }

 private:
  const std::string& item_;
  session::ProgressHub* const hub_;
  SafeReport report_;
};

absl::Status StatusOf(const session::WorkerOutcome& outcome, const std::string& message) {
  if (outcome.Misbehaved()) return absl::AbortedError(message);
  switch (outcome.done.result) {
    case protocol::Result::kDone:
      return absl::OkStatus();
    case protocol::Result::kCancelled:
      return absl::CancelledError("cancelled");
    case protocol::Result::kBusy:
      return absl::FailedPreconditionError(message);
    default:
      return absl::UnavailableError(message);
  }
}

}  // namespace

absl::StatusOr<std::optional<SafeReport>> HandlerImpl::Safe(std::string_view id_or_name,
                                                            CancelToken* cancel,
                                                            ProgressSink* sink) {
  const absl::StatusOr<storage::ItemRow> row = FindRow(id_or_name);
  if (!row.ok()) return row.status();
  absl::Status status = catalog_.Refresh();
  // Whether it verifies is the provider's to say; that it is missing shows in the item itself.
  if (!status.ok()) return std::nullopt;
  const absl::StatusOr<catalog::Provider> provider = catalog_.Find(row->provider);
  if (!provider.ok()) return std::nullopt;
  protocol::Start start = session::StartOf(*row, *provider, home_);
  const auto verify = start.settings.find(kVerify);
  if (verify == start.settings.end() || verify->second != "yes") return std::nullopt;
  start.tell_safe = true;
  start.dry_run = true;
  status = platform::MakeDirs(start.folder);
  if (!status.ok()) return status;

  session::ProgressHub hub(sink, cancel, clock_);
  hub.AddItem(row->id, row->name);
  hub.Announce();
  Listener listener(row->id, &hub);
  const session::WorkerOutcome outcome =
      session::RunWorker(worker_, start, limits_, &listener, clock_);
  ItemReport ended;
  ended.item = row->id;
  ended.name = row->name;
  ended.result = outcome.done.result;
  ended.message = session::Describe(outcome, start);
  hub.Ended(ended);
  hub.Finish(ended.result);
  status = StatusOf(outcome, ended.message);
  if (!status.ok()) return status;
  return std::move(listener).Take();
}

}  // namespace syncline::handler

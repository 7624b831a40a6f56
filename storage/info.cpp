// The identity of the main database.
#include "absl/strings/str_cat.h"
#include "sdk/platform/clock.h"
#include "storage/main_store.h"

namespace syncline::storage {

absl::StatusOr<InfoRow> InfoTable::Get(std::string_view program_version, int64_t now_ns) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    absl::StatusOr<Statement> s =
        db_->Prepare("SELECT uuid, created_ns, created_by FROM database_info WHERE one = 1");
    if (!s.ok()) return s.status();
    if (s->Step()) {
      return InfoRow{std::string(s->Text(0)), s->Int(1), std::string(s->Text(2))};
    }
    if (!s->status().ok()) return s->status();
    // Two processes may come here at once: the first one's row stays and both read it.
    absl::Status status = db_->Run(
        "INSERT INTO database_info (one, uuid, created_ns, created_by) VALUES (1, ?1, ?2, ?3) "
        "ON CONFLICT (one) DO NOTHING",
        platform::RandomHex(16), now_ns, program_version);
    if (!status.ok()) return status;
  }
  return absl::InternalError(absl::StrCat(db_->path(), ": its identity could not be stored."));
}

}  // namespace syncline::storage

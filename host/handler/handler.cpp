// Opening the handler, and its providers.
#include "host/handler/handler.h"

#include <utility>

#include "host/handler/data_folder.h"
#include "host/handler/handler_impl.h"
#include "host/protocol/text.h"
#include "sdk/platform/file_system.h"
#include "sdk/platform/process.h"

namespace syncline {

absl::StatusOr<std::unique_ptr<Handler>> Handler::Open(const Options& options) {
  absl::StatusOr<std::string> home = handler::DataFolder(options.home);
  if (!home.ok()) return home.status();
  const absl::StatusOr<std::string> program = platform::ProgramPath();
  if (!program.ok()) return program.status();

  handler::HandlerImpl::Parts parts;
  parts.home = *home;
  parts.clock = platform::Clock::Real();
  parts.database_path = platform::JoinPath(*home, "syncline.db");
  for (storage::Database* database : {&parts.database, &parts.catalog_database}) {
    absl::StatusOr<storage::Database> opened =
        storage::Database::Open(parts.database_path, {.kind = "syncline"});
    if (!opened.ok()) return opened.status();
    *database = *std::move(opened);
  }
  absl::StatusOr<storage::InfoRow> info =
      storage::InfoTable(&parts.database)
          .Get(SYNCLINE_VERSION, absl::ToUnixNanos(parts.clock->Now()));
  if (!info.ok()) return info.status();
  parts.database_uuid = info->uuid;

  const std::string program_folder = platform::ParentPath(*program);
  parts.worker = options.worker.empty() ? handler::FindWorker(program_folder)
                                        : platform::AbsolutePath(options.worker);
  parts.limits = session::LimitsWith(options.hang_limit);
  parts.parallel = options.parallel_items;
  parts.catalog.home = *home;
  parts.catalog.built_in = catalog::BuiltInFolders(program_folder);
  parts.catalog.extra = catalog::SplitSearchPath(platform::Environment("SYNCLINE_PLUGIN_PATH"));
  for (const std::string& folder : options.plugin_folders) {
    parts.catalog.extra.push_back(platform::AbsolutePath(folder));
  }
  parts.catalog.worker = parts.worker;
  // Who waits less for a provider at work does not wait longer for one that is loaded.
  parts.catalog.probe_limit = std::min(parts.catalog.probe_limit, parts.limits.hang);
  return std::make_unique<handler::HandlerImpl>(std::move(parts));
}

namespace handler {

HandlerImpl::HandlerImpl(Parts parts)
    : home_(parts.home),
      database_path_(parts.database_path),
      database_uuid_(parts.database_uuid),
      worker_(parts.worker),
      limits_(parts.limits),
      parallel_(parts.parallel),
      clock_(parts.clock),
      database_(std::move(parts.database)),
      catalog_database_(std::move(parts.catalog_database)),
      catalog_(parts.catalog, &catalog_database_, parts.clock) {}

absl::StatusOr<std::vector<ProviderInfo>> HandlerImpl::Providers() {
  absl::Status status = catalog_.Refresh();
  if (!status.ok()) return status;
  std::vector<ProviderInfo> providers;
  for (const catalog::Library& library : catalog_.Libraries()) {
    ProviderInfo& info = providers.emplace_back();
    info.file = protocol::DisplayText(library.path);
    info.state = library.state;
    info.reason = library.reason;
    info.id = library.provider;
    if (info.id.empty()) {
      const std::string name = protocol::DisplayText(platform::BaseName(library.path));
      info.id = name.substr(0, name.rfind('.'));
    }
    info.name = info.id;
    if (!library.manifest) continue;
    info.name = library.manifest->name;
    info.version = library.manifest->version;
    info.description = library.manifest->description;
    info.direction = library.manifest->direction;
    for (const catalog::Manifest::Setting& s : library.manifest->settings) {
      info.settings.push_back(
          {s.key, s.type, s.default_value, s.label, s.help, s.required, s.choices});
    }
  }
  return providers;
}

absl::Status HandlerImpl::RetryProvider(std::string_view id_or_file) {
  return catalog_.Retry(id_or_file);
}

}  // namespace handler
}  // namespace syncline

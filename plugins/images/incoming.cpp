// Units on their way in. See incoming.h.
#include "plugins/images/incoming.h"

#include <algorithm>
#include <utility>

#include "plugins/images/below.h"
#include "plugins/images/bytes.h"
#include "plugins/record_files/refusal.h"

namespace syncline::images {
namespace {

using platform::Dir;
using platform::File;
using record_files::FromSystem;
using record_files::FromWriting;
using record_files::Join;
using record_files::Quoted;
using record_files::Words;

// Of what is read at once, for a file of that size. No more than it takes: a fresh MiB costs a page
// fault for each 4 KiB of it, which is most of the price of copying a small picture.
std::string BlockFor(uint64_t size) {
  constexpr uint64_t kLargest = uint64_t{1} << 20;
  return std::string(static_cast<size_t>(std::clamp<uint64_t>(size, 4095, kLargest - 1) + 1), '\0');
}
constexpr std::string_view kWhere = "folder=";  // in the attributes of a main member

Error NotReadable(const absl::Status& status, std::string_view path) {
  return FromSystem(status, Join({Quoted(path), " cannot be read"}));
}
Error NotWritable(const absl::Status& status, std::string_view key) {
  return FromWriting(status, Join({Quoted(key), " cannot be written"}));
}

}  // namespace

Incoming::~Incoming() {
  for (const IncomingFile& file : files) {
    if (!file.temporary.empty()) platform::RemoveFile(*dir_, file.temporary).IgnoreError();
  }
}

Unit Incoming::unit() const {
  Unit unit;
  unit.stem = stem;
  for (const IncomingFile& file : files) unit.members.push_back(file.member);
  return unit;
}

FileWriter::FileWriter(const Dir& dir, std::string temporary, const PictureData* data, bool hash)
    : dir_(dir),
      temporary_(std::move(temporary)),
      file_(platform::CreateFile(dir_, temporary_, 0666)) {
  if (data != nullptr) digest_.emplace(*data);
  if (hash) whole_.emplace();
}

absl::Status FileWriter::Write(std::string_view piece) {
  if (!file_.ok()) return file_.status();
  if (digest_) digest_->Feed(piece);
  if (whole_) whole_->Add(piece);
  return platform::WriteAll(*file_, piece.data(), piece.size());
}

absl::Status FileWriter::Finish(int64_t mtime_ns, IncomingFile* file) {
  if (!file_.ok()) return file_.status();
  absl::Status status;
  if (mtime_ns != SYNCLINE_UNKNOWN_TIME) status = platform::SetModified(*file_, mtime_ns);
  // A disk that keeps no times, or not this one (1904), is no reason to refuse the picture.
  if (absl::IsInvalidArgument(status) || absl::IsUnimplemented(status) ||
      absl::IsPermissionDenied(status)) {
    status = absl::OkStatus();
  }
  if (status.ok()) status = platform::StatHandle(*file_, &file->known.info);
  if (!status.ok()) return status;
  file->known.changed_ns = file->known.info.changed_ns;
  file->temporary = temporary_;
  if (digest_) file->known.digest = digest_->Finish();
  if (whole_) file->written = whole_->Finish();
  return absl::OkStatus();
}

Incoming CopyUnit(const Call& call, const Dir& from, Placed* placed, const Dir& to,
                  record_files::Temporaries* temporaries, bool hash, std::string_view key) {
  const absl::StatusOr<Dir> dir = OpenBelow(from, placed->folder);
  if (!dir.ok()) throw NotReadable(dir.status(), placed->folder);
  Incoming incoming(&to);
  incoming.stem = placed->unit.stem;
  incoming.folder = placed->folder;
  incoming.kept = KeptOf(*placed);
  uint64_t done = 0;
  for (size_t i = 0; i < placed->files.size(); ++i) {
    KnownFile& known = placed->files[i];
    const std::string path = placed->PathOf(i);
    record_files::WaitForTick(known.info);
    const absl::StatusOr<File> file = platform::OpenFile(*dir, placed->unit.members[i].name);
    if (!file.ok()) throw NotReadable(file.status(), path);
    absl::StatusOr<PictureData> data = PictureData{};
    if (known.format != Format::kNone) {
      FileBytes bytes(*file, known.info.size);  // reads at offsets: the file stays at its start
      data = FindPictureData(known.format, bytes);
      if (!data.ok()) throw NotReadable(data.status(), path);
    }
    FileWriter writer(to, temporaries->NewName(nullptr),
                      known.format == Format::kNone ? nullptr : &*data, hash);
    IncomingFile copy;
    copy.member = placed->unit.members[i];
    copy.temporary = writer.name();
    copy.known = known;
    // Whatever happens from here, the temporary goes with `incoming`.
    incoming.files.push_back(copy);
    std::string block = BlockFor(known.info.size);
    for (;;) {
      call.ThrowIfCancelled();
      const absl::StatusOr<size_t> count = platform::Read(*file, block.data(), block.size());
      if (!count.ok()) throw NotReadable(count.status(), path);
      if (*count == 0) break;
      const absl::Status written = writer.Write({block.data(), *count});
      if (!written.ok()) throw NotWritable(written, key);
      call.Progress(done += *count, placed->size());
    }
    const absl::Status finished = writer.Finish(known.info.modified_ns, &copy);
    if (!finished.ok()) throw NotWritable(finished, key);
    known.digest = copy.known.digest;
    incoming.files.back() = std::move(copy);
  }
  return incoming;
}

void SendUnit(const Call& call, const Dir& root, const Placed& placed, const ByteSink& content) {
  const absl::StatusOr<Dir> dir = OpenBelow(root, placed.folder);
  if (!dir.ok()) throw NotReadable(dir.status(), placed.folder);
  std::vector<StreamMember> members;
  for (size_t i = 0; i < placed.files.size(); ++i) {
    const Member& member = placed.unit.members[i];
    members.push_back({member.role, member.tail, placed.files[i].info.size,
                       placed.files[i].info.modified_ns,
                       i == 0 ? Join({kWhere, placed.folder}) : std::string()});
  }
  const absl::StatusOr<std::string> header = UnitHeader(placed.unit.stem, members);
  if (!header.ok()) {
    throw Error(SYNCLINE_INVALID,
                Join({Quoted(placed.PathOf(0)), " cannot be sent: ", Words(header.status())}));
  }
  content.Write(*header);
  uint64_t sent = 0;
  std::string block = BlockFor(placed.size());
  for (size_t i = 0; i < placed.files.size(); ++i) {
    record_files::WaitForTick(placed.files[i].info);
    const absl::StatusOr<File> file = platform::OpenFile(*dir, placed.unit.members[i].name);
    if (!file.ok()) throw NotReadable(file.status(), placed.PathOf(i));
    for (uint64_t left = placed.files[i].info.size; left > 0;) {
      call.ThrowIfCancelled();
      const absl::StatusOr<size_t> count =
          platform::Read(*file, block.data(), std::min<uint64_t>(left, block.size()));
      if (!count.ok()) throw NotReadable(count.status(), placed.PathOf(i));
      if (*count == 0) {
        throw Error(SYNCLINE_CONFLICT,
                    Join({Quoted(placed.PathOf(i)),
                          " became shorter while it was read. Sync again to look at it anew."}));
      }
      content.Write({block.data(), *count});
      left -= *count;
      call.Progress(sent += *count, placed.size());
    }
    // Growth shows in the version, which the caller looks at once more.
  }
}

namespace {

// Takes a stream into temporary files.
class Receiver : public UnitSink {
 public:
  Receiver(const Dir& dir, record_files::Temporaries* temporaries, bool hash, Incoming* into)
      : dir_(dir), temporaries_(temporaries), hash_(hash), into_(into) {}

  absl::Status Unit(const StreamUnit& unit) override {
    unit_ = unit;
    into_->stem = unit.stem;
    const std::string& where = unit.members.front().attributes;
    if (where.starts_with(kWhere)) into_->folder = where.substr(kWhere.size());
    return IsPlainFolder(into_->folder)
               ? absl::OkStatus()
               : absl::InvalidArgumentError("its folder is no folder of this side");
  }
  absl::Status Begin(size_t member) override {
    // What of it is the picture shows only when all of it is here; its digest is taken on demand.
    writer_.emplace(dir_, temporaries_->NewName(nullptr), nullptr, hash_);
    const StreamMember& from = unit_.members[member];
    IncomingFile file;
    file.member = {Join({unit_.stem, from.tail}), from.role, from.tail};
    file.temporary = writer_->name();
    into_->files.push_back(std::move(file));
    return absl::OkStatus();
  }
  absl::Status Bytes(std::string_view piece) override { return writer_->Write(piece); }
  absl::Status End(size_t member) override {
    IncomingFile& file = into_->files.back();
    absl::Status status = writer_->Finish(unit_.members[member].mtime_ns, &file);
    if (!status.ok()) return status;
    const platform::FileInfo info = file.known.info;
    absl::StatusOr<KnownFile> known = Examine(dir_, file.temporary, info);
    if (!known.ok()) return known.status();
    file.known = *std::move(known);
    return absl::OkStatus();
  }

 private:
  const Dir& dir_;
  record_files::Temporaries* const temporaries_;
  const bool hash_;
  Incoming* const into_;
  StreamUnit unit_;
  std::optional<FileWriter> writer_;
};

}  // namespace

Incoming ReceiveUnit(const Call& call, const ByteSource& content, const Dir& to,
                     record_files::Temporaries* temporaries, bool hash, std::string_view key) {
  Incoming incoming(&to);
  Receiver receiver(to, temporaries, hash, &incoming);
  const uint64_t total = content.total();
  UnitReader reader(&receiver, total == SYNCLINE_UNKNOWN_SIZE ? kUnknownTotal : total);
  std::string block = BlockFor(total);
  uint64_t done = 0;
  absl::Status status;
  while (const size_t count = content.Read(block.data(), block.size())) {
    call.ThrowIfCancelled();
    status = reader.Feed({block.data(), count});
    if (!status.ok()) break;
    call.Progress(done += count, total);
  }
  if (status.ok()) status = reader.Finish();
  if (absl::IsInvalidArgument(status) || absl::IsDataLoss(status)) {
    throw Error(SYNCLINE_INVALID, Join({Quoted(key), " cannot be stored: ", Words(status)}));
  }
  if (!status.ok()) throw NotWritable(status, key);
  return incoming;
}

absl::StatusOr<std::string> ReadBack(const Dir& dir, const std::string& name) {
  const absl::StatusOr<File> file = platform::OpenFile(dir, name);
  if (!file.ok()) return file.status();
  platform::FileInfo info;
  const absl::Status seen = platform::StatHandle(*file, &info);
  if (!seen.ok()) return seen;
  platform::DropCache(*file);
  StreamHash hash;
  std::string block = BlockFor(info.size);
  for (;;) {
    const absl::StatusOr<size_t> count = platform::Read(*file, block.data(), block.size());
    if (!count.ok()) return count.status();
    if (*count == 0) break;
    hash.Add({block.data(), *count});
  }
  return hash.Finish();
}

}  // namespace syncline::images

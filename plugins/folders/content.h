// Where the content and metadata of a record to be stored come from: bytes from Syncline, or a
// record of another replica of this provider.
#ifndef SYNCLINE_PLUGINS_FOLDERS_CONTENT_H_
#define SYNCLINE_PLUGINS_FOLDERS_CONTENT_H_

#include <cstdint>
#include <string>

#include "plugins/folders/outcome.h"
#include "plugins/folders/version.h"
#include "sdk/platform/file_system.h"
#include "syncline/provider.h"

namespace syncline::folders {

// Waits until a further write could no longer get the same time stamps: a clock tick of the kernel
// is at most 10 ms (CONFIG_HZ=100).
void WaitForTick(const platform::FileInfo& info);
// Equal in everything that a write or a change of metadata alters.
bool Untouched(const platform::FileInfo& a, const platform::FileInfo& b);

class Content {
 public:
  virtual ~Content() = default;
  // A file's bytes into an empty one.
  virtual Outcome Fill(const platform::File& to) = 0;
  // After Fill(): *whole false means that the source changed while it was read; metadata is as it
  // is now and Fill() may be called again.
  virtual Outcome LookAgain(bool* whole) = 0;

  Attributes attributes;
  int64_t modified_ns = SYNCLINE_UNKNOWN_TIME;
  std::string link_target;
};

class ByteContent final : public Content {
 public:
  ByteContent(const syncline_call* call, const syncline_byte_source* source,
              const syncline_record* wanted);
  // Reads a link's target. FAILED: longer than a link can be.
  Outcome ReadTarget();
  Outcome Fill(const platform::File& to) override;
  Outcome LookAgain(bool* whole) override;

 private:
  const syncline_call* const call_;
  const syncline_byte_source* const source_;
  std::string id_;
};

class FileContent final : public Content {
 public:
  explicit FileContent(const syncline_call* call) : call_(call) {}
  // NOT_FOUND: gone. CONFLICT: not version any more. look is what was found under name.
  Outcome Open(const platform::Dir& folder, const std::string& name, std::string_view id,
               const platform::FileInfo& look);
  Outcome Fill(const platform::File& to) override;
  Outcome LookAgain(bool* whole) override;

 private:
  Outcome ReadMetadata();

  const syncline_call* const call_;
  std::string id_;
  platform::File file_;
  platform::FileInfo info_;
};

}  // namespace syncline::folders

#endif  // SYNCLINE_PLUGINS_FOLDERS_CONTENT_H_

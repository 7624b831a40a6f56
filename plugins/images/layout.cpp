#include "plugins/images/layout.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "plugins/images/layout_names.h"

namespace syncline::images {
namespace {

constexpr std::string_view kUnknown = "unknown";
// Of {folder}, as a multiple of the limit of one part.
constexpr size_t kFolderParts = 2;
// Parts are cut shorter where the whole path would be longer: macOS takes 1,024 bytes.
constexpr size_t kPathLimit = 900;
constexpr size_t kShortestLimit = 6;

// The facts' folder with safe parts; its last ones when it is too long.
std::string SafeFolder(std::string_view folder, size_t limit) {
  std::vector<std::string> parts;
  size_t size = 0;
  while (!folder.empty()) {
    const size_t slash = folder.find_last_of("/\\");
    const bool only = slash == std::string_view::npos;
    const std::string_view part = only ? folder : folder.substr(slash + 1);
    folder = only ? std::string_view() : folder.substr(0, slash);
    if (part.empty() || part == "." || part == "..") continue;
    parts.push_back(SafeName(SafeCharacters(part), limit));
    size += parts.back().size() + 1;
    if (size > kFolderParts * limit) {
      if (parts.size() > 1) parts.pop_back();
      break;
    }
  }
  std::string safe;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    absl::StrAppend(&safe, safe.empty() ? "" : "/", *part);
  }
  return safe;
}

std::string SafeValue(std::string_view value) {
  std::string safe = SafeCharacters(value);
  while (safe.ends_with(' ')) safe.pop_back();
  safe.erase(0, safe.find_first_not_of(' '));
  return safe.empty() ? std::string(kUnknown) : safe;
}

std::string ValueOf(Layout::Field field, int digits, const PictureFacts& facts, size_t limit) {
  const absl::CivilSecond& local = facts.taken.local;
  switch (field) {
    case Layout::Field::kYear:
      return absl::StrFormat("%04d", local.year());
    case Layout::Field::kMonth:
      return absl::StrFormat("%02d", local.month());
    case Layout::Field::kDay:
      return absl::StrFormat("%02d", local.day());
    case Layout::Field::kHour:
      return absl::StrFormat("%02d", local.hour());
    case Layout::Field::kMinute:
      return absl::StrFormat("%02d", local.minute());
    case Layout::Field::kSecond:
      return absl::StrFormat("%02d", local.second());
    case Layout::Field::kSubsecond:
      return absl::StrFormat("%03d", facts.taken.nanos / 1'000'000);
    case Layout::Field::kDate:
      return absl::StrFormat("%04d%02d%02d", local.year(), local.month(), local.day());
    case Layout::Field::kTime:
      return absl::StrFormat("%02d%02d%02d", local.hour(), local.minute(), local.second());
    case Layout::Field::kName:
      return SafeValue(facts.name);
    case Layout::Field::kFolder:
      return SafeFolder(facts.folder, limit);
    case Layout::Field::kMaker:
      return SafeValue(facts.maker);
    case Layout::Field::kCamera:
      return SafeValue(facts.camera);
    case Layout::Field::kCounter:
      return absl::StrFormat("%0*d", digits, facts.counter);
  }
  return std::string(kUnknown);
}

bool IsText(Layout::Field field) {
  return field == Layout::Field::kName || field == Layout::Field::kMaker ||
         field == Layout::Field::kCamera;
}

}  // namespace

std::string Layout::RenderPart(const Part& part, const PictureFacts& facts, size_t limit) {
  std::vector<std::string> values;
  size_t size = 0;
  for (const Piece& piece : part) {
    values.push_back(piece.is_field ? ValueOf(piece.field, piece.digits, facts, limit)
                                    : piece.literal);
    // A folder alone in its part leaves the part out when there is none.
    if (values.back().empty() && part.size() > 1) values.back() = kUnknown;
    size += values.back().size() - (values.back().rfind('/') + 1);
  }
  // Too long: the longest texts give way, so that a date or a counter behind them stays.
  while (size > limit) {
    std::string* longest = nullptr;
    for (size_t i = 0; i < part.size(); ++i) {
      if (!part[i].is_field || !IsText(part[i].field)) continue;
      if (longest == nullptr || values[i].size() > longest->size()) longest = &values[i];
    }
    if (longest == nullptr || longest->size() <= 1) break;
    const size_t before = longest->size();
    const size_t excess = size - limit;
    longest->resize(CutName(*longest, before > excess ? before - excess : 1).size());
    if (longest->empty()) *longest = "_";
    if (longest->size() == before) break;
    size -= before - longest->size();
  }
  std::string text;
  for (const std::string& value : values) text += value;
  return text;
}

std::string Layout::Render(const PictureFacts& facts) const {
  std::string path = RenderPath(facts, kPartLimit);
  for (size_t limit = kPartLimit / 2; path.size() > kPathLimit && limit >= kShortestLimit;
       limit /= 2) {
    path = RenderPath(facts, limit);
  }
  return path;
}

std::string Layout::RenderPath(const PictureFacts& facts, size_t limit) const {
  std::string path;
  for (const Part& part : parts_) {
    const std::string text = RenderPart(part, facts, limit);
    // {folder} brings its own parts along.
    for (size_t start = 0; start < text.size();) {
      const size_t end = std::min(text.find('/', start), text.size());
      absl::StrAppend(&path, path.empty() ? "" : "/",
                      SafeName(text.substr(start, end - start), limit));
      start = end + 1;
    }
    if (text.empty() && &part == &parts_.back()) {
      absl::StrAppend(&path, path.empty() ? "" : "/", std::string(kUnknown));
    }
  }
  return path;
}

std::string Layout::Example() const {
  PictureFacts facts;
  facts.taken.local = absl::CivilSecond(2026, 5, 4, 13, 21, 59);
  facts.taken.nanos = 420'000'000;
  facts.name = "IMG_1234";
  facts.folder = "DCIM/100CANON";
  facts.maker = "Canon";
  facts.camera = "EOS R5";
  return Render(facts) + ".JPG";
}

bool Layout::uses_counter() const {
  for (const Part& part : parts_) {
    for (const Piece& piece : part) {
      if (piece.is_field && piece.field == Field::kCounter) return true;
    }
  }
  return false;
}

}  // namespace syncline::images

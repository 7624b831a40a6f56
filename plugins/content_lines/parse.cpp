// Logical lines to components.
#include <array>
#include <optional>
#include <utility>

#include "plugins/content_lines/component.h"
#include "plugins/content_lines/line_reader.h"
#include "plugins/content_lines/read_property.h"
#include "plugins/content_lines/words.h"

namespace syncline::content_lines {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
// iCalendar needs three levels, an AGENT in an AGENT four; more is no calendar but an attack on
// whatever walks over the tree.
constexpr size_t kDeepest = 32;

// The NAME of "BEGIN:NAME" or "END:NAME", or nothing. word: upper case.
std::string_view NameAfter(std::string_view line, std::string_view word) {
  if (line.size() <= word.size() || !EqualWords(line.substr(0, word.size()), word)) return {};
  line.remove_prefix(word.size());
  while (!line.empty() && IsSpace(line.front())) line.remove_prefix(1);
  if (line.empty() || line.front() != ':') return {};
  return Trimmed(line.substr(1));
}

class Parser {
 public:
  explicit Parser(std::string_view bytes) : reader_(bytes) {}

  Document Run() {
    while (!reader_.done()) {
      if (open_.empty()) {
        Outside();
      } else {
        reader_.NextLogical();
        Inside();
      }
    }
    CloseTo(0);
    return std::move(document_);
  }

 private:
  void Between(std::string_view text) {
    if (text.empty()) return;
    if (document_.pieces.empty() || document_.pieces.back().component != nullptr) {
      document_.pieces.emplace_back();
    }
    document_.pieces.back().between.append(text);
  }

  void Outside() {
    if (reader_.rest().starts_with(kMark)) {
      Between(kMark);
      reader_.Skip(kMark.size());
      if (reader_.done()) return;
    }
    reader_.NextPhysical();
    const std::string_view name = NameAfter(Trimmed(reader_.text()), "BEGIN");
    if (name.empty()) return Between(reader_.raw());
    Open(name, std::string(reader_.raw()), reader_.line());
  }

  void Inside() {
    const std::string_view text = reader_.text();
    const char first = text.empty() ? '\0' : Upper(text.front());
    if (first == 'E' && End(NameAfter(text, "END"))) return;
    if (first == 'B' && Begin(NameAfter(text, "BEGIN"))) return;
    // Files put together by hand have byte order marks inside.
    if (text.starts_with(kMark) && BeginAfterMark(text)) return;
    if (first == 'A' && BeginInLine(text)) return;
    Property property;
    property.raw = std::string(reader_.raw());
    property.line = reader_.line();
    ReadLine(text, &property);
    open_.back()->children.emplace_back(std::move(property));
  }

  // How many are open when the innermost one of this name is; 0: none is.
  size_t DepthOf(std::string_view name) const {
    for (size_t depth = open_.size(); depth > 0; --depth) {
      if (EqualWords(open_[depth - 1]->name, name)) return depth;
    }
    return 0;
  }

  bool End(std::string_view name) {
    if (name.empty()) return false;
    if (!too_deep_.empty() && EqualWords(too_deep_.back(), name)) {
      too_deep_.pop_back();
      return false;
    }
    const size_t depth = DepthOf(name);
    if (depth == 0) return false;
    CloseTo(depth);
    open_.back()->end_raw = std::string(reader_.raw());
    CloseTo(depth - 1);
    return true;
  }

  bool Begin(std::string_view name) {
    if (name.empty()) return false;
    std::optional<Property> agent = TakeAgent();
    if (agent && open_.size() < kDeepest) {
      Open(name, agent->raw + std::string(reader_.raw()), agent->line);
      return true;
    }
    if (agent) open_.back()->children.emplace_back(*std::move(agent));
    // The next one of a kind begins: the one before has no END.
    const size_t depth = DepthOf(name);
    if (depth > 0) CloseTo(depth - 1);
    if (open_.size() >= kDeepest) {
      too_deep_.emplace_back(name);
      return false;
    }
    Open(name, std::string(reader_.raw()), reader_.line());
    return true;
  }

  // AGENT with nothing behind it, in front of a BEGIN (vCard 2.1, 2.7.1).
  std::optional<Property> TakeAgent() {
    auto& children = open_.back()->children;
    const auto at = [&](size_t from_end) {
      return children.size() < from_end
                 ? nullptr
                 : std::get_if<Property>(&children[children.size() - from_end]);
    };
    // A blank line may stand between.
    const Property* last = at(1);
    const bool blank = last != nullptr && last->name.empty() && last->value.empty();
    Property* found = at(blank ? 2 : 1);
    if (found == nullptr || found->name != "AGENT" || !Trimmed(found->value).empty()) {
      return std::nullopt;
    }
    std::optional<Property> agent = std::move(*found);
    if (blank) {
      agent->raw += last->raw;
      children.pop_back();
    }
    children.pop_back();
    return agent;
  }

  bool BeginAfterMark(std::string_view text) {
    const std::string_view name = NameAfter(text.substr(kMark.size()), "BEGIN");
    const size_t depth = name.empty() ? 0 : DepthOf(name);
    if (depth != 1) return false;
    CloseTo(0);
    Between(kMark);
    Open(name, std::string(reader_.raw().substr(kMark.size())), reader_.line());
    return true;
  }

  // AGENT:BEGIN:VCARD in one line.
  bool BeginInLine(std::string_view text) {
    if (open_.size() >= kDeepest || !EqualWords(text.substr(0, 5), "AGENT")) return false;
    const LineParts parts = PartsOf(text);
    if (!EqualWords(Trimmed(parts.name), "AGENT")) return false;
    const std::string_view name = NameAfter(Trimmed(parts.value), "BEGIN");
    // In vCard 3.0 the whole card is one escaped value (RFC 2426, 3.5.4).
    if (name.empty() || name.find('\\') != std::string_view::npos) return false;
    Open(name, std::string(reader_.raw()), reader_.line());
    return true;
  }

  void Open(std::string_view name, std::string begin_raw, uint64_t line) {
    auto component = std::make_unique<Component>();
    component->name = Upper(name);
    component->begin_raw = std::move(begin_raw);
    component->line = line;
    open_.push_back(std::move(component));
  }

  // Closes components until only this many are open.
  void CloseTo(size_t depth) {
    too_deep_.clear();
    while (open_.size() > depth) {
      std::unique_ptr<Component> component = std::move(open_.back());
      open_.pop_back();
      if (open_.empty()) {
        document_.pieces.emplace_back();
        document_.pieces.back().component = std::move(component);
      } else {
        open_.back()->children.emplace_back(std::move(component));
      }
    }
  }

  LineReader reader_;
  Document document_;
  std::vector<std::unique_ptr<Component>> open_;
  std::vector<std::string> too_deep_;  // names of BEGINs that were taken as properties
};

}  // namespace

Document Parse(std::string_view bytes) {
  Document document = Parser(bytes).Run();
  const size_t first_end = bytes.find_first_of("\r\n");
  document.line_end = first_end == std::string_view::npos
                          ? std::string("\r\n")
                          : std::string(LineEndAt(bytes, first_end));
  return document;
}

}  // namespace syncline::content_lines

// Bytes to logical lines.
#include "plugins/content_lines/line_reader.h"

#include <algorithm>

#include "plugins/content_lines/read_property.h"
#include "plugins/content_lines/words.h"

namespace syncline::content_lines {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

// Whether a line is END and a name: what a soft line break must not swallow.
bool IsEnd(std::string_view line) {
  line = Trimmed(line);
  return EqualWords(line.substr(0, 4), "END:") && line.size() > 4 &&
         line.find_first_of("=;:, ", 4) == std::string_view::npos;
}

// A header folded more often than this hides its encoding: with no limit each fold would be a
// search of the whole line.
constexpr int kLooks = 16;

}  // namespace

size_t LineReader::EndOfLine() {
  // Each is sought once for each time it is passed, so that a file with one of the two only is not
  // searched to its end for every line.
  if (!sought_ || next_feed_ < at_) next_feed_ = std::min(bytes_.find('\n', at_), bytes_.size());
  if (!sought_ || next_carriage_ < at_) {
    next_carriage_ = std::min(bytes_.find('\r', at_), bytes_.size());
  }
  sought_ = true;
  return std::min(next_feed_, next_carriage_);
}

std::string_view LineReader::Take() {
  const size_t start = at_;
  const size_t end = EndOfLine();
  at_ = end + LineEndAt(bytes_, end).size();
  ++next_line_;
  return bytes_.substr(start, end - start);
}

void LineReader::NextPhysical() {
  const size_t start = at_;
  line_ = next_line_;
  text_ = Take();
  raw_ = bytes_.substr(start, at_ - start);
}

void LineReader::Join(std::string_view more) {
  if (text_.data() != joined_.data()) joined_.assign(text_);
  joined_.append(more);
  text_ = joined_;
}

void LineReader::NextLogical() {
  const size_t start = at_;
  line_ = next_line_;
  joined_.clear();
  text_ = Take();
  if (text_.empty()) {
    while (!done() && IsLineEnd(bytes_[at_])) Take();
  } else {
    JoinContinuations();
  }
  raw_ = bytes_.substr(start, at_ - start);
}

void LineReader::JoinContinuations() {
  // Read from the parameters when it first matters, and again while the line has no value yet.
  int looks = 0;
  bool quoted_printable = false;
  bool base64 = false;
  const auto learn = [&] {
    if (looks >= kLooks) return;
    const LineParts parts = PartsOf(text_);
    quoted_printable = SaysQuotedPrintable(parts.parameters);
    base64 = SaysBase64(parts.parameters);
    looks = parts.name.empty() ? looks + 1 : kLooks;
  };
  while (!done()) {
    const size_t next_end = EndOfLine();
    const std::string_view next = bytes_.substr(at_, next_end - at_);
    if (text_.ends_with('=')) {
      learn();
      // A soft line break. The last "=" of a value cut short must not swallow the END.
      if (quoted_printable && !next.empty() && !IsEnd(next)) {
        if (text_.data() != joined_.data()) Join({});
        joined_.pop_back();
        text_ = joined_;
        Join(Take());
        continue;
      }
    }
    if (!next.empty() && IsSpace(next.front())) {
      Join(Take().substr(1));
      continue;
    }
    if (next.empty()) {
      // Blank lines inside a folded line (a CR too many at each line end makes such). Behind
      // base64 the blank line is its end.
      size_t after = at_;
      uint64_t blank = 0;
      while (after < bytes_.size() && IsLineEnd(bytes_[after])) {
        after += LineEndAt(bytes_, after).size();
        ++blank;
      }
      if (after < bytes_.size() && IsSpace(bytes_[after])) {
        at_ = after;
        next_line_ += blank;
        continue;
      }
      learn();
      if (base64) Take();
      return;
    }
    if (next.find_first_not_of(kBase64) != std::string_view::npos) return;
    learn();
    if (!base64) return;
    Join(Take());
  }
}

}  // namespace syncline::content_lines

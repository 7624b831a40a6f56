// Bytes to logical lines. Inside content_lines only.
#ifndef SYNCLINE_PLUGINS_CONTENT_LINES_LINE_READER_H_
#define SYNCLINE_PLUGINS_CONTENT_LINES_LINE_READER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace syncline::content_lines {

// Walks over the physical lines of a text and joins what belongs together: folds (RFC 6350, 3.2),
// soft line breaks of quoted-printable and unindented base64 (vCard 2.1, 2.1.3 and 2.4).
class LineReader {
 public:
  explicit LineReader(std::string_view bytes) : bytes_(bytes) {}

  bool done() const { return at_ == bytes_.size(); }
  // Takes one physical line; for text outside of components.
  void NextPhysical();
  // Takes one logical line, or blank lines in a row.
  void NextLogical();
  // Gives up bytes at the start of the next line: a byte order mark.
  void Skip(size_t count) { at_ += count; }

  std::string_view rest() const { return bytes_.substr(at_); }
  // Of the line taken last.
  std::string_view raw() const { return raw_; }
  std::string_view text() const { return text_; }  // unfolded, without a line end
  uint64_t line() const { return line_; }          // its first physical line, from 1

 private:
  // Where the physical line that begins at at_ ends, before its line end.
  size_t EndOfLine();
  // Takes one physical line and returns it without its line end.
  std::string_view Take();
  void JoinContinuations();
  // Makes text_ the joined line: until here it is a view of the bytes.
  void Join(std::string_view more);

  std::string_view bytes_;
  size_t at_ = 0;
  // The next line feed and carriage return at or behind at_, as far as they have been sought.
  size_t next_feed_ = 0;
  size_t next_carriage_ = 0;
  bool sought_ = false;
  uint64_t next_line_ = 1;
  std::string_view raw_;
  std::string_view text_;
  std::string joined_;
  uint64_t line_ = 0;
};

}  // namespace syncline::content_lines

#endif  // SYNCLINE_PLUGINS_CONTENT_LINES_LINE_READER_H_

// The layout's text into parts, with an error that helps for every text that cannot be a layout.
#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "plugins/images/layout.h"
#include "plugins/images/layout_fields.h"
#include "plugins/images/layout_names.h"
#include "plugins/images/metadata_text.h"

namespace syncline::images {
namespace {

constexpr size_t kTextLimit = 200;  // bytes
constexpr std::string_view kHint = "such as \"{year}/{month}/{date}_{time}_{name}\"";

absl::Status Bad(std::string message) { return absl::InvalidArgumentError(message); }

absl::Status BadAt(size_t position, std::string_view message) {
  return Bad(absl::StrCat(std::string(message), " (at position ", position + 1, ")"));
}

std::string FieldList() {
  std::string list;
  for (const LayoutField& field : kLayoutFields) {
    absl::StrAppend(&list, list.empty() ? "{" : ", {", std::string(field.name), "}");
  }
  return list;
}

}  // namespace

class LayoutParser {
 public:
  explicit LayoutParser(std::string_view text) : text_(text) {}

  absl::StatusOr<Layout> Parse() {
    if (const absl::Status whole = CheckWhole(); !whole.ok()) return whole;
    layout_.text_ = std::string(text_);
    for (size_t start = 0; start <= text_.size();) {
      const size_t end = std::min(text_.find('/', start), text_.size());
      if (const absl::Status part = ParsePart(start, end); !part.ok()) return part;
      start = end + 1;
    }
    const auto& last = layout_.parts_.back();
    if (std::none_of(last.begin(), last.end(), [](const auto& piece) { return piece.is_field; })) {
      return BadAt(text_.rfind('/') + 1,
                   "the last part names the pictures and has no field in it: all of them would get "
                   "one name");
    }
    return std::move(layout_);
  }

 private:
  absl::Status CheckWhole() const {
    if (text_.empty()) return Bad(absl::StrCat("a layout is needed, ", std::string(kHint)));
    if (text_.size() > kTextLimit) {
      return Bad(absl::StrCat("the layout has ", text_.size(), " bytes and may have ", kTextLimit));
    }
    if (text_[0] == '/') {
      return BadAt(0, "a layout is a path inside the library and does not begin with \"/\"");
    }
    return absl::OkStatus();
  }

  // The part of text_ from start to before end.
  absl::Status ParsePart(size_t start, size_t end) {
    const std::string_view part = text_.substr(start, end - start);
    if (part.empty()) return BadAt(start, "there is nothing between two \"/\" or behind the last");
    if (part == "." || part == "..") {
      return BadAt(start, absl::StrCat("\"", std::string(part), "\" is no folder of a library"));
    }
    if (part[0] == '.') return BadAt(start, "a name that begins with a dot is hidden");
    if (part[0] == ' ') return BadAt(start, "a name cannot begin with a space");
    if (part.back() == '.' || part.back() == ' ') {
      return BadAt(end - 1, absl::StrCat("Windows cannot have a name that ends with a ",
                                         part.back() == '.' ? "dot" : "space"));
    }
    if (IsDeviceName(part)) {
      return BadAt(start, absl::StrCat("Windows cannot have the name \"", std::string(part), "\""));
    }
    layout_.parts_.emplace_back();
    for (size_t at = start; at < end;) {
      absl::Status piece = text_[at] == '{' ? ParseField(end, &at) : ParseLiteral(end, &at);
      if (!piece.ok()) return piece;
    }
    return absl::OkStatus();
  }

  absl::Status ParseLiteral(size_t end, size_t* at) {
    Layout::Piece piece;
    while (*at < end && text_[*at] != '{') {
      const char c = text_[*at];
      if (c == '}') return BadAt(*at, "there is a \"}\" without a \"{\" before it");
      if (c == '\\') return BadAt(*at, "folders are parted by \"/\", not by \"\\\"");
      const size_t length = LetterLength(text_.substr(*at));
      if (length == 0) return BadAt(*at, "this is not UTF-8");
      if (length == 1 && !IsNameCharacter(c)) {
        return BadAt(
            *at, absl::ascii_iscntrl(static_cast<unsigned char>(c))
                     ? std::string("a name cannot have control characters")
                     : absl::StrCat("Windows cannot have \"", std::string(1, c), "\" in a name"));
      }
      piece.literal += text_.substr(*at, length);
      *at += length;
    }
    layout_.parts_.back().push_back(std::move(piece));
    return absl::OkStatus();
  }

  absl::Status ParseField(size_t end, size_t* at) {
    const size_t start = *at;
    const size_t close = text_.find('}', start);
    if (close >= end) return BadAt(start, "there is a \"{\" without a \"}\" behind it");
    const std::string_view inside = text_.substr(start + 1, close - start - 1);
    const std::string_view name = inside.substr(0, inside.find(':'));
    const auto field = std::find_if(std::begin(kLayoutFields), std::end(kLayoutFields),
                                    [&](const LayoutField& known) { return known.name == name; });
    if (field == std::end(kLayoutFields)) {
      return BadAt(start, absl::StrCat("there is no field {", CleanText(name, 40), "}; there are ",
                                       FieldList()));
    }
    Layout::Piece piece;
    piece.is_field = true;
    piece.field = field->field;
    if (name.size() != inside.size()) {
      const std::string_view digits = inside.substr(name.size() + 1);
      if (field->field != Layout::Field::kCounter) {
        return BadAt(start, absl::StrCat("only {counter} takes a number of digits, not {",
                                         std::string(name), "}"));
      }
      if (digits.size() != 1 || digits[0] < '1' || digits[0] > '9') {
        return BadAt(start, "the digits of {counter} are a number from 1 to 9, as in {counter:4}");
      }
      piece.digits = digits[0] - '0';
    }
    layout_.parts_.back().push_back(std::move(piece));
    *at = close + 1;
    return absl::OkStatus();
  }

  const std::string_view text_;
  Layout layout_;
};

absl::StatusOr<Layout> Layout::Parse(std::string_view text) { return LayoutParser(text).Parse(); }

}  // namespace syncline::images

#include "plugins/images/xml_text.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "plugins/images/metadata_text.h"
#include "plugins/images/xml_characters.h"

namespace syncline::images {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}

// Of a name or of its part before or after the colon.
bool BeginsName(std::string_view text) {
  return !text.empty() && IsNameByte(text.front()) && text.front() != '-' && text.front() != '.' &&
         text.front() != ':' && (text.front() < '0' || text.front() > '9');
}

// Line ends as XML 1.0, 2.11 has them.
void AppendLines(std::string_view raw, std::string* out) {
  for (size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\r') {
      out->push_back(raw[i]);
    } else if (i + 1 == raw.size() || raw[i + 1] != '\n') {
      out->push_back('\n');
    }
  }
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  absl::StatusOr<XmlText> Run() {
    if (!CheckCharacters()) return Error();
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    XmlText document;
    if (!SkipToTag(nullptr) || !Element(1, &document.root)) return Error();
    if (!SkipBetween()) return Error();
    if (at_ != text_.size()) {
      Fail("more follows after its end");
      return Error();
    }
    document.prefixes = std::move(prefixes_);
    return document;
  }

 private:
  absl::Status Error() const { return absl::InvalidArgumentError(why_); }
  bool Fail(std::string_view why) {
    if (why_.empty()) why_ = std::string(why);
    return false;
  }

  bool CheckCharacters() {
    for (std::string_view rest = text_; !rest.empty();) {
      const size_t size = LetterLength(rest);
      if (size == 0) return Fail("it is not in UTF-8");
      const auto first = static_cast<unsigned char>(rest.front());
      if (first < 0x20 && !IsXmlCharacter(first)) return Fail("it has control characters in it");
      rest.remove_prefix(size);
    }
    return true;
  }

  bool StartsWith(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  void SkipBlanks() { at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size()); }

  // begin ... end. False where it does not begin here; `ended` false when it has no end.
  bool Skip(std::string_view begin, std::string_view end, bool* ended) {
    if (!StartsWith(begin)) return false;
    const size_t found = text_.find(end, at_ + begin.size());
    *ended = found != std::string_view::npos;
    if (*ended) at_ = found + end.size();
    return true;
  }

  // Blanks, comments and instructions, as before and after the root.
  bool SkipBetween() {
    for (bool ended = true;;) {
      SkipBlanks();
      if (!Skip("<?", "?>", &ended) && !Skip("<!--", "-->", &ended)) return true;
      if (!ended) return Fail("it ends inside of a comment");
    }
  }

  // To the next '<' that begins or ends an element, collecting text. null: there may be none.
  bool SkipToTag(std::string* text) {
    if (text == nullptr) {
      if (!SkipBetween()) return false;
      if (StartsWith("<!")) return Fail("it declares a document type");
      return StartsWith("<") || Fail("it is not XML");
    }
    while (at_ < text_.size()) {
      const size_t tag = std::min(text_.find('<', at_), text_.size());
      if (!AppendDecoded(text_.substr(at_, tag - at_), text)) return false;
      at_ = tag;
      if (at_ == text_.size()) break;
      bool ended = true;
      const size_t begin = at_;
      if (Skip("<![CDATA[", "]]>", &ended)) {
        if (ended) AppendLines(text_.substr(begin + 9, at_ - begin - 12), text);
      } else if (!Skip("<?", "?>", &ended) && !Skip("<!--", "-->", &ended)) {
        return !StartsWith("<!") || Fail("it has markup that is not allowed");
      }
      if (!ended) return Fail("it ends inside of a comment");
    }
    return Fail("it ends too early");
  }

  bool AppendDecoded(std::string_view raw, std::string* out) {
    while (!raw.empty()) {
      const size_t mark = std::min(raw.find('&'), raw.size());
      AppendLines(raw.substr(0, mark), out);
      raw.remove_prefix(mark);
      if (raw.empty()) break;
      const size_t end = raw.find(';');
      if (end == std::string_view::npos || end > 12 ||
          !AppendXmlEntity(raw.substr(1, end - 1), out)) {
        return Fail("it has an entity that is not known");
      }
      raw.remove_prefix(end + 1);
    }
    return true;
  }

  std::string_view Name() {
    const size_t begin = at_;
    while (at_ < text_.size() && IsNameByte(text_[at_])) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    const size_t colon = name.find(':');
    const bool good = BeginsName(name) && (colon == std::string_view::npos ||
                                           (BeginsName(name.substr(colon + 1)) &&
                                            name.find(':', colon + 1) == std::string_view::npos));
    return good ? name : std::string_view();
  }

  struct RawAttribute {
    std::string_view name;
    std::string value;
  };

  // From the '<' of the element to the one after it.
  bool Element(int depth, XmlElement* element) {
    if (depth > kDeepestXml) return Fail("its elements are nested too deeply");
    if (++parts_ > kMostXmlParts) return Fail("it has too many parts");
    ++at_;
    const std::string_view name = Name();
    if (name.empty()) return Fail("a tag has no name");
    const size_t scope = scope_.size();
    std::vector<RawAttribute> attributes;
    bool empty = false;
    if (!Attributes(&attributes, &empty) || !Declare(attributes)) return false;
    if (!Resolve(name, true, &element->name)) return false;
    std::set<XmlName> names;
    for (RawAttribute& attribute : attributes) {
      if (attribute.name == "xmlns" || attribute.name.starts_with("xmlns:")) continue;
      XmlAttribute& one = element->attributes.emplace_back();
      if (!Resolve(attribute.name, false, &one.name)) return false;
      one.value = std::move(attribute.value);
      if (!names.insert(one.name).second) return Fail("an attribute stands twice");
    }
    if (!empty && !Content(depth, name, element)) return false;
    scope_.resize(scope);
    return true;
  }

  bool Attributes(std::vector<RawAttribute>* attributes, bool* empty) {
    for (;;) {
      const size_t before = at_;
      SkipBlanks();
      if (at_ == text_.size()) return Fail("it ends inside of a tag");
      if (StartsWith("/>") || StartsWith(">")) {
        *empty = text_[at_] == '/';
        at_ += *empty ? 2 : 1;
        return true;
      }
      RawAttribute attribute;
      attribute.name = before == at_ ? std::string_view() : Name();
      SkipBlanks();
      if (attribute.name.empty() || !StartsWith("=")) return Fail("a tag is broken");
      ++at_;
      SkipBlanks();
      if (!StartsWith("\"") && !StartsWith("'")) return Fail("a tag is broken");
      const size_t end = text_.find(text_[at_], at_ + 1);
      if (end == std::string_view::npos) return Fail("it ends inside of a tag");
      std::string raw(text_.substr(at_ + 1, end - at_ - 1));
      // XML 1.0, 3.3.3: a line end or a tab that is not written as an entity is a blank.
      std::replace_if(
          raw.begin(), raw.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
      if (raw.find('<') != std::string::npos) return Fail("a tag is broken");
      if (!AppendDecoded(raw, &attribute.value)) return false;
      at_ = end + 1;
      attributes->push_back(std::move(attribute));
      if (++parts_ > kMostXmlParts) return Fail("it has too many parts");
    }
  }

  bool Declare(const std::vector<RawAttribute>& attributes) {
    for (const RawAttribute& attribute : attributes) {
      if (attribute.name != "xmlns" && !attribute.name.starts_with("xmlns:")) continue;
      const std::string prefix(attribute.name.substr(std::min<size_t>(6, attribute.name.size())));
      if (attribute.value.size() > kLongestXmlSpace ||
          attribute.value.find_first_of("{}") != std::string::npos) {
        return Fail("the name of a namespace is not allowed");
      }
      if (scope_.size() == kMostSpaces) return Fail("it declares too many namespaces");
      scope_.emplace_back(prefix, attribute.value);
      if (!prefix.empty()) prefixes_.emplace(attribute.value, prefix);
    }
    return true;
  }

  bool Resolve(std::string_view name, bool is_element, XmlName* resolved) {
    const size_t colon = name.find(':');
    const std::string_view prefix =
        colon == std::string_view::npos ? std::string_view() : name.substr(0, colon);
    resolved->local = std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
    if (prefix == "xml") {
      resolved->space = std::string(kXmlSpace);
      return true;
    }
    // An attribute without a prefix is in no namespace.
    if (prefix.empty() && !is_element) return true;
    for (auto declared = scope_.rbegin(); declared != scope_.rend(); ++declared) {
      if (declared->first != prefix) continue;
      resolved->space = declared->second;
      return true;
    }
    return prefix.empty() || Fail("a prefix stands for no namespace");
  }

  bool Content(int depth, std::string_view name, XmlElement* element) {
    for (;;) {
      if (!SkipToTag(&element->text)) return false;
      if (!StartsWith("</")) {
        if (!Element(depth + 1, &element->children.emplace_back())) return false;
        continue;
      }
      at_ += 2;
      if (Name() != name) return Fail("an element ends that did not begin");
      SkipBlanks();
      if (!StartsWith(">")) return Fail("a tag is broken");
      ++at_;
      return true;
    }
  }

  static constexpr size_t kMostSpaces = 256;  // at one place

  const std::string_view text_;
  size_t at_ = 0;
  size_t parts_ = 0;
  std::string why_;
  std::vector<std::pair<std::string, std::string>> scope_;  // prefix and URI, the inner ones last
  std::map<std::string, std::string> prefixes_;
};

}  // namespace

absl::StatusOr<XmlText> ParseXml(std::string_view text) { return Reader(text).Run(); }

}  // namespace syncline::images

#include "plugins/images/xmp.h"

#include <exiv2/exiv2.hpp>
#include <mutex>
#include <optional>
#include <set>

#include "absl/status/status.h"

namespace syncline::images {
namespace {

constexpr std::string_view kRdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

// One for the process and never destroyed: Exiv2 may ask for it while the program ends. Recursive,
// since Exiv2 takes it again, through its lock function, inside of calls that are made with it
// held.
std::recursive_mutex& Mutex() {
  static auto* const mutex = new std::recursive_mutex;
  return *mutex;
}

absl::Status NotXmp(std::string_view why) {
  return absl::InvalidArgumentError("It is not readable as XMP: " + std::string(why) + ".");
}

std::string_view WithoutPadding(std::string_view text) {
  const size_t end = text.find_last_not_of(std::string_view(" \t\r\n\0", 5));
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1);
}

// Walks over the markup of a packet before the toolkit sees it, for what the toolkit does not
// limit: it works recursively, and remembers every namespace for as long as the process lives.
class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  absl::Status Run() {
    int depth = 0;
    for (size_t at = 0; (at = text_.find('<', at)) != std::string_view::npos;) {
      if (Skip(&at, "<?", "?>") || Skip(&at, "<!--", "-->") || Skip(&at, "<![CDATA[", "]]>")) {
        continue;
      }
      if (text_.substr(at, 2) == "<!") return NotXmp("it declares a document type");
      const bool closes = text_.substr(at, 2) == "</";
      const size_t end = EndOfTag(at);
      if (end == std::string_view::npos) return NotXmp("it ends inside of a tag");
      if (closes) {
        --depth;
      } else if (text_[end - 1] != '/' && ++depth > kDeepestPacket) {
        return NotXmp("its elements are nested too deeply");
      }
      if (spaces_.size() > kMostNamespaces) return NotXmp("it declares too many namespaces");
      at = end + 1;
    }
    return absl::OkStatus();
  }

 private:
  bool Skip(size_t* at, std::string_view begin, std::string_view end) const {
    if (text_.substr(*at, begin.size()) != begin) return false;
    const size_t found = text_.find(end, *at + begin.size());
    *at = found == std::string_view::npos ? text_.size() : found + end.size();
    return true;
  }

  // The place of its '>'. Notes the namespaces declared on the way.
  size_t EndOfTag(size_t at) {
    for (size_t name = at; at < text_.size(); ++at) {
      const char c = text_[at];
      if (c == '>') return at;
      if (c == '"' || c == '\'') {
        const size_t close = text_.find(c, at + 1);
        if (close == std::string_view::npos) return close;
        if (text_.substr(name, at - name).find("xmlns") != std::string_view::npos) {
          spaces_.insert(text_.substr(at + 1, close - at - 1));
        }
        at = close;
        name = at + 1;
      }
    }
    return std::string_view::npos;
  }

  const std::string_view text_;
  std::set<std::string_view> spaces_;
};

// Exiv2 takes "type=" at the beginning of a text for a note about its shape, and removes it.
bool HasTextThatExiv2Changes(std::string_view text) {
  for (const std::string_view note : {"type=", "lang="}) {
    for (size_t at = 0; (at = text.find(note, at)) != std::string_view::npos; ++at) {
      const size_t before = at == 0 ? at : text.find_last_not_of(" \t\r\n", at - 1);
      // In a tag, an attribute of that name stands after a name or a value, not at the start of
      // one.
      if (before == std::string_view::npos || text[before] == '>') return true;
      if ((text[before] == '"' || text[before] == '\'') && before + 1 == at) return true;
    }
  }
  return false;
}

XmpNode::Shape ShapeOf(Exiv2::TypeId type) {
  switch (type) {
    case Exiv2::xmpBag:
      return XmpNode::Shape::kBag;
    case Exiv2::xmpSeq:
      return XmpNode::Shape::kSeq;
    case Exiv2::xmpAlt:
      return XmpNode::Shape::kAlt;
    default:
      return XmpNode::Shape::kText;
  }
}

XmpNode::Shape ShapeOf(const Exiv2::XmpTextValue& value) {
  if (value.xmpStruct() == Exiv2::XmpValue::xsStruct) return XmpNode::Shape::kStruct;
  switch (value.xmpArrayType()) {
    case Exiv2::XmpValue::xaBag:
      return XmpNode::Shape::kBag;
    case Exiv2::XmpValue::xaSeq:
      return XmpNode::Shape::kSeq;
    case Exiv2::XmpValue::xaAlt:
      return XmpNode::Shape::kAlt;
    default:
      return XmpNode::Shape::kText;
  }
}

XmpNode NodeOf(const Exiv2::Value& value) {
  XmpNode node;
  if (const auto* languages = dynamic_cast<const Exiv2::LangAltValue*>(&value)) {
    node.shape = XmpNode::Shape::kLanguages;
    node.languages.insert(languages->value_.begin(), languages->value_.end());
  } else if (const auto* array = dynamic_cast<const Exiv2::XmpArrayValue*>(&value)) {
    node.shape = ShapeOf(array->typeId());
    for (long i = 0; i < array->count(); ++i) node.items.push_back(array->toString(i));
  } else if (const auto* text = dynamic_cast<const Exiv2::XmpTextValue*>(&value)) {
    node.shape = ShapeOf(*text);
    if (node.shape == XmpNode::Shape::kText) node.items.push_back(text->value_);
  }
  return node;
}

Exiv2::Value::AutoPtr ValueOf(const XmpNode& node) {
  using Shape = XmpNode::Shape;
  if (node.shape == Shape::kLanguages) {
    auto value = std::make_unique<Exiv2::LangAltValue>();
    for (const auto& [language, text] : node.languages) value->value_[language] = text;
    return Exiv2::Value::AutoPtr(value.release());
  }
  if (node.shape == Shape::kText || node.shape == Shape::kStruct) {
    auto value = std::make_unique<Exiv2::XmpTextValue>();
    if (node.shape == Shape::kStruct) value->setXmpStruct();
    if (!node.items.empty()) value->value_ = node.items.front();
    return Exiv2::Value::AutoPtr(value.release());
  }
  const Exiv2::TypeId type = node.shape == Shape::kBag   ? Exiv2::xmpBag
                             : node.shape == Shape::kSeq ? Exiv2::xmpSeq
                                                         : Exiv2::xmpAlt;
  auto value = std::make_unique<Exiv2::XmpArrayValue>(type);
  for (const std::string& item : node.items) value->read(item);
  return Exiv2::Value::AutoPtr(value.release());
}

XmpPacket FromExiv2(const Exiv2::XmpData& data) {
  XmpPacket packet;
  for (const Exiv2::Xmpdatum& datum : data) {
    const std::string path = datum.tagName();
    const size_t name = std::min(path.find_first_of("[/"), path.size());
    XmpProperty& property =
        packet[{Exiv2::XmpProperties::ns(datum.groupName()), path.substr(0, name)}];
    XmpNode node = NodeOf(datum.value());
    node.path = path.substr(name);
    property.nodes.push_back(std::move(node));
  }
  return packet;
}

void IntoExiv2(const XmpPacket& packet, Exiv2::XmpData* data) {
  for (const auto& [name, property] : packet) {
    const std::string begin = "Xmp." + Exiv2::XmpProperties::prefix(name.space) + "." + name.name;
    for (const XmpNode& node : property.nodes) {
      data->add(Exiv2::XmpKey(begin + node.path), ValueOf(node).get());
    }
  }
}

}  // namespace

void StartExiv2() {
  static std::once_flag once;
  std::call_once(once, [] {
    Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
    Exiv2::XmpParser::initialize([](void*, bool lock) { lock ? Mutex().lock() : Mutex().unlock(); },
                                 nullptr);
  });
}

Exiv2Lock::Exiv2Lock() {
  StartExiv2();
  Mutex().lock();
}
Exiv2Lock::~Exiv2Lock() { Mutex().unlock(); }

absl::StatusOr<XmpPacket> ParseXmp(std::string_view text) {
  text = WithoutPadding(text);
  if (text.empty()) return XmpPacket();
  if (text.size() > kLargestPacket) return NotXmp("it is larger than 8 MiB");
  if (text.find('\0') != std::string_view::npos) return NotXmp("it is not in UTF-8");
  if (text.find(kRdf) == std::string_view::npos) return NotXmp("it holds no RDF");
  if (absl::Status status = Scan(text).Run(); !status.ok()) return status;
  if (HasTextThatExiv2Changes(text)) {
    return NotXmp("a value begins with \"type=\" or \"lang=\", which cannot be kept");
  }
  const Exiv2Lock lock;
  try {
    Exiv2::XmpData data;
    if (const int code = Exiv2::XmpParser::decode(data, std::string(text)); code != 0) {
      return NotXmp("its XML or its RDF is broken");
    }
    return FromExiv2(data);
  } catch (const std::exception& error) {
    return NotXmp(error.what());
  }
}

absl::StatusOr<std::string> XmpText(const XmpPacket& packet) {
  if (packet.empty()) return std::string();
  const Exiv2Lock lock;
  try {
    Exiv2::XmpData data;
    IntoExiv2(packet, &data);
    std::string text;
    if (Exiv2::XmpParser::encode(text, data, Exiv2::XmpParser::omitPacketWrapper) != 0) {
      return absl::InternalError("The XMP toolkit could not write the packet.");
    }
    // The wrapper of ISO 16684-1, 7.3.2.
    return "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
           std::string(WithoutPadding(text)) + "\n<?xpacket end=\"w\"?>";
  } catch (const std::exception& error) {
    return absl::InternalError(std::string("The XMP toolkit could not write the packet: ") +
                               error.what());
  }
}

std::string ShortName(const XmpName& name) {
  const Exiv2Lock lock;
  try {
    return Exiv2::XmpProperties::prefix(name.space) + ":" + name.name;
  } catch (const std::exception&) {
    return name.name;
  }
}

std::string WithoutPrefixes(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const size_t colon = path.find(':');
    if (colon == std::string_view::npos) break;
    const size_t begin = path.find_last_of("/?[@", colon);
    const size_t prefix = begin == std::string_view::npos ? 0 : begin + 1;
    out += path.substr(0, prefix);
    const std::string name(path.substr(prefix, colon - prefix));
    const Exiv2Lock lock;
    try {
      out += "{" + Exiv2::XmpProperties::ns(name) + "}";
    } catch (const std::exception&) {
      out += name + ":";
    }
    path.remove_prefix(colon + 1);
  }
  return out + std::string(path);
}

}  // namespace syncline::images

// Reads RDF as ISO 16684-1, 7 allows it in XMP: properties as attributes or elements, structures as
// parseType="Resource", as rdf:Description or as attributes, and values with qualifiers.
#include "plugins/images/xmp.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "plugins/images/xml_text.h"

namespace syncline::images {
namespace {

constexpr std::string_view kRdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
constexpr std::string_view kDc = "http://purl.org/dc/elements/1.1/";
// Paths repeat the names above them, which a hostile packet could make long and many.
constexpr size_t kMostPathBytes = 64 << 20;

absl::Status NotXmp(std::string_view why) {
  return absl::InvalidArgumentError("It is not readable as XMP: " + std::string(why) + ".");
}

bool IsRdf(const XmlName& name, std::string_view local) {
  return name.space == kRdf && name.local == local;
}

std::string Step(std::string_view sign, const XmlName& name) {
  return std::string(sign) + "{" + name.space + "}" + name.local;
}

// "de-AT" of "DE-at", as the standard's examples are written.
std::string Language(std::string_view tag) {
  std::string language(tag);
  for (size_t i = 0; i < language.size(); ++i) {
    char& c = language[i];
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (language.size() == 5 && language[2] == '-') {
    for (const size_t i : {3, 4}) {
      if (language[i] >= 'a' && language[i] <= 'z') {
        language[i] = static_cast<char>(language[i] - 'a' + 'A');
      }
    }
  }
  return language;
}

// What a value is made of, whichever way it was written.
struct Parts {
  std::optional<std::string> language;
  std::optional<std::string> uri;
  std::vector<XmlAttribute> attributes;     // fields or qualifiers that are texts
  std::vector<const XmlElement*> elements;  // fields or qualifiers
  const XmlElement* array = nullptr;
  bool is_struct = false;
};

class Reader {
 public:
  absl::StatusOr<XmpPacket> Run(const XmlText& text) {
    const XmlElement* rdf = FindRdf(text.root);
    if (rdf == nullptr) return NotXmp("it holds no RDF");
    for (const XmlElement& description : rdf->children) {
      if (!IsRdf(description.name, "Description") || !Description(description)) {
        return NotXmp(why_.empty() ? "its RDF is not that of XMP" : why_);
      }
    }
    packet_.prefixes = text.prefixes;
    return std::move(packet_);
  }

 private:
  bool Fail(std::string_view why) {
    if (why_.empty()) why_ = std::string(why);
    return false;
  }

  static const XmlElement* FindRdf(const XmlElement& element) {
    if (IsRdf(element.name, "RDF")) return &element;
    for (const XmlElement& child : element.children) {
      if (const XmlElement* found = FindRdf(child)) return found;
    }
    return nullptr;
  }

  bool Description(const XmlElement& description) {
    for (const XmlAttribute& attribute : description.attributes) {
      if (IsOfRdf(attribute.name) || attribute.name.space == kXmlSpace) continue;
      XmpProperty* property = New(attribute.name);
      if (property == nullptr) return false;
      property->nodes.push_back({"", XmpNode::Shape::kText, {attribute.value}, {}});
    }
    for (const XmlElement& element : description.children) {
      XmpProperty* property = New(element.name);
      if (property == nullptr || !Value(element, "", &property->nodes)) return false;
    }
    return true;
  }

  // Old writers leave the prefix of rdf:about out.
  static bool IsOfRdf(const XmlName& name) { return name.space == kRdf || name.space.empty(); }

  XmpProperty* New(const XmlName& name) {
    const auto [at, is_new] = packet_.insert({{name.space, name.local}, {}});
    if (is_new && !IsOfRdf(name)) return &at->second;
    Fail(is_new ? "a property has no namespace" : "a property stands twice");
    return nullptr;
  }

  bool Add(XmpNode node, std::vector<XmpNode>* nodes) {
    path_bytes_ += node.path.size();
    if (path_bytes_ > kMostPathBytes) return Fail("it has too many parts");
    nodes->push_back(std::move(node));
    return true;
  }

  // What the attributes of a property or of the rdf:Description in it say.
  bool TakeAttributes(const XmlElement& element, Parts* parts) {
    for (const XmlAttribute& attribute : element.attributes) {
      if (attribute.name.space == kXmlSpace) {
        if (attribute.name.local == "lang") parts->language = Language(attribute.value);
      } else if (IsRdf(attribute.name, "resource")) {
        parts->uri = attribute.value;
      } else if (IsRdf(attribute.name, "parseType")) {
        if (attribute.value != "Resource") return Fail("its RDF is not that of XMP");
        parts->is_struct = true;
      } else if (!IsOfRdf(attribute.name) || IsRdf(attribute.name, "value")) {
        parts->attributes.push_back(attribute);
      }
    }
    return true;
  }

  bool Take(const XmlElement& element, Parts* parts) {
    if (!TakeAttributes(element, parts)) return false;
    if (!parts->is_struct && element.children.size() == 1) {
      const XmlElement& child = element.children.front();
      if (IsRdf(child.name, "Bag") || IsRdf(child.name, "Seq") || IsRdf(child.name, "Alt")) {
        parts->array = &child;
        return parts->attributes.empty() || Fail("its RDF is not that of XMP");
      }
      if (!IsRdf(child.name, "Description")) return Fail("its RDF is not that of XMP");
      parts->is_struct = true;
      if (!TakeAttributes(child, parts)) return false;
      for (const XmlElement& field : child.children) parts->elements.push_back(&field);
      return true;
    }
    if (!parts->is_struct && element.children.size() > 1) return Fail("its RDF is not that of XMP");
    for (const XmlElement& field : element.children) parts->elements.push_back(&field);
    if (!parts->attributes.empty() && !parts->uri) parts->is_struct = true;
    return true;
  }

  bool Value(const XmlElement& element, const std::string& path, std::vector<XmpNode>* nodes) {
    Parts parts;
    if (!Take(element, &parts)) return false;
    if (parts.array != nullptr) {
      return Array(*parts.array, path, nodes) && Qualifiers(parts, path, nodes);
    }
    if (parts.is_struct) return Struct(std::move(parts), path, nodes);
    using Shape = XmpNode::Shape;
    XmpNode node{path, parts.uri ? Shape::kUri : Shape::kText, {}, {}};
    node.items.push_back(parts.uri ? *parts.uri : element.text);
    return Add(std::move(node), nodes) && Qualifiers(parts, path, nodes);
  }

  // A structure; or, when there is an rdf:value in it, that value with the rest as its qualifiers.
  bool Struct(Parts parts, const std::string& path, std::vector<XmpNode>* nodes) {
    const auto element = std::find_if(parts.elements.begin(), parts.elements.end(),
                                      [](const auto* one) { return IsRdf(one->name, "value"); });
    if (element != parts.elements.end()) {
      const XmlElement& value = **element;
      parts.elements.erase(element);
      return Value(value, path, nodes) && Qualifiers(parts, path, nodes);
    }
    const auto attribute =
        std::find_if(parts.attributes.begin(), parts.attributes.end(),
                     [](const XmlAttribute& one) { return IsRdf(one.name, "value"); });
    if (attribute != parts.attributes.end()) {
      XmpNode node{path, XmpNode::Shape::kText, {attribute->value}, {}};
      parts.attributes.erase(attribute);
      return Add(std::move(node), nodes) && Qualifiers(parts, path, nodes);
    }
    if (!Add({path, XmpNode::Shape::kStruct, {}, {}}, nodes)) return false;
    const std::optional<std::string> language = std::exchange(parts.language, std::nullopt);
    if (!Below(parts, path + "/", nodes)) return false;
    parts = Parts();
    parts.language = language;
    return Qualifiers(parts, path, nodes);
  }

  bool Qualifiers(const Parts& parts, const std::string& path, std::vector<XmpNode>* nodes) {
    return Below(parts, path + "/?", nodes);
  }

  bool Below(const Parts& parts, const std::string& begin, std::vector<XmpNode>* nodes) {
    std::set<XmlName> names;
    const auto is_new = [&](const XmlName& name) {
      return (!IsOfRdf(name) || IsRdf(name, "type")) && names.insert(name).second;
    };
    if (parts.language) {
      const XmlName name{std::string(kXmlSpace), "lang"};
      names.insert(name);
      if (!Add({Step(begin, name), XmpNode::Shape::kText, {*parts.language}, {}}, nodes))
        return false;
    }
    for (const XmlAttribute& field : parts.attributes) {
      if (!is_new(field.name)) return Fail("a field stands twice");
      const std::string path = Step(begin, field.name);
      if (!Add({path, XmpNode::Shape::kText, {field.value}, {}}, nodes)) return false;
    }
    for (const XmlElement* field : parts.elements) {
      if (!is_new(field->name)) return Fail("a field stands twice");
      if (!Value(*field, Step(begin, field->name), nodes)) return false;
    }
    return true;
  }

  bool Array(const XmlElement& array, const std::string& path, std::vector<XmpNode>* nodes) {
    using Shape = XmpNode::Shape;
    XmpNode node{path, Shape::kBag, {}, {}};
    if (array.name.local != "Bag")
      node.shape = array.name.local == "Seq" ? Shape::kSeq : Shape::kAlt;
    std::vector<XmpNode> items;
    for (size_t i = 0; i < array.children.size(); ++i) {
      if (!IsRdf(array.children[i].name, "li")) return Fail("its RDF is not that of XMP");
      const std::string item = path + "[" + std::to_string(i + 1) + "]";
      if (!Value(array.children[i], item, &items)) return false;
    }
    if (node.shape == Shape::kAlt && TakeLanguages(items, &node))
      return Add(std::move(node), nodes);
    const bool texts = std::all_of(items.begin(), items.end(), [](const XmpNode& item) {
      return item.shape == Shape::kText && item.path.ends_with(']');
    });
    if (texts) {
      for (XmpNode& item : items) node.items.push_back(std::move(item.items.front()));
      return Add(std::move(node), nodes);
    }
    if (!Add(std::move(node), nodes)) return false;
    std::move(items.begin(), items.end(), std::back_inserter(*nodes));
    return true;
  }

  // Whether the items are texts in one language each, all of them different.
  static bool TakeLanguages(const std::vector<XmpNode>& items, XmpNode* node) {
    std::map<std::string, std::string> languages;
    if (items.empty() || items.size() % 2 != 0) return false;
    const std::string end = Step("/?", {std::string(kXmlSpace), "lang"});
    for (size_t i = 0; i < items.size(); i += 2) {
      const XmpNode& text = items[i];
      const XmpNode& language = items[i + 1];
      if (text.shape != XmpNode::Shape::kText || language.path != text.path + end) return false;
      if (!languages.emplace(language.items.front(), text.items.front()).second) return false;
    }
    node->shape = XmpNode::Shape::kLanguages;
    node->languages = std::move(languages);
    return true;
  }

  XmpPacket packet_;
  std::string why_;
  size_t path_bytes_ = 0;
};

// Some programs write a plain text for what is an alternative of languages.
void RepairLanguages(XmpPacket* packet) {
  for (const char* name : {"title", "description", "rights"}) {
    const auto found = packet->find({std::string(kDc), name});
    if (found == packet->end() || !found->second.Plain()) continue;
    XmpNode& node = found->second.nodes.front();
    if (node.shape != XmpNode::Shape::kText) continue;
    node = {"", XmpNode::Shape::kLanguages, {}, {{"x-default", node.items.front()}}};
  }
}

}  // namespace

absl::StatusOr<XmpPacket> ParseXmp(std::string_view text) {
  const size_t end = text.find_last_not_of(std::string_view(" \t\r\n\0", 5));
  if (end == std::string_view::npos) return XmpPacket();
  text = text.substr(0, end + 1);
  if (text.size() > kLargestPacket) return NotXmp("it is larger than 8 MiB");
  const absl::StatusOr<XmlText> xml = ParseXml(text);
  if (!xml.ok()) return NotXmp(std::string(xml.status().message()));
  absl::StatusOr<XmpPacket> packet = Reader().Run(*xml);
  if (packet.ok()) RepairLanguages(&*packet);
  return packet;
}

}  // namespace syncline::images

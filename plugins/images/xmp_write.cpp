// Writes a packet as RDF, in the plainest of its forms: one rdf:Description, properties as
// elements.
#include <set>
#include <utility>

#include "plugins/images/xml_characters.h"
#include "plugins/images/xml_text.h"
#include "plugins/images/xmp.h"

namespace syncline::images {
namespace {

constexpr std::string_view kRdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

// What everybody calls these, whatever the packet that was read called them.
constexpr std::pair<std::string_view, std::string_view> kKnownPrefixes[] = {
    {kXmlSpace, "xml"},
    {kRdf, "rdf"},
    {"http://ns.adobe.com/xap/1.0/", "xmp"},
    {"http://ns.adobe.com/xap/1.0/mm/", "xmpMM"},
    {"http://ns.adobe.com/xap/1.0/rights/", "xmpRights"},
    {"http://purl.org/dc/elements/1.1/", "dc"},
    {"http://ns.adobe.com/photoshop/1.0/", "photoshop"},
    {"http://ns.adobe.com/exif/1.0/", "exif"},
    {"http://ns.adobe.com/tiff/1.0/", "tiff"},
    {"http://ns.adobe.com/lightroom/1.0/", "lr"},
    {"http://ns.adobe.com/camera-raw-settings/1.0/", "crs"},
    {"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", "Iptc4xmpCore"},
    {"http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "Iptc4xmpExt"},
    {"http://ns.microsoft.com/photo/1.0/", "MicrosoftPhoto"},
    {"http://www.digikam.org/ns/1.0/", "digiKam"},
    {"http://darktable.sf.net/", "darktable"},
};

std::string_view KnownPrefix(std::string_view space) {
  for (const auto& [known, prefix] : kKnownPrefixes) {
    if (known == space) return prefix;
  }
  return {};
}

// "/{URI}name" or "/?{URI}name" apart.
XmlName NameOf(std::string_view step) {
  const size_t begin = step.find('{') + 1;
  const size_t end = step.find('}');
  return {std::string(step.substr(begin, end - begin)), std::string(step.substr(end + 1))};
}

class Writer {
 public:
  explicit Writer(const XmpPacket& packet) : packet_(packet) {}

  std::string Run() {
    std::set<std::string> spaces;
    for (const auto& [name, property] : packet_) {
      spaces.insert(name.space);
      for (const XmpNode& node : property.nodes) AddSpaces(node.path, &spaces);
    }
    ChoosePrefixes(spaces);
    // The wrapper of ISO 16684-1, 7.3.2.
    out_ =
        "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
        " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
        "  <rdf:Description rdf:about=\"\"";
    for (const std::string& space : spaces) {
      if (space == kXmlSpace || space == kRdf) continue;
      out_ += "\n    xmlns:" + prefixes_[space] + "=\"" + EscapedXml(space) + "\"";
    }
    out_ += ">\n";
    for (const auto& [name, property] : packet_) {
      nodes_ = &property.nodes;
      next_ = 0;
      Property(Tag({name.space, name.name}), 3);
    }
    out_ += "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>";
    return std::move(out_);
  }

 private:
  static void AddSpaces(std::string_view path, std::set<std::string>* spaces) {
    for (size_t at = 0; (at = path.find('{', at)) != std::string_view::npos;) {
      const size_t end = path.find('}', at);
      spaces->emplace(path.substr(at + 1, end - at - 1));
      at = end;
    }
  }

  void ChoosePrefixes(const std::set<std::string>& spaces) {
    std::set<std::string> taken = {"x", "xml", "xmlns", "rdf"};
    for (const std::string& space : spaces) {
      const std::string_view known = KnownPrefix(space);
      if (!known.empty()) taken.emplace(prefixes_[space] = known);
    }
    for (const std::string& space : spaces) {
      if (prefixes_.contains(space)) continue;
      const auto wanted = packet_.prefixes.find(space);
      std::string prefix = wanted == packet_.prefixes.end() ? "ns" : wanted->second;
      const std::string begin = prefix;
      for (int number = 1; !taken.insert(prefix).second; ++number) {
        prefix = begin + std::to_string(number);
      }
      prefixes_[space] = prefix;
    }
  }

  std::string Tag(const XmlName& name) { return prefixes_[name.space] + ":" + name.local; }

  // The node at next_ with all below it, as an element with this name.
  void Property(const std::string& tag, int depth) {
    const XmpNode& node = (*nodes_)[next_++];
    const size_t first = next_;
    size_t qualifiers = 0;
    std::string language;
    for (size_t i = first; i < nodes_->size() && IsBelow((*nodes_)[i], node); ++i) {
      const std::string_view step = std::string_view((*nodes_)[i].path).substr(node.path.size());
      if (!step.starts_with("/?") || step.find_first_of("/[", step.find('}')) != step.npos)
        continue;
      if (NameOf(step) == XmlName{std::string(kXmlSpace), "lang"}) {
        language = (*nodes_)[i].items.front();
      } else {
        ++qualifiers;
      }
    }
    const std::string begin =
        tag + (language.empty() ? "" : " xml:lang=\"" + EscapedXml(language) + "\"");
    if (qualifiers == 0) {
      Value(node, begin, tag, depth);
      return;
    }
    Line(depth, "<" + begin + " rdf:parseType=\"Resource\">");
    Value(node, "rdf:value", "rdf:value", depth + 1);
    Line(depth, "</" + tag + ">");
  }

  static bool IsBelow(const XmpNode& node, const XmpNode& above) {
    return node.path.size() > above.path.size() && node.path.starts_with(above.path) &&
           (node.path[above.path.size()] == '/' || node.path[above.path.size()] == '[');
  }

  // The value of a node and, behind the element, its qualifiers.
  void Value(const XmpNode& node, const std::string& begin, const std::string& tag, int depth) {
    using Shape = XmpNode::Shape;
    switch (node.shape) {
      case Shape::kText:
        Line(depth, "<" + begin + ">" + EscapedXml(node.items.front()) + "</" + tag + ">");
        break;
      case Shape::kUri:
        Line(depth, "<" + begin + " rdf:resource=\"" + EscapedXml(node.items.front()) + "\"/>");
        break;
      case Shape::kStruct:
        Line(depth, "<" + begin + " rdf:parseType=\"Resource\">");
        Below(node, false, depth + 1);
        Line(depth, "</" + tag + ">");
        break;
      default:
        Line(depth, "<" + begin + ">");
        Array(node, depth + 1);
        Line(depth, "</" + tag + ">");
    }
    Below(node, true, depth);
  }

  void Array(const XmpNode& node, int depth) {
    using Shape = XmpNode::Shape;
    const std::string kind = node.shape == Shape::kBag   ? "rdf:Bag"
                             : node.shape == Shape::kSeq ? "rdf:Seq"
                                                         : "rdf:Alt";
    Line(depth, "<" + kind + ">");
    // The default language comes first (ISO 16684-1, 8.2.2.4).
    for (const bool is_default : {true, false}) {
      for (const auto& [language, text] : node.languages) {
        if ((language == "x-default") != is_default) continue;
        Line(depth + 1,
             "<rdf:li xml:lang=\"" + EscapedXml(language) + "\">" + EscapedXml(text) + "</rdf:li>");
      }
    }
    for (const std::string& item : node.items) {
      Line(depth + 1, "<rdf:li>" + EscapedXml(item) + "</rdf:li>");
    }
    while (next_ < nodes_->size() && IsBelow((*nodes_)[next_], node) &&
           (*nodes_)[next_].path[node.path.size()] == '[') {
      Property("rdf:li", depth + 1);
    }
    Line(depth, "</" + kind + ">");
  }

  // The fields or the qualifiers of a node, which stand next.
  void Below(const XmpNode& node, bool qualifiers, int depth) {
    while (next_ < nodes_->size() && IsBelow((*nodes_)[next_], node)) {
      const std::string_view step =
          std::string_view((*nodes_)[next_].path).substr(node.path.size());
      if (step.starts_with("/?") != qualifiers) return;
      const XmlName name = NameOf(step);
      if (name == XmlName{std::string(kXmlSpace), "lang"}) {
        ++next_;  // an attribute by now
      } else {
        Property(Tag(name), depth);
      }
    }
  }

  void Line(int depth, const std::string& text) {
    out_.append(static_cast<size_t>(depth), ' ').append(text).push_back('\n');
  }

  const XmpPacket& packet_;
  std::map<std::string, std::string> prefixes_;
  const std::vector<XmpNode>* nodes_ = nullptr;
  size_t next_ = 0;
  std::string out_;
};

}  // namespace

std::string XmpText(const XmpPacket& packet) {
  return packet.empty() ? std::string() : Writer(packet).Run();
}

std::string ShortName(const XmpPacket& packet, const XmpName& name) {
  std::string prefix(KnownPrefix(name.space));
  if (prefix.empty()) {
    const auto found = packet.prefixes.find(name.space);
    if (found == packet.prefixes.end()) return name.name;
    prefix = found->second;
  }
  return prefix + ":" + name.name;
}

}  // namespace syncline::images

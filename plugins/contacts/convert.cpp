// The versions of vCard.
#include "plugins/contacts/convert.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <variant>
#include <vector>

#include "plugins/contacts/media.h"
#include "plugins/contacts/text.h"
#include "plugins/contacts/vocabulary.h"
#include "plugins/content_lines/value.h"

namespace syncline::contacts {
namespace {

using content_lines::Component;
using content_lines::Parameter;
using content_lines::Property;

bool IsEncodingWord(std::string_view upper) {
  return upper == "7BIT" || upper == "8BIT" || upper == "BASE64" || upper == "B" ||
         upper == "QUOTED-PRINTABLE";
}
bool IsValueWord(std::string_view upper) {
  return upper == "INLINE" || upper == "URL" || upper == "CONTENT-ID" || upper == "CID";
}

// The parameters without those of the encoding, all TYPEs in one, in lower case as 3.0 and 4.0 are
// written. Bare words of 2.1 are types (vCard 2.1, 2.1.3).
std::vector<Parameter> PlainParameters(const Property& property) {
  std::vector<Parameter> out;
  Parameter types{"TYPE", {}};
  for (const Parameter& parameter : property.parameters) {
    if (parameter.name == "ENCODING" || parameter.name == "CHARSET") continue;
    if (!parameter.name.empty() && parameter.name != "TYPE") {
      out.push_back(parameter);
      continue;
    }
    for (const std::string& value : parameter.values) {
      const std::string word = Upper(value);
      if (parameter.name.empty() && (IsEncodingWord(word) || IsValueWord(word))) continue;
      types.values.push_back(Lower(value));
    }
  }
  if (!types.values.empty()) out.insert(out.begin(), std::move(types));
  return out;
}

// TYPE=pref of 3.0 is PREF=1 in 4.0 (RFC 6350, 5.3).
void PrefAsParameter(std::vector<Parameter>* parameters) {
  bool preferred = false;
  bool told = false;
  for (Parameter& parameter : *parameters) {
    told = told || parameter.name == "PREF";
    if (parameter.name != "TYPE") continue;
    const size_t before = parameter.values.size();
    std::erase_if(parameter.values, [](const std::string& v) { return Lower(v) == "pref"; });
    preferred = preferred || parameter.values.size() != before;
  }
  std::erase_if(*parameters,
                [](const Parameter& p) { return p.name == "TYPE" && p.values.empty(); });
  if (preferred && !told) parameters->push_back({"PREF", {"1"}});
}

void RaiseMedia(Property* property, Version to) {
  const Media media = MediaOf(*property);
  std::erase_if(property->parameters, [](const Parameter& p) {
    return p.name == "TYPE" || p.name == "ENCODING" || p.name == "CHARSET" || p.name == "VALUE" ||
           p.name == "MEDIATYPE" || p.name.empty();
  });
  if (!media.embedded) {
    property->parameters.push_back({"VALUE", {"uri"}});
    property->value = media.uri;
  } else if (to == Version::k40) {
    property->value = DataUri(property->name, media);
  } else {
    property->parameters.push_back({"ENCODING", {"b"}});
    if (!media.type.empty()) property->parameters.push_back({"TYPE", {media.type}});
    property->value = Base64(media.bytes);
  }
}

// The value of a 2.1 property, decoded and with the escapes of 3.0.
std::string RaisedValue(const Property& property) {
  switch (FactsOf(property.name).kind) {
    case ValueKind::kText:
      return content_lines::Escape(PlainText(property));
    case ValueKind::kStructured: {
      std::vector<std::string> parts;
      for (const std::string& part : PartsOf(property)) {
        parts.push_back(content_lines::Escape(part));
      }
      return Joined(parts, ";");
    }
    case ValueKind::kList: {
      std::vector<std::string> values;
      for (const std::string& value : ListOf(property)) {
        values.push_back(content_lines::Escape(value));
      }
      return Joined(values, ",");
    }
    case ValueKind::kUnknown: {
      // Its structure is not known: only line ends cannot stay.
      return WithLineEnds(content_lines::Decoded(property), "\r", "\\n");
    }
    default:
      break;
  }
  return PlainText(property);
}

bool SameFields(const Property& a, const Property& b) {
  if (a.value != b.value || a.parameters.size() != b.parameters.size()) return false;
  for (size_t i = 0; i < a.parameters.size(); ++i) {
    if (a.parameters[i].name != b.parameters[i].name ||
        a.parameters[i].values != b.parameters[i].values) {
      return false;
    }
  }
  return true;
}

bool NeedsQuotedPrintable(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return c == '\n' || c == '\r' || (c & 0x80) != 0; });
}

std::string QuotedPrintable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = c >= ' ' && c <= '~' && c != '=';
    if (c == '\n') {
      out += "=0D=0A";
    } else if (plain) {
      out.push_back(c);
    } else {
      char code[4];
      std::snprintf(code, sizeof(code), "=%02X", static_cast<unsigned char>(c));
      out += code;
    }
  }
  return out;
}

}  // namespace

Version VersionOf(const Component& card) {
  const Property* version = card.Find("VERSION");
  if (version == nullptr) return Version::k30;
  const std::string_view text = Trimmed(version->value);
  if (text == "2.1") return Version::k21;
  return text == "4.0" ? Version::k40 : Version::k30;
}

std::string_view VersionText(Version version) {
  if (version == Version::k21) return "2.1";
  return version == Version::k30 ? "3.0" : "4.0";
}

Property Raised(const Property& property, Version from, Version to, std::string_view line_end) {
  if (to <= from) return property;
  Property out = property;
  const ValueKind kind = FactsOf(property.name).kind;
  if (property.name == "VERSION") {
    out.value = VersionText(to);
  } else if (kind == ValueKind::kMedia) {
    RaiseMedia(&out, to);
  } else {
    if (from == Version::k21) out.value = RaisedValue(property);
    out.parameters = PlainParameters(property);
    if (to == Version::k40) {
      PrefAsParameter(&out.parameters);
      const std::string canonical = ContactVocabulary().Canonical("VCARD", property);
      // RFC 6350 has basic dates only (4.3.1) and geo: URIs (6.5.2).
      if (kind == ValueKind::kDate) out.value = canonical;
      if (kind == ValueKind::kPlace) out.value = "geo:" + canonical;
    }
  }
  if (!SameFields(out, property)) out.Rewrite(line_end);
  return out;
}

Component Raised(const Component& card, Version to, std::string_view line_end) {
  const Version from = VersionOf(card);
  Component out = card.Clone();
  for (Component::Child& child : out.children) {
    if (auto* property = std::get_if<Property>(&child)) {
      *property = Raised(*property, from, to, line_end);
    }
  }
  return out;
}

void SetText(Property* property, std::string_view text, Version version) {
  std::erase_if(property->parameters, [](const Parameter& p) {
    return p.name == "ENCODING" || p.name == "CHARSET" ||
           (p.name.empty() && !p.values.empty() && IsEncodingWord(Upper(p.values.front())));
  });
  if (version != Version::k21) {
    property->value = content_lines::Escape(text);
  } else if (NeedsQuotedPrintable(text)) {
    property->parameters.push_back({"CHARSET", {"UTF-8"}});
    property->parameters.push_back({"ENCODING", {"QUOTED-PRINTABLE"}});
    property->value = QuotedPrintable(text);
  } else {
    property->value = text;
  }
}

}  // namespace syncline::contacts

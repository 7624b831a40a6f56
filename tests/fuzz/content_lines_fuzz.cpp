// Any bytes through the parser, the digest and the merge of content lines. Aborts when what must
// hold does not. The input is up to three texts, separated by 0xFF: base, mine and theirs.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "plugins/content_lines/digest.h"
#include "plugins/content_lines/merge.h"
#include "tests/unit/content_lines/plain_vocabulary.h"

namespace syncline::content_lines {
namespace {

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

Winner Nobody(std::string_view) { return Winner::kNobody; }

const Component* First(const Document& document) {
  for (const Document::Piece& piece : document.pieces) {
    if (piece.component != nullptr) return piece.component.get();
  }
  return nullptr;
}

size_t DepthOf(const Component& component) {
  size_t deepest = 0;
  for (const Component::Child& child : component.children) {
    if (const auto* nested = std::get_if<std::unique_ptr<Component>>(&child)) {
      deepest = std::max(deepest, DepthOf(**nested));
    }
  }
  return deepest + 1;
}

// Properties rewritten from their fields mean what they meant.
void CheckRewriting(const Component& component) {
  for (const Component::Child& child : component.children) {
    const auto* property = std::get_if<Property>(&child);
    if (property == nullptr || property->name.empty()) continue;
    Property rewritten = *property;
    rewritten.Rewrite("\r\n");
    Require(!rewritten.raw.empty() && rewritten.raw.ends_with("\r\n"), "a line has an end");
    Decoded(*property);
  }
}

void CheckMerge(const Component* base, const Component& mine, const Component& theirs) {
  const PlainVocabulary vocabulary;
  const MergeResult there = Merge(base, mine, theirs, vocabulary, Nobody);
  const MergeResult back = Merge(base, theirs, mine, vocabulary, Nobody);
  Require(there.merged.Text() == back.merged.Text(), "whose is whose does not matter");
  Require(there.differing.size() == back.differing.size(), "both ways differ alike");
  const MergeResult same = Merge(base, mine, mine, vocabulary, Nobody);
  Require(same.differing.empty() && same.merged.Text() == mine.Text(), "a thing is itself");
}

}  // namespace
}  // namespace syncline::content_lines

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace syncline::content_lines;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::vector<Document> documents;
  size_t start = 0;
  for (int i = 0; i < 3 && start <= bytes.size(); ++i) {
    const size_t end = i == 2 ? bytes.size() : std::min(bytes.find('\xFF', start), bytes.size());
    const std::string_view text = bytes.substr(start, end - start);
    Document document = Parse(text);
    Require(document.Text() == text, "no byte is lost");
    start = end + 1;
    if (const Component* component = First(document)) {
      Require(DepthOf(*component) <= 32, "the depth is limited");
      Require(Digest(*component, PlainVocabulary()).size() == 32, "a digest has 32 digits");
      CheckRewriting(*component);
      documents.push_back(std::move(document));
    }
  }
  if (documents.size() >= 2) {
    CheckMerge(documents.size() == 3 ? First(documents[2]) : nullptr, *First(documents[0]),
               *First(documents[1]));
  }
  return 0;
}

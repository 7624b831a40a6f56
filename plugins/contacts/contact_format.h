// vCard as a format of record files: what contacts brings to the store of plugins/record_files.
#ifndef SYNCLINE_PLUGINS_CONTACTS_CONTACT_FORMAT_H_
#define SYNCLINE_PLUGINS_CONTACTS_CONTACT_FORMAT_H_

#include <memory>
#include <string>
#include <string_view>

#include "plugins/contacts/book.h"
#include "plugins/record_files/format.h"

namespace syncline::contacts {

// Pure, any thread.
class ContactFormat : public record_files::Format {
 public:
  // category: the setting: names of categories between commas; empty: all contacts.
  explicit ContactFormat(std::string_view category);

  std::string_view extension() const override { return ".vcf"; }
  std::string_view beginning() const override { return "BEGIN:VCARD"; }
  std::string_view one() const override { return "contact"; }
  std::string_view many() const override { return "contacts"; }
  std::unique_ptr<record_files::Book> Parse(std::string bytes) const override;
  // Throws Error(INVALID): content is not one card.
  std::string Renamed(std::string_view content, std::string_view label) const override;
  bool Merge(const std::string* base, const std::string& mine, const std::string& theirs,
             const MergeInput& choices, std::string* merged, Fields differing) const override;
  void Describe(std::string_view content, Fields fields) const override;

 private:
  Wanted wanted_;
};

}  // namespace syncline::contacts

#endif  // SYNCLINE_PLUGINS_CONTACTS_CONTACT_FORMAT_H_

// The contacts provider: address books of vCards, in a folder or in one file.
#include <memory>

#include "plugins/contacts/contact_format.h"
#include "plugins/record_files/record_files.h"
#include "syncline/provider.hpp"

namespace syncline::contacts {
namespace {

class Contacts : public record_files::RecordFiles {
 public:
  explicit Contacts(Host host)
      : RecordFiles(host, std::make_unique<ContactFormat>(host.Setting("category"))) {}
};

}  // namespace
}  // namespace syncline::contacts

SYNCLINE_PROVIDER(syncline::contacts::Contacts, R"json({
  "id": "contacts", "name": "Contacts", "version": ")json" SYNCLINE_VERSION R"json(",
  "description": "Keeps two address books in step and merges them property by property: folders of .vcf files, or single .vcf files.",
  "settings": [
    {"key": "category", "type": "text", "default": "", "label": "Category",
     "help": "Sync only contacts that have this category; several, between commas: any of them.",
     "required": false}
  ]
})json");

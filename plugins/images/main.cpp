// The images provider: photos imported once and filed by date, or two picture folders kept in step.
#include "plugins/images/images.h"

SYNCLINE_PROVIDER(syncline::images::Images, R"json({
  "id": "images", "name": "Images", "version": ")json" SYNCLINE_VERSION R"json(",
  "description": "Imports photos and movies from a card or phone into a library, once each and filed by date; or keeps two picture folders in step. A photo, its raw file, its sidecars and its movie stay together.",
  "direction": "add",
  "settings": [
    {"key": "layout", "type": "text", "default": "", "label": "Layout",
     "help": "Where new pictures go on side B, as in {year}/{month}/{date}_{time}_{name}. Fields: year month day hour minute second subsecond date time name folder maker camera counter. Empty: the folder and name that they have on side A.",
     "required": false},
    {"key": "verify", "type": "yesno", "default": "no", "label": "Verify",
     "help": "Read each copy back from the disk and compare it before it counts as done.",
     "required": false}
  ]
})json");

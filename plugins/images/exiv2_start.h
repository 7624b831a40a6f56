// Exiv2 as this provider wants it.
#ifndef SYNCLINE_PLUGINS_IMAGES_EXIV2_START_H_
#define SYNCLINE_PLUGINS_IMAGES_EXIV2_START_H_

namespace syncline::images {

// No output to stderr. Before any other use of Exiv2; cheap when it was done before. Any thread.
void StartExiv2();

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_EXIV2_START_H_

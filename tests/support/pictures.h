// Real pictures for tests, made by real encoders (ImageMagick, libheif, libjxl, ffmpeg) and tagged
// by exiftool.
//
//   TempDir temp;
//   MakePicture(PictureKind::kJpeg, 1, temp / "IMG_0001.JPG");
//   Tag(temp / "IMG_0001.JPG", {"-DateTimeOriginal=2024:05:06 07:08:09", "-Model=X100"});
//   std::string bytes = PictureBytes(PictureKind::kPng, 2);
//
// Each picture is made once in a process and copied from then on. Every function throws
// std::runtime_error with a sentence, also one that names a program that is missing and its
// package.
#ifndef SYNCLINE_TESTS_SUPPORT_PICTURES_H_
#define SYNCLINE_TESTS_SUPPORT_PICTURES_H_

#include <string>
#include <vector>

namespace syncline::testing {

// What there is an encoder for. 64x48 pixels of noise on a gradient, movies of a second.
enum class PictureKind {
  kJpeg,
  kProgressiveJpeg,
  kPng,
  kPalettePng,
  kGif,
  kAnimatedGif,
  kWebp,
  kLosslessWebp,
  kTiff,
  kTiledTiff,
  kBigEndianTiff,
  kBmp,
  kHeic,
  kAvif,
  kJxl,  // a bare codestream
  kJxlContainer,
  kMp4,  // its index first
  kMov,  // its index last
};
const std::vector<PictureKind>& AllPictureKinds();
std::string NameOf(PictureKind kind);       // "JPEG, progressive"
std::string ExtensionOf(PictureKind kind);  // without the dot, in lower case

// The bytes of the picture of that kind and seed. Another seed gives other pixels, the same one the
// same bytes within a process. No metadata but what the encoder itself writes.
const std::string& PictureBytes(PictureKind kind, int seed);
// The same, written to path, whose folder exists; whatever its extension.
void MakePicture(PictureKind kind, int seed, const std::string& path);

// exiftool with these arguments on that file, in place; the file's times become new. Throws when
// exiftool does not change it or warns.
void Tag(const std::string& path, const std::vector<std::string>& arguments);
// What exiftool prints for that file: "exiftool -s3 -TAG PATH", without the line's end. Empty: no
// such tag.
std::string ReadTag(const std::string& path, const std::string& tag);
// Runs a program of a Debian package to its end and gives what it printed.
std::string RunTool(const std::string& package, const std::vector<std::string>& argv);

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_SUPPORT_PICTURES_H_

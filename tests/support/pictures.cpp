// Making pictures with the encoders of Debian.
#include "tests/support/pictures.h"

#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "tests/support/program.h"
#include "tests/support/scratch.h"

namespace syncline::testing {
namespace {

struct Recipe {
  PictureKind kind;
  std::string name;
  std::string extension;
  std::string package;
  // IN is replaced by a PNG of the pixels, IN2 by one of other pixels, OUT by the file to be made.
  std::vector<std::string> argv;
};

std::vector<std::string> Convert(const std::vector<std::string>& options, const std::string& out) {
  std::vector<std::string> argv = {"convert", "IN", "-strip"};
  argv.insert(argv.end(), options.begin(), options.end());
  argv.push_back(out);
  return argv;
}

// -bitexact leaves out the encoder's version.
std::vector<std::string> Ffmpeg(const std::vector<std::string>& options) {
  std::vector<std::string> argv = {"ffmpeg",    "-y",       "-loglevel", "error",   "-loop",
                                   "1",         "-i",       "IN",        "-t",      "1",
                                   "-r",        "5",        "-pix_fmt",  "yuv420p", "-fflags",
                                   "+bitexact", "-flags:v", "+bitexact"};
  argv.insert(argv.end(), options.begin(), options.end());
  argv.emplace_back("OUT");
  return argv;
}

// ImageMagick writes dates into a PNG unless it is told not to.
const std::vector<std::string> kNoDates = {"-define", "png:exclude-chunks=date,tIME"};

const std::vector<Recipe>& Recipes() {
  static const std::vector<Recipe> recipes = {
      {PictureKind::kJpeg, "JPEG", "jpg", "imagemagick", Convert({"-quality", "90"}, "JPEG:OUT")},
      {PictureKind::kProgressiveJpeg, "JPEG, progressive", "jpg", "imagemagick",
       Convert({"-interlace", "JPEG", "-quality", "90"}, "JPEG:OUT")},
      {PictureKind::kPng, "PNG", "png", "imagemagick", Convert(kNoDates, "PNG24:OUT")},
      {PictureKind::kPalettePng, "PNG with a palette", "png", "imagemagick",
       Convert({"-define", "png:exclude-chunks=date,tIME", "-colors", "64"}, "PNG8:OUT")},
      {PictureKind::kGif, "GIF", "gif", "imagemagick", Convert({}, "GIF:OUT")},
      {PictureKind::kAnimatedGif,
       "GIF, animated",
       "gif",
       "imagemagick",
       {"convert", "-delay", "20", "IN", "IN2", "-strip", "-loop", "0", "GIF:OUT"}},
      {PictureKind::kWebp, "WebP", "webp", "imagemagick", Convert({"-quality", "80"}, "WEBP:OUT")},
      {PictureKind::kLosslessWebp, "WebP, lossless", "webp", "imagemagick",
       Convert({"-define", "webp:lossless=true"}, "WEBP:OUT")},
      {PictureKind::kTiff, "TIFF", "tif", "imagemagick",
       Convert({"-compress", "LZW", "-define", "tiff:rows-per-strip=16"}, "TIFF:OUT")},
      {PictureKind::kTiledTiff, "TIFF, in tiles", "tif", "imagemagick",
       Convert({"-compress", "Zip", "-define", "tiff:tile-geometry=32x32"}, "TIFF:OUT")},
      {PictureKind::kBigEndianTiff, "TIFF, big-endian", "tif", "imagemagick",
       Convert({"-compress", "None", "-endian", "MSB"}, "TIFF:OUT")},
      {PictureKind::kBmp, "BMP", "bmp", "imagemagick", Convert({}, "BMP:OUT")},
      {PictureKind::kHeic,
       "HEIC",
       "heic",
       "libheif-examples",
       {"heif-enc", "-q", "60", "-o", "OUT", "IN"}},
      {PictureKind::kAvif,
       "AVIF",
       "avif",
       "libheif-examples",
       {"heif-enc", "-A", "-q", "60", "-o", "OUT", "IN"}},
      {PictureKind::kJxl, "JPEG XL", "jxl", "libjxl-tools", {"cjxl", "IN", "OUT", "-e", "3"}},
      {PictureKind::kJxlContainer,
       "JPEG XL in a container",
       "jxl",
       "libjxl-tools",
       {"cjxl", "--container=1", "IN", "OUT", "-e", "3"}},
      {PictureKind::kMp4, "MP4", "mp4", "ffmpeg", Ffmpeg({"-movflags", "+faststart"})},
      {PictureKind::kMov, "MOV", "mov", "ffmpeg", Ffmpeg({})},
  };
  return recipes;
}

const Recipe& RecipeOf(PictureKind kind) {
  for (const Recipe& recipe : Recipes()) {
    if (recipe.kind == kind) return recipe;
  }
  throw std::runtime_error("there is no recipe for a picture of this kind");
}

void Replace(std::string* text, const std::string& what, const std::string& with) {
  const size_t at = text->find(what);
  if (at != std::string::npos) text->replace(at, what.size(), with);
}

void MakePixels(int seed, const std::string& path) {
  RunTool("imagemagick",
          {"convert", "-size", "64x48", "-seed", std::to_string(seed), "plasma:", "-attenuate",
           "0.5", "+noise", "Gaussian", "-strip", "-depth", "8", "PNG24:" + path});
}

std::string Encode(const Recipe& recipe, int seed) {
  TempDir temp;
  const std::string out = "picture." + recipe.extension;
  std::vector<std::string> argv = recipe.argv;
  for (std::string& argument : argv) {
    if (argument == "IN2") {
      MakePixels(seed + 1'000'000, temp / "more.png");
      argument = temp / "more.png";
    } else if (argument == "IN") {
      MakePixels(seed, temp / "pixels.png");
      argument = temp / "pixels.png";
    } else {
      Replace(&argument, "OUT", temp / out);
    }
  }
  RunTool(recipe.package, argv);
  return Tree(temp.path()).Read(out);
}

}  // namespace

const std::vector<PictureKind>& AllPictureKinds() {
  static const std::vector<PictureKind> kinds = [] {
    std::vector<PictureKind> all;
    for (const Recipe& recipe : Recipes()) all.push_back(recipe.kind);
    return all;
  }();
  return kinds;
}

std::string NameOf(PictureKind kind) { return RecipeOf(kind).name; }

std::string ExtensionOf(PictureKind kind) { return RecipeOf(kind).extension; }

const std::string& PictureBytes(PictureKind kind, int seed) {
  static std::mutex mutex;
  static std::map<std::pair<PictureKind, int>, std::string> made;
  const std::lock_guard lock(mutex);
  const auto found = made.find({kind, seed});
  if (found != made.end()) return found->second;
  return made[{kind, seed}] = Encode(RecipeOf(kind), seed);
}

void MakePicture(PictureKind kind, int seed, const std::string& path) {
  Tree("/").Write(path.substr(1), PictureBytes(kind, seed));
}

void Tag(const std::string& path, const std::vector<std::string>& arguments) {
  std::vector<std::string> argv = {"exiftool", "-overwrite_original"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  argv.push_back(path);
  const std::string out = RunTool("libimage-exiftool-perl", argv);
  if (out.find("1 image files updated") == std::string::npos) {
    throw std::runtime_error("exiftool did not change " + path + ": " + out);
  }
}

std::string ReadTag(const std::string& path, const std::string& tag) {
  std::string value = RunTool("libimage-exiftool-perl", {"exiftool", "-s3", "-" + tag, path});
  if (value.ends_with('\n')) value.pop_back();
  return value;
}

std::string RunTool(const std::string& package, const std::vector<std::string>& argv) {
  ProgramResult result;
  try {
    result = RunProgram(argv);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error("this test needs the program " + argv[0] +
                             ", from the Debian package " + package + " (apt-get install " +
                             package + "): " + error.what());
  }
  const bool warned = result.err.find("Warning") != std::string::npos;
  if (result.exit_code == 0 && !warned) return result.out;
  std::string line;
  for (const std::string& argument : argv) line += argument + " ";
  throw std::runtime_error("the test's tool failed: " + line + "\n" + result.err + result.out);
}

}  // namespace syncline::testing

// Feeds a fuzz function with mutations of seeds, the same ones in each run, where no fuzzing engine
// is linked: driver RUNS SEED_FOLDER. With one file instead, it runs that file: to replay a crash.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

class Mutator {
 public:
  explicit Mutator(const std::vector<std::string>& seeds) : seeds_(seeds) {}

  std::string Next() {
    std::string input = seeds_[Below(seeds_.size())];
    for (size_t edits = 1 + Below(6); edits > 0; --edits) Edit(&input);
    return input;
  }

 private:
  size_t Below(size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  void Edit(std::string* input) {
    const size_t at = Below(input->size() + 1);
    const size_t length = Below(40);
    switch (Below(5)) {
      case 0:
        input->insert(at, 1, static_cast<char>(Below(256)));
        break;
      case 1:
        input->erase(at, length);
        break;
      case 2:
        if (at < input->size()) (*input)[at] = static_cast<char>(Below(256));
        break;
      case 3:
        input->insert(at, input->substr(Below(input->size() + 1), length));
        break;
      default: {
        const std::string& other = seeds_[Below(seeds_.size())];
        input->insert(at, other.substr(Below(other.size() + 1), length));
      }
    }
  }

  const std::vector<std::string>& seeds_;
  std::mt19937 random_{1};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2) {
    Run(Read(argv[1]));
    return 0;
  }
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s RUNS SEED_FOLDER | %s FILE\n", argv[0], argv[0]);
    return 2;
  }
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(argv[2])) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const std::filesystem::path& path : paths) seeds.push_back(Read(path));
  if (seeds.empty()) {
    std::fprintf(stderr, "%s has no seeds\n", argv[2]);
    return 2;
  }
  for (const std::string& seed : seeds) Run(seed);
  Mutator mutator(seeds);
  const long runs = std::strtol(argv[1], nullptr, 10);
  for (long run = 0; run < runs; ++run) {
    // Runs do not depend on their number, so a crash is found again by RUNS up to the last one
    // told.
    if (run % 1000 == 0) std::fprintf(stderr, "run %ld\n", run);
    Run(mutator.Next());
  }
  return 0;
}

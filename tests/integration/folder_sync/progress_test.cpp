// The stream of `sync --progress=json`: valid lines, totals that only grow, one end for each item,
// also with a thousand items in one session.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <set>
#include <sstream>
#include <thread>

#include "tests/support/stage.h"

namespace syncline::testing {
namespace {

#ifdef SYNCLINE_SANITIZED
constexpr int kItems = 100;
#else
constexpr int kItems = 1000;
#endif

std::vector<nlohmann::json> LinesOf(const ProgramResult& result) {
  std::vector<nlohmann::json> lines;
  std::istringstream text(result.out);
  for (std::string line; std::getline(text, line);) {
    nlohmann::json parsed = nlohmann::json::parse(line, nullptr, false);
    EXPECT_TRUE(parsed.is_object()) << "not a JSON object: " << line;
    if (parsed.is_object()) lines.push_back(std::move(parsed));
  }
  return lines;
}

// What holds for every stream; items: how many the session has.
void CheckStream(const std::vector<nlohmann::json>& lines, int items) {
  std::map<std::string, int> ends;
  int64_t records = 0, bytes = 0, done = 0;
  for (const nlohmann::json& line : lines) {
    const std::string type = line.at("type");
    if (type == "item_done") ++ends[line.at("item")];
    if (type != "progress") continue;
    if (line.at("phase") == "scanning" && line.at("items_total") == 1) {
      EXPECT_EQ(line.at("records_done"), 0) << line;
    }
    EXPECT_EQ(line.at("items_total"), items);
    if (!line.at("records_total").is_null()) {
      EXPECT_LE(line.at("records_done"), line.at("records_total")) << line;
    }
    if (!line.at("item").is_null()) {
      EXPECT_EQ(ends[line.at("item")], 0) << "progress after the item's end: " << line;
      continue;
    }
    EXPECT_GE(line.at("records_done"), records) << line;
    EXPECT_GE(line.at("bytes_done"), bytes) << line;
    EXPECT_GE(line.at("items_done"), done) << line;
    records = line.at("records_done");
    bytes = line.at("bytes_done");
    done = line.at("items_done");
  }
  EXPECT_EQ(done, items);
  EXPECT_EQ(ends.size(), static_cast<size_t>(items));
  for (const auto& [item, times] : ends) EXPECT_EQ(times, 1) << item;
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.back().at("type"), "session_done");
  EXPECT_EQ(lines.back().at("items"), items);
}

class Progress : public ::testing::Test {
 protected:
  Progress() {
    if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 0);
    stage_ = std::make_unique<Stage>();
  }
  std::unique_ptr<Stage> stage_;
};

TEST_F(Progress, OfOneItemIsValidAndMonotone) {
  for (int i = 0; i < 500; ++i) {
    stage_->a.Write("d" + std::to_string(i % 7) + "/" + std::to_string(i), std::string(5000, 'x'));
  }
  stage_->Add();
  const ProgramResult result = stage_->Run({"sync", "--progress=json"});
  ASSERT_EQ(result.exit_code, 0) << result;
  const std::vector<nlohmann::json> lines = LinesOf(result);
  CheckStream(lines, 1);
  const nlohmann::json* last = nullptr;
  int events = 0;
  for (const nlohmann::json& line : lines) {
    if (line["type"] == "progress") last = &line;
    if (line["type"] == "event") ++events;
    if (line["type"] != "item_done") continue;
    EXPECT_EQ(line["created"], 507);
    EXPECT_EQ(line["bytes"], 500 * 5000);
  }
  ASSERT_NE(last, nullptr);
  EXPECT_EQ((*last)["records_done"], 507);
  EXPECT_EQ((*last)["bytes_done"], 500 * 5000);
  EXPECT_EQ(events, 507);
}

TEST_F(Progress, OfAThousandItemsCountsEachOnce) {
  std::atomic<int> next{0};
  std::atomic<int> failures{0};
  const auto add = [&] {
    for (int i = next++; i < kItems; i = next++) {
      const std::string name = "Item " + std::to_string(i);
      Tree a(stage_->temp / ("a" + std::to_string(i)));
      Tree b(stage_->temp / ("b" + std::to_string(i)));
      a.Write("x", std::to_string(i));
      if (stage_->Run({"add", "folders", "--name", name, a.root(), b.root()}).exit_code != 0) {
        ++failures;
      }
    }
  };
  stage_->Run({"providers"});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(add);
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(failures, 0);
  const ProgramResult result = stage_->Run({"sync", "--progress=json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  CheckStream(LinesOf(result), kItems);
  for (int i = 0; i < kItems; ++i) {
    EXPECT_EQ(Tree(stage_->temp / ("b" + std::to_string(i))).Read("x"), std::to_string(i));
  }
}

}  // namespace
}  // namespace syncline::testing

// Random histories as GoogleTest tests. See property.h.
#include "tests/model/property.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace syncline::model {
namespace {

// A disk waits for each flush; memory does not. TMPDIR still chooses another place.
[[maybe_unused]] const bool kInMemory = [] {
  return std::filesystem::is_directory("/dev/shm") && setenv("TMPDIR", "/dev/shm", 0) == 0;
}();

int HistoriesOr(int wanted) {
  const char* number = std::getenv("SYNCLINE_HISTORIES");
  return number != nullptr && *number != 0 ? std::atoi(number) : wanted;
}

}  // namespace

void CheckHistories(int histories, const std::function<void()>& property) {
  const ::testing::TestInfo* info = ::testing::UnitTest::GetInstance()->current_test_info();
  rc::detail::TestMetadata metadata;
  metadata.id = std::string(info->test_suite_name()) + "." + info->name();
  metadata.description = metadata.id;
  const rc::detail::Configuration& configured = rc::detail::configuration();
  rc::detail::TestParams params = configured.testParams;
  params.maxSuccess = HistoriesOr(histories);
  params.maxSize = 45;  // steps
  rc::detail::TestListenerAdapter listener;
  const rc::detail::TestResult result = rc::detail::checkProperty(
      rc::detail::toProperty(property), metadata, params, listener, configured.reproduce);
  if (result.is<rc::detail::SuccessResult>()) return;
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  if (result.is<rc::detail::FailureResult>()) {
    rc::detail::Configuration again;
    again.testParams = params;
    again.reproduce[metadata.id] = result.get<rc::detail::FailureResult>().reproduce;
    text << "\nTo replay: RC_PARAMS=\"" << rc::detail::configToMinimalString(again) << "\"";
  }
  FAIL() << text.str();
}

}  // namespace syncline::model

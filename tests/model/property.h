// Checks a property of random histories, as a GoogleTest failure that tells how to replay it.
//
//   CheckHistories(500, [] { const auto history = *gen; ... throw on a violation ... });
//
// SYNCLINE_HISTORIES overrides the number of histories of each test. A failure prints the shrunk
// history and what replays it: RC_PARAMS="reproduce=..." in the environment.
#ifndef SYNCLINE_TESTS_MODEL_PROPERTY_H_
#define SYNCLINE_TESTS_MODEL_PROPERTY_H_

#include <functional>

namespace syncline::model {

void CheckHistories(int histories, const std::function<void()>& property);

}  // namespace syncline::model

#endif  // SYNCLINE_TESTS_MODEL_PROPERTY_H_

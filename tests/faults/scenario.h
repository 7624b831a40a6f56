// Some 30 records with every kind of change, as the fault tests disturb them.
#ifndef SYNCLINE_TESTS_FAULTS_SCENARIO_H_
#define SYNCLINE_TESTS_FAULTS_SCENARIO_H_

#include "tests/support/stage.h"

namespace syncline::testing {

// What both sides hold at the first sync; made on A.
void MakeRecords(Tree* a);
// What people do on both sides before the second.
void EditBoth(Tree* a, Tree* b);

// How a sync left things: both trees, the conflicts that wait, the files of the item.
struct EndState {
  std::map<std::string, std::string> a, b;
  std::vector<std::string> conflicts;
  std::vector<std::string> item_files;
  bool operator==(const EndState&) const = default;
};
EndState LookAt(const Stage& stage);
// What differs, a line each.
std::string Difference(const EndState& expected, const EndState& found);

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_FAULTS_SCENARIO_H_

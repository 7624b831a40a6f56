// The SQL of the event list. Each statement reads one index in the order asked for, so that a page
// costs the same at any size; no query sorts.
#include "storage/event_sql.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace syncline::storage {
namespace {

constexpr char kColumns[] = "id, time_ns, level, session, item, provider, record, name, text";

// A session's events lie close together: ids are given out in order of time. So a session together
// with another filter reads that filter's index between the session's first and last id, where only
// sessions running at the same time have events too; + keeps SQLite from taking the session's
// index.
constexpr char kWithinSession[] =
    "+session = ?2 AND id >= (SELECT min(id) FROM events WHERE session = ?2) AND id <= ";
constexpr char kSessionEnd[] = "(SELECT max(id) FROM events WHERE session = ?2)";

// The condition for one level, or for all when level is 0.
std::string Where(const EventQuery& query, int level, bool page) {
  std::vector<std::string> terms;
  if (query.item.has_value()) terms.push_back("item = ?1");
  // The second term names the condition of the partial indexes, which SQLite does not derive.
  if (level != 0) terms.push_back(absl::StrCat("level = ", level, " AND level <> 1"));
  const bool before = page && query.before_id > 0;
  if (query.session.has_value() && !terms.empty()) {
    // One upper end, since SQLite seeks to one only and would filter by the other.
    terms.push_back(before ? absl::StrCat(kWithinSession, "min(?3 - 1, ", kSessionEnd, ")")
                           : absl::StrCat(kWithinSession, kSessionEnd));
  } else {
    if (query.session.has_value()) terms.push_back("session = ?2");
    if (before) terms.push_back("id < ?3");
  }
  return terms.empty() ? "" : absl::StrCat(" WHERE ", absl::StrJoin(terms, " AND "));
}

// One SELECT for each level that passes, merged in order of id.
template <typename Select>
std::string ForLevels(const EventQuery& query, const char* between, const Select& select) {
  switch (query.min_level) {
    case Level::kInformation:
      return select(0);
    case Level::kWarning:
      return absl::StrCat(select(2), between, select(3));
    case Level::kError:
      break;
  }
  return select(3);
}

}  // namespace

std::string EventFindSql(const EventQuery& query) {
  return absl::StrCat(ForLevels(query, " UNION ALL ",
                                [&](int level) {
                                  return absl::StrCat("SELECT ", kColumns, " FROM events",
                                                      Where(query, level, /*page=*/true));
                                }),
                      " ORDER BY id DESC LIMIT ?4");
}

std::string EventCountSql(const EventQuery& query) {
  return absl::StrCat("SELECT ", ForLevels(query, " + ", [&](int level) {
                        return absl::StrCat("(SELECT count(*) FROM events",
                                            Where(query, level, /*page=*/false), ")");
                      }));
}

}  // namespace syncline::storage

// The SQL of the event list: which index serves which filter. Apart from events.cpp so that a test
// can ask SQLite for its plan. Internal to storage/.
#ifndef SYNCLINE_STORAGE_EVENT_SQL_H_
#define SYNCLINE_STORAGE_EVENT_SQL_H_

#include <string>

#include "storage/main_store.h"

namespace syncline::storage {

// Parameters: ?1 item, ?2 session, ?3 before_id, ?4 limit; those that the query does not use are
// absent.
std::string EventFindSql(const EventQuery& query);
std::string EventCountSql(const EventQuery& query);

}  // namespace syncline::storage

#endif  // SYNCLINE_STORAGE_EVENT_SQL_H_

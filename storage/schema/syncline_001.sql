-- The main database, version 1: what the handler knows besides each item's baseline.
-- Times are nanoseconds since 1970. Ids of items and providers compare without letter case, since Sync
-- Center does. Enumerations are stored as words: a person can read the file, and no number is reused.

-- One row: this database. uuid makes event and conflict ids unique across databases.
CREATE TABLE database_info (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  uuid TEXT NOT NULL,
  created_ns INTEGER NOT NULL,
  created_by TEXT NOT NULL              -- program version
) STRICT;

-- A row is one sync item: a named pair of replicas of one provider.
CREATE TABLE items (
  id TEXT PRIMARY KEY COLLATE NOCASE CHECK (length(id) BETWEEN 1 AND 63),
  name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 127),
  provider TEXT NOT NULL COLLATE NOCASE,
  location_a TEXT NOT NULL,
  location_b TEXT NOT NULL,
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  direction TEXT NOT NULL CHECK (direction IN ('two-way', 'mirror', 'add')),
  conflict_policy TEXT NOT NULL CHECK (conflict_policy IN ('ask', 'newer', 'a', 'b', 'both')),
  created_ns INTEGER NOT NULL,
  last_result TEXT NOT NULL DEFAULT '', -- result of the last session that tried it; '' before the first
  last_sync_ns INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A row is one provider setting of one item that differs from the provider's default.
CREATE TABLE item_settings (
  item TEXT NOT NULL COLLATE NOCASE REFERENCES items (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (item, key)
) STRICT, WITHOUT ROWID;

-- A row is one line of an item's filter, in gitignore syntax; later lines win.
CREATE TABLE item_filters (
  item TEXT NOT NULL COLLATE NOCASE REFERENCES items (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  pattern TEXT NOT NULL,
  PRIMARY KEY (item, position)
) STRICT, WITHOUT ROWID;

-- A row is what was found out about one library file. It stands as long as the file's identity columns
-- are those of the file on disk; otherwise the file is looked at again.
CREATE TABLE libraries (
  path TEXT PRIMARY KEY,
  device INTEGER NOT NULL,
  file_id INTEGER NOT NULL,
  size INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL,
  changed_ns INTEGER NOT NULL,
  hash TEXT NOT NULL,                   -- of the content, hex; names the private copy; '' if not read
  state TEXT NOT NULL CHECK (state IN ('arriving', 'ready', 'incompatible', 'quarantined', 'ignored')),
  reason TEXT NOT NULL,                 -- for a person; '' when ready
  provider TEXT NOT NULL COLLATE NOCASE, -- id from the manifest; '' when unknown
  manifest TEXT NOT NULL,               -- JSON; '' when unknown
  looked_by TEXT NOT NULL,              -- program version that looked: another one looks again
  looked_ns INTEGER NOT NULL
) STRICT;

-- A row is one content of a library that crashed or hung, and how often running without a good session
-- in between. Three in a row quarantine it. Deleted by a good session or by a person's retry.
CREATE TABLE library_failures (
  hash TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_reason TEXT NOT NULL,
  last_ns INTEGER NOT NULL
) STRICT;

-- A row is a record that was at work when the worker of an item crashed or hung. After two crashes
-- running it is left out until a session in which it is no longer tried twice succeeds.
CREATE TABLE record_crashes (
  item TEXT NOT NULL COLLATE NOCASE REFERENCES items (id) ON DELETE CASCADE,
  record BLOB NOT NULL,                 -- "a:" or "b:" and the record's id
  crashes INTEGER NOT NULL,
  last_ns INTEGER NOT NULL,
  PRIMARY KEY (item, record)
) STRICT, WITHOUT ROWID;

-- A row is one run of Synchronize. ended_ns 0: it runs, or its process died (then its pid is gone).
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  started_ns INTEGER NOT NULL,
  ended_ns INTEGER NOT NULL DEFAULT 0,
  process INTEGER NOT NULL,
  result TEXT NOT NULL DEFAULT ''
) STRICT;

-- A row is what one session did with one item.
CREATE TABLE session_items (
  session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  item TEXT NOT NULL COLLATE NOCASE,
  result TEXT NOT NULL,
  counts TEXT NOT NULL,                 -- JSON object: created, updated, removed, moved, ...
  seconds REAL NOT NULL,
  PRIMARY KEY (session, item)
) STRICT, WITHOUT ROWID;

-- A row is one event. Kept when its item is removed: history outlives what it tells of.
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time_ns INTEGER NOT NULL,
  level INTEGER NOT NULL CHECK (level IN (1, 2, 3)), -- 1 information, 2 warning, 3 error
  session INTEGER NOT NULL DEFAULT 0,   -- 0: outside a session
  item TEXT NOT NULL DEFAULT '' COLLATE NOCASE,      -- '': of the handler itself
  provider TEXT NOT NULL DEFAULT '',
  record TEXT NOT NULL DEFAULT '',      -- as shown to people (escaped)
  name TEXT NOT NULL,                   -- kind of event: created, updated, removed, failed, ...
  text TEXT NOT NULL
) STRICT;
-- Each serves one filter of the event list, newest first; id order is time order.
CREATE INDEX events_by_item ON events (item, id);
CREATE INDEX events_by_session ON events (session, id);
CREATE INDEX events_by_level ON events (level, id) WHERE level <> 1;
CREATE INDEX events_by_item_level ON events (item, level, id) WHERE level <> 1;

-- A row is one conflict that waits for a decision or whose decision waits to be carried out.
CREATE TABLE conflicts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  item TEXT NOT NULL COLLATE NOCASE REFERENCES items (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,                   -- edit-edit, edit-delete, delete-edit, create-create, name, type
  key BLOB NOT NULL,                    -- of the record
  record TEXT NOT NULL,                 -- as shown to people
  reason TEXT NOT NULL,
  side_a TEXT NOT NULL,                 -- JSON: id, version (hex), title, size, modified, fields,
                                        -- differing (fields no merge could settle); {} gone
  side_b TEXT NOT NULL,
  since_ns INTEGER NOT NULL,
  decision TEXT NOT NULL DEFAULT '' CHECK (decision IN ('', 'a', 'b', 'both', 'merge')),
  choices TEXT NOT NULL DEFAULT '{}',   -- JSON, with merge: the side whose value a field takes
  UNIQUE (item, key)
) STRICT;

-- A main database as version 1 of the schema left it, filled: the start of every migration test.
-- Never edited; a later version adds a file of its own.
PRAGMA application_id = 1398361667;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
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
INSERT INTO "conflicts" VALUES(1,'notes','edit-edit',X'746F646F00FF','todo','Both sides changed it.','{"id":"todo"}','{"id":"todo"}',4005,'','{}');
INSERT INTO "conflicts" VALUES(2,'photos','edit-delete',X'632E6A7067','c.jpg','Side B removed it.','{"id":"c.jpg"}','{}',4006,'b','{}');
CREATE TABLE database_info (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  uuid TEXT NOT NULL,
  created_ns INTEGER NOT NULL,
  created_by TEXT NOT NULL              -- program version
) STRICT;
INSERT INTO "database_info" VALUES(1,'00112233445566778899aabbccddeeff',1000,'0.1.0');
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
INSERT INTO "events" VALUES(1,4001,1,1,'notes','folders','todo.txt','created','');
INSERT INTO "events" VALUES(2,4002,3,1,'photos','folders','a\xff','failed','The record could not be read.');
INSERT INTO "events" VALUES(3,4003,2,1,'photos','folders','b.jpg','skipped','It''s full; ''quoted'' – and
two lines');
INSERT INTO "events" VALUES(4,4004,1,0,'','','','started','');
CREATE TABLE item_filters (
  item TEXT NOT NULL COLLATE NOCASE REFERENCES items (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  pattern TEXT NOT NULL,
  PRIMARY KEY (item, position)
) STRICT, WITHOUT ROWID;
INSERT INTO "item_filters" VALUES('photos',0,'*.tmp');
INSERT INTO "item_filters" VALUES('photos',1,'!keep.tmp');
CREATE TABLE item_settings (
  item TEXT NOT NULL COLLATE NOCASE REFERENCES items (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (item, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "item_settings" VALUES('photos','hard_links','keep');
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
INSERT INTO "items" VALUES('notes','Notes','folders','/home/ada/notes','/mnt/stick/notes',1,'two-way','ask',1000,'done',5000);
INSERT INTO "items" VALUES('photos','Für Oma','folders','/home/ada/photos','/mnt/stick/photos',0,'mirror','newer',2000,'',0);
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
INSERT INTO "libraries" VALUES('/usr/lib/syncline/plugins/folders.so',2049,77,123456,11,12,'abcd','ready','','folders','{"id":"folders"}','0.1.0',3000);
INSERT INTO "libraries" VALUES('/home/ada/bad.so',-1,78,0,11,12,'ffee','quarantined','It crashed 3 times.','','','0.1.0',3000);
CREATE TABLE library_failures (
  hash TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_reason TEXT NOT NULL,
  last_ns INTEGER NOT NULL
) STRICT;
INSERT INTO "library_failures" VALUES('ffee',2,'killed by signal 11',3001);
CREATE TABLE record_crashes (
  item TEXT NOT NULL COLLATE NOCASE REFERENCES items (id) ON DELETE CASCADE,
  record BLOB NOT NULL,                 -- "a:" or "b:" and the record's id
  crashes INTEGER NOT NULL,
  last_ns INTEGER NOT NULL,
  PRIMARY KEY (item, record)
) STRICT, WITHOUT ROWID;
INSERT INTO "record_crashes" VALUES('photos',X'613AFF0A',1,3002);
CREATE TABLE session_items (
  session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  item TEXT NOT NULL COLLATE NOCASE,
  result TEXT NOT NULL,
  counts TEXT NOT NULL,                 -- JSON object: created, updated, removed, moved, ...
  seconds REAL NOT NULL,
  PRIMARY KEY (session, item)
) STRICT, WITHOUT ROWID;
INSERT INTO "session_items" VALUES(1,'notes','done','{"created":2}',0.25);
INSERT INTO "session_items" VALUES(1,'photos','failed','{}',1.5);
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  started_ns INTEGER NOT NULL,
  ended_ns INTEGER NOT NULL DEFAULT 0,
  process INTEGER NOT NULL,
  result TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO "sessions" VALUES(1,4000,5000,321,'done');
CREATE INDEX events_by_item ON events (item, id);
CREATE INDEX events_by_session ON events (session, id);
CREATE INDEX events_by_level ON events (level, id) WHERE level <> 1;
CREATE INDEX events_by_item_level ON events (item, level, id) WHERE level <> 1;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('sessions',1);
INSERT INTO "sqlite_sequence" VALUES('events',4);
INSERT INTO "sqlite_sequence" VALUES('conflicts',2);
COMMIT;

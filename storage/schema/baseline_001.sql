-- The baseline of one sync item, version 1: what both replicas held when they last agreed. Owned by the
-- item's worker, which holds the item's lock while it uses it. Ids, keys, versions and identities are
-- the provider's bytes; SQLite compares BLOBs by memcmp, which is the order that providers list in.

-- A row is one record that both sides held in the same state: side A at id_a in version_a, side B at
-- id_b in version_b. It is written only after both sides are durable, so it is never newer than them;
-- it may be older, and then the next comparison finds equal contents and adopts them.
-- No rowid: a scan in order of id_a reads the table itself, 0.2 us a row, and nothing else.
CREATE TABLE pairs (
  id_a BLOB PRIMARY KEY,
  version_a BLOB NOT NULL,
  version_b BLOB NOT NULL,
  id_b BLOB,                -- NULL: same as id_a, so that paths are stored once
  flags INTEGER NOT NULL,   -- of provider.h: 1 container, 4 mergeable
  size INTEGER NOT NULL,    -- bytes; -1 unknown
  identity_a BLOB NOT NULL,
  identity_b BLOB NOT NULL,
  key BLOB                  -- NULL: same as id_a
) STRICT, WITHOUT ROWID;
-- The rows whose place differs between the sides, in the order that side B lists them.
CREATE UNIQUE INDEX pairs_by_b ON pairs (id_b) WHERE id_b IS NOT NULL;
-- Finds the pair of a record that came back under another id.
CREATE INDEX pairs_by_key ON pairs (key) WHERE key IS NOT NULL;

-- A row is the content that a mergeable record had when both sides agreed: the ancestor of a merge.
CREATE TABLE ancestors (
  id_a BLOB PRIMARY KEY,
  content BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A row is a record that could not be brought in step, and why. It is tried again at each sync, except
-- that one that can never be stored (final = 1) waits until one of its versions is another.
CREATE TABLE parked (
  key BLOB PRIMARY KEY,
  version_a BLOB NOT NULL,  -- empty: not there
  version_b BLOB NOT NULL,
  final INTEGER NOT NULL CHECK (final IN (0, 1)),
  reason TEXT NOT NULL,
  tries INTEGER NOT NULL,
  since_ns INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A row is one side: the place it was when last synced. Another identity under the same location means
-- that the disk is not mounted or the folder was made anew, and stops the sync.
CREATE TABLE replicas (
  side TEXT PRIMARY KEY CHECK (side IN ('a', 'b')),
  location TEXT NOT NULL,
  identity BLOB NOT NULL,
  token BLOB NOT NULL       -- of "syncline.changes"; empty: list everything
) STRICT, WITHOUT ROWID;

-- The baseline of one sync item, version 2: what a provider remembers.

-- A row is what a provider remembers of one side from turn to turn ("syncline.memory"), such as what it
-- found out about a file at the price of reading it. Rows may be lost: that costs time and nothing else.
CREATE TABLE memory (
  side TEXT NOT NULL CHECK (side IN ('a', 'b')),
  name BLOB NOT NULL,       -- the provider's, as is value
  value BLOB NOT NULL,
  PRIMARY KEY (side, name)
) STRICT, WITHOUT ROWID;

-- The ledger, widened: what a person says about a pair of pictures, protection and purging are
-- lines too, and every line is chained to the one before.

DROP VIEW quarantined;
DROP TRIGGER IF EXISTS decision_is_not_replaced;
DROP TRIGGER IF EXISTS decision_is_not_changed;
DROP TRIGGER IF EXISTS decision_is_not_deleted;
DROP INDEX decision_by_image;
DROP INDEX decision_by_batch;
ALTER TABLE decision RENAME TO decision_before;

-- Append-only. The latest line about an image, or about a pair, is the one in force.
CREATE TABLE decision (
  sequence INTEGER PRIMARY KEY,  -- from 1, without gaps
  batch INTEGER NOT NULL,        -- decisions made together, and undone together
  image INTEGER NOT NULL REFERENCES image (id),
  other INTEGER REFERENCES image (id),  -- the other image of the pair it is about, or rests on
  action TEXT NOT NULL CHECK (action IN (
    'quarantine', 'restore', 'protect', 'purge',   -- about the image
    'same', 'different', 'unsure', 'open')),       -- about the pair
  author TEXT NOT NULL,          -- 'rule' or a person's name
  rule TEXT NOT NULL,
  reason TEXT NOT NULL,
  evidence TEXT NOT NULL,        -- JSON, sorted keys
  step TEXT REFERENCES step (key),
  undoes INTEGER REFERENCES decision (sequence),
  decided_at TEXT NOT NULL,
  CHECK (other IS NOT NULL OR action NOT IN ('same', 'different', 'unsure', 'open'))
) STRICT;

INSERT INTO decision
  SELECT sequence, batch, image,
    (SELECT id FROM image WHERE id = CASE WHEN json_valid(evidence)
      THEN json_extract(evidence, '$.other') END),
    action, author, rule, reason, evidence, step, undoes, decided_at
  FROM decision_before ORDER BY sequence;
DROP TABLE decision_before;

CREATE INDEX decision_by_image ON decision (image, sequence);
CREATE INDEX decision_by_other ON decision (other, sequence);
CREATE INDEX decision_by_batch ON decision (batch);
CREATE TRIGGER decision_is_not_replaced BEFORE INSERT ON decision
WHEN EXISTS (SELECT 1 FROM decision WHERE sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER decision_is_not_changed BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER decision_is_not_deleted BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

-- Images that do not belong to the set: put aside, or gone for good.
CREATE VIEW quarantined AS
  SELECT image, sequence FROM decision AS d
  WHERE action IN ('quarantine', 'purge')
    AND sequence = (SELECT max(sequence) FROM decision WHERE image = d.image
      AND action IN ('quarantine', 'restore', 'protect', 'purge'));

-- The chain: each line's SHA-256 over the hash before it and all its own columns, the clock reading
-- among them. So this table is no content, and the content digest leaves it out.
CREATE TABLE link (
  sequence INTEGER PRIMARY KEY REFERENCES decision (sequence),
  hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER link_is_not_replaced BEFORE INSERT ON link
WHEN EXISTS (SELECT 1 FROM link WHERE sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER link_is_not_changed BEFORE UPDATE ON link
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER link_is_not_deleted BEFORE DELETE ON link
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

-- When an image was first indexed; NULL for images from before this was recorded.
ALTER TABLE image ADD COLUMN indexed_at TEXT;

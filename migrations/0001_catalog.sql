-- The catalog of one workspace.
-- Columns named *_at are clock readings. Everything else is content: it is the same for the same
-- input, seed and version, and it enters the content digest.

CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  population TEXT NOT NULL CHECK (population IN ('digital', 'real', 'generated', 'reference')),
  root TEXT NOT NULL,            -- absolute path of a folder or a file; never in a report
  layout TEXT NOT NULL,
  UNIQUE (population, root)
) STRICT;

CREATE TABLE identity (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES source (id),
  name TEXT NOT NULL,
  UNIQUE (source, name)
) STRICT;

-- A generator's latent vector for an identity: given with the dataset, or found by searching.
CREATE TABLE latent (
  identity INTEGER NOT NULL REFERENCES identity (id),
  generator_digest TEXT NOT NULL,
  vector BLOB NOT NULL,          -- float32, little endian
  origin TEXT NOT NULL CHECK (origin IN ('given', 'searched')),
  similarity REAL,               -- to the prototype, for a searched one
  PRIMARY KEY (identity, generator_digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE image (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES source (id),
  identity INTEGER REFERENCES identity (id),
  path TEXT NOT NULL,            -- relative to the source's root; an imported vector's own id
  digest BLOB,                   -- SHA-256 of the file; NULL for a vector without a picture
  byte_count INTEGER,
  width INTEGER,
  height INTEGER,
  format TEXT,
  crop TEXT,
  landmarks BLOB,                -- 5 x (x, y), float32, little endian
  face_count INTEGER,
  sharpness REAL,
  -- The image of the changed file. Deferred: image_current wants the old row set aside before the
  -- new one is there.
  replaced_by INTEGER REFERENCES image (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX image_current ON image (source, path) WHERE replaced_by IS NULL;
CREATE INDEX image_by_digest ON image (digest);
CREATE INDEX image_by_identity ON image (identity);

-- The last outcome of every file met in an indexed folder.
CREATE TABLE outcome (
  source INTEGER NOT NULL REFERENCES source (id),
  path TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('indexed', 'rejected', 'missing')),
  reason TEXT NOT NULL,
  digest BLOB,
  image INTEGER REFERENCES image (id),
  PRIMARY KEY (source, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE space (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  width INTEGER NOT NULL CHECK (width > 0),
  encoder_digest TEXT NOT NULL,
  UNIQUE (name, encoder_digest)
) STRICT;

CREATE TABLE shard (
  id INTEGER PRIMARY KEY,
  space INTEGER NOT NULL REFERENCES space (id),
  file TEXT NOT NULL UNIQUE,     -- relative to the workspace's vectors folder
  row_count INTEGER NOT NULL CHECK (row_count > 0),
  digest BLOB NOT NULL           -- SHA-256 of the file
) STRICT;

CREATE TABLE embedding (
  image INTEGER NOT NULL REFERENCES image (id),
  space INTEGER NOT NULL REFERENCES space (id),
  shard INTEGER NOT NULL REFERENCES shard (id),
  row INTEGER NOT NULL CHECK (row >= 0),
  PRIMARY KEY (image, space)
) STRICT, WITHOUT ROWID;

-- Provenance: a finished step. The key is the SHA-256 over name, version, parameters and inputs.
CREATE TABLE step (
  key TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  tool_version TEXT NOT NULL,
  parameters TEXT NOT NULL,      -- JSON, sorted keys
  inputs TEXT NOT NULL,          -- SHA-256, hex, over what the step read
  summary TEXT NOT NULL,         -- JSON, sorted keys; content only, no times
  ordinal INTEGER NOT NULL,      -- the latest step of a name is the one in force
  finished_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE offset (
  step TEXT PRIMARY KEY REFERENCES step (key),
  space INTEGER NOT NULL REFERENCES space (id),
  from_population TEXT NOT NULL,
  to_population TEXT NOT NULL,
  vector BLOB NOT NULL,          -- float32, little endian
  statistics TEXT NOT NULL       -- JSON, sorted keys
) STRICT, WITHOUT ROWID;

-- A cosine at a measured false-match rate, for one encoder.
CREATE TABLE calibration (
  step TEXT NOT NULL REFERENCES step (key),
  space INTEGER NOT NULL REFERENCES space (id),
  false_match_rate REAL NOT NULL,
  similarity REAL NOT NULL,
  low REAL NOT NULL,             -- 95 % interval of the cosine
  high REAL NOT NULL,
  comparisons INTEGER NOT NULL,
  cohort TEXT NOT NULL,
  PRIMARY KEY (space, false_match_rate, step)
) STRICT, WITHOUT ROWID;

-- Two images found too close, by the step that found them.
CREATE TABLE pair (
  step TEXT NOT NULL REFERENCES step (key),
  number INTEGER NOT NULL,       -- from 1, in the order the step found them
  kind TEXT NOT NULL CHECK (kind IN ('duplicate', 'leak')),
  kept INTEGER NOT NULL REFERENCES image (id),     -- the keeper, or the reference image
  removed INTEGER NOT NULL REFERENCES image (id),  -- the one proposed for removal
  tier TEXT NOT NULL,
  identity_similarity REAL,
  image_similarity REAL,
  mirrored INTEGER NOT NULL DEFAULT 0,
  verdict TEXT NOT NULL,         -- proposed action: quarantine or reject
  PRIMARY KEY (step, number)
) STRICT, WITHOUT ROWID;

-- The ledger: append-only. The latest decision about an image is the one in force.
CREATE TABLE decision (
  sequence INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL,        -- decisions made together, and undone together
  image INTEGER NOT NULL REFERENCES image (id),
  action TEXT NOT NULL CHECK (action IN ('quarantine', 'restore')),
  author TEXT NOT NULL,          -- 'rule' or a person's name
  rule TEXT NOT NULL,
  reason TEXT NOT NULL,
  evidence TEXT NOT NULL,        -- JSON, sorted keys
  step TEXT REFERENCES step (key),
  undoes INTEGER REFERENCES decision (sequence),
  decided_at TEXT NOT NULL
) STRICT;
CREATE INDEX decision_by_image ON decision (image, sequence);
CREATE INDEX decision_by_batch ON decision (batch);
CREATE TRIGGER decision_is_not_replaced BEFORE INSERT ON decision
WHEN EXISTS (SELECT 1 FROM decision WHERE sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER decision_is_not_changed BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER decision_is_not_deleted BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE VIEW quarantined AS
  SELECT image, sequence FROM decision AS d
  WHERE action = 'quarantine'
    AND sequence = (SELECT max(sequence) FROM decision WHERE image = d.image);

-- Every candidate the generator was asked for, accepted or not, with what is needed to make it
-- again.
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY,
  request TEXT NOT NULL,         -- key of the fill request it belongs to
  identity INTEGER NOT NULL REFERENCES identity (id),
  number INTEGER NOT NULL,
  seed TEXT NOT NULL,
  interpolation REAL NOT NULL,   -- slerp parameter t in 0...1
  outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'rejected')),
  reason TEXT NOT NULL,
  own_similarity REAL,
  other_similarity REAL,
  leak_similarity REAL,
  duplicate_similarity REAL,
  image INTEGER REFERENCES image (id),
  UNIQUE (request, identity, number)
) STRICT;

CREATE TABLE quota (
  step TEXT NOT NULL REFERENCES step (key),
  identity INTEGER NOT NULL REFERENCES identity (id),
  wanted INTEGER NOT NULL,
  had INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  shortfall INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (step, identity)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (
  step TEXT NOT NULL REFERENCES step (key),
  number INTEGER NOT NULL,
  rule TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('note', 'warning', 'failure')),
  subject TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (step, number)
) STRICT, WITHOUT ROWID;

-- Two more tiers of duplicates, the quality a network gives a face, and stored pair graphs.

-- SHA-256 over width, height and the decoded, upright RGB pixels: the same in every lossless format.
ALTER TABLE image ADD COLUMN pixel_digest BLOB;
-- 256 bits; NULL beside a pixel_digest is a flat picture, which looks like nothing.
ALTER TABLE image ADD COLUMN perceptual_hash BLOB;
-- Larger is better; only scores of one network compare.
ALTER TABLE image ADD COLUMN quality REAL;
ALTER TABLE image ADD COLUMN quality_encoder TEXT;

-- Bits by which two perceptual hashes differ, where they decided.
ALTER TABLE pair ADD COLUMN hash_distance INTEGER;
-- Why this one of the two is kept: JSON, sorted keys.
ALTER TABLE pair ADD COLUMN keeper TEXT;

-- Every pair of distinct rows of one space at or above a floor, in a file of its own. A file that is
-- gone is searched for again.
CREATE TABLE pair_graph (
  key TEXT PRIMARY KEY,
  space INTEGER NOT NULL REFERENCES space (id),
  rows_digest TEXT NOT NULL,     -- SHA-256, hex, over which images have which vectors
  engine TEXT NOT NULL,
  exact INTEGER NOT NULL,
  recall REAL,                   -- of an engine that is not exact, measured on sampled rows
  floor REAL NOT NULL,
  row_count INTEGER NOT NULL,
  pair_count INTEGER NOT NULL,
  file TEXT NOT NULL,            -- relative to the workspace's graphs folder
  digest BLOB NOT NULL           -- SHA-256 of the file
) STRICT, WITHOUT ROWID;

-- What the leak search knows of a pair besides the pair itself. Same step and number as in pair.
CREATE TABLE leak_match (
  step TEXT NOT NULL REFERENCES step (key),
  number INTEGER NOT NULL,
  as_is REAL,                    -- cosine of the image as it is; NULL where it was not measured
  mirrored REAL,                 -- cosine of its mirror image; NULL where it has no mirrored vector
  orientation TEXT NOT NULL CHECK (orientation IN ('as-is', 'mirrored', 'both')),
  prototype INTEGER,             -- number of the gallery identity's prototype; NULL for an image
  prototypes INTEGER,            -- how many that identity has
  members INTEGER,               -- images behind the prototype
  PRIMARY KEY (step, number)
) STRICT, WITHOUT ROWID;

-- Two identities of the set that look like the same person, by the step that found them.
CREATE TABLE collision (
  step TEXT NOT NULL REFERENCES step (key),
  number INTEGER NOT NULL,       -- from 1, in the order the step found them
  a INTEGER NOT NULL REFERENCES identity (id),
  b INTEGER NOT NULL REFERENCES identity (id),
  image_pairs INTEGER NOT NULL,  -- pairs of images at or above the threshold
  similarity REAL,               -- the most similar pair; NULL where no image pair reaches it
  image_a INTEGER REFERENCES image (id),
  image_b INTEGER REFERENCES image (id),
  prototype_similarity REAL,
  decided_by TEXT NOT NULL CHECK (decided_by IN ('images', 'prototypes', 'both')),
  PRIMARY KEY (step, number)
) STRICT, WITHOUT ROWID;

-- The identities that a step proposes to put aside, in the order they were taken out.
CREATE TABLE collision_removal (
  step TEXT NOT NULL REFERENCES step (key),
  number INTEGER NOT NULL,
  identity INTEGER NOT NULL REFERENCES identity (id),
  degree INTEGER NOT NULL,       -- identities it still collided with when its turn came
  images INTEGER NOT NULL,
  PRIMARY KEY (step, number)
) STRICT, WITHOUT ROWID;

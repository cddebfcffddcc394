-- A fill request: what its acceptance rates depend on, and the time it has taken.
CREATE TABLE fill_request (
  key TEXT PRIMARY KEY,
  conditions TEXT NOT NULL,      -- SHA-256 over generator, encoders and gates: equal ones share rates
  seconds_at REAL NOT NULL       -- spent on generating and judging so far; a clock reading
) STRICT, WITHOUT ROWID;

-- What the daemon knows beside the catalog. Times are milliseconds since 1970, UTC.

-- One value under a name, such as the key of jitters.
CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A command line that runs again and again.
CREATE TABLE schedule (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  verb TEXT NOT NULL,
  arguments TEXT NOT NULL,              -- JSON array of texts
  writes INTEGER NOT NULL CHECK (writes IN (0, 1)),
  cron TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  jitter_seconds INTEGER NOT NULL CHECK (jitter_seconds >= 0),
  missed TEXT NOT NULL CHECK (missed IN ('run-once', 'skip')),
  overlap TEXT NOT NULL CHECK (overlap IN ('skip', 'queue', 'replace')),
  paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
  handled_to INTEGER NOT NULL,          -- every due time up to here was dealt with
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- A folder whose new pictures are indexed and gated.
CREATE TABLE watch (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL UNIQUE,
  population TEXT NOT NULL,
  layout TEXT NOT NULL,
  applies INTEGER NOT NULL CHECK (applies IN (0, 1)),
  settle_seconds INTEGER NOT NULL CHECK (settle_seconds >= 0),
  paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
  last_scan_at INTEGER,
  problem TEXT,                         -- why the last scan failed
  created_at INTEGER NOT NULL
) STRICT;

-- One run of one command, waiting, running or over.
CREATE TABLE job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  verb TEXT NOT NULL,
  arguments TEXT NOT NULL,              -- JSON array of texts
  writes INTEGER NOT NULL CHECK (writes IN (0, 1)),
  state TEXT NOT NULL
    CHECK (state IN ('queued', 'running', 'succeeded', 'findings', 'failed', 'cancelled')),
  priority INTEGER NOT NULL CHECK (priority BETWEEN -10 AND 10),
  attempt INTEGER NOT NULL DEFAULT 0,   -- 0 until it first runs
  attempts INTEGER NOT NULL CHECK (attempts >= 1),
  not_before INTEGER NOT NULL DEFAULT 0,
  cancel_asked_at INTEGER,
  mark TEXT,                            -- in the environment of the running child, and of no other
  pid INTEGER,
  exit_code INTEGER,
  signal INTEGER,
  submitted_by TEXT NOT NULL,
  schedule INTEGER REFERENCES schedule (id) ON DELETE SET NULL,
  schedule_name TEXT,
  watch INTEGER REFERENCES watch (id) ON DELETE SET NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  progress TEXT,                        -- JSON object
  last_words TEXT NOT NULL DEFAULT '[]',
  result TEXT                           -- JSON of any kind
) STRICT;
CREATE INDEX job_by_state ON job (state, priority DESC, id);
CREATE INDEX job_by_schedule ON job (schedule, id) WHERE schedule IS NOT NULL;
CREATE INDEX job_by_watch ON job (watch, id) WHERE watch IS NOT NULL;

-- What became of the due times of a schedule.
CREATE TABLE schedule_firing (
  schedule INTEGER NOT NULL REFERENCES schedule (id) ON DELETE CASCADE,
  due_at INTEGER NOT NULL,
  fired_at INTEGER,
  outcome TEXT NOT NULL CHECK (outcome IN ('fired', 'skipped-missed', 'skipped-overlap')),
  job INTEGER REFERENCES job (id) ON DELETE SET NULL,
  PRIMARY KEY (schedule, due_at)
) STRICT, WITHOUT ROWID;

-- The pictures of a watched folder as they were last seen.
CREATE TABLE watch_file (
  watch INTEGER NOT NULL REFERENCES watch (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  identity TEXT NOT NULL,               -- number, size and time of the last change
  since INTEGER NOT NULL,               -- seen like this for the first time
  taken INTEGER NOT NULL DEFAULT 0 CHECK (taken IN (0, 1)),
  PRIMARY KEY (watch, path)
) STRICT, WITHOUT ROWID;

-- Who is told what.
CREATE TABLE alert (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('webhook', 'mail')),
  target TEXT NOT NULL,
  events TEXT NOT NULL,                 -- JSON array of names
  secret BLOB,                          -- signs what a webhook is sent
  paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT;

-- The outbox.
CREATE TABLE alert_delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  alert INTEGER NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
  event TEXT NOT NULL,
  message TEXT NOT NULL UNIQUE,         -- the message's own name; stays the same when sent again
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'given-up')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  delivered_at INTEGER,
  problem TEXT                          -- why the last attempt failed
) STRICT;
CREATE INDEX alert_delivery_due ON alert_delivery (state, next_at);

-- Who may ask, and as what. The digest is of the token; the token is nowhere.
CREATE TABLE token (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('reader', 'curator', 'admin')),
  digest BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER
) STRICT;

-- Which pictures of real people were shown to whom.
CREATE TABLE picture_access (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  image INTEGER NOT NULL,
  path TEXT NOT NULL,
  action TEXT NOT NULL
) STRICT;
CREATE INDEX picture_access_by_image ON picture_access (image, sequence);
CREATE INDEX picture_access_by_who ON picture_access (who, sequence);

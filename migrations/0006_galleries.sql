-- Galleries of which only encrypted vectors are kept, and who used them.

CREATE TABLE gallery (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL UNIQUE REFERENCES source (id),
  name TEXT NOT NULL UNIQUE,
  key_id TEXT NOT NULL,          -- which key opens it; tells nothing about the key
  digest TEXT NOT NULL,          -- over its templates, hex; see docs/certificate.md
  vectors INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('sealed', 'purged')),
  sealed_at TEXT NOT NULL
) STRICT;

-- The access log: append-only, and no part of the content digest, since looking twice is no other
-- result than looking once.
CREATE TABLE gallery_access (
  sequence INTEGER PRIMARY KEY,
  gallery INTEGER NOT NULL REFERENCES gallery (id),
  action TEXT NOT NULL CHECK (
    action IN ('sealed', 'imported', 'opened', 'compared', 'exported', 'purged')),
  verb TEXT NOT NULL,
  author TEXT NOT NULL,
  vectors INTEGER NOT NULL,
  comparisons INTEGER NOT NULL,
  accessed_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER gallery_access_is_not_replaced BEFORE INSERT ON gallery_access
WHEN EXISTS (SELECT 1 FROM gallery_access WHERE sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
CREATE TRIGGER gallery_access_is_not_changed BEFORE UPDATE ON gallery_access
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
CREATE TRIGGER gallery_access_is_not_deleted BEFORE DELETE ON gallery_access
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;

-- Version 1: what was read, and what was found in it.
-- Comments inside a table stay with it: any SQLite tool shows them with the schema.

CREATE TABLE document (
  -- One row for each document that was read, those that could not be read included.
  id                   INTEGER PRIMARY KEY, -- number inside this file only; `hash` is the same everywhere
  hash                 TEXT NOT NULL UNIQUE, -- SHA-256 of the raw bytes, lower-case hexadecimal
  source               TEXT NOT NULL,        -- where it was found: a path, or a path and a record in it
  reader               TEXT NOT NULL,        -- which version of the program, its rules and its reader read it
  failed               INTEGER NOT NULL CHECK (failed IN (0, 1)), -- 1: could not be read, `notice` says why
  url                  TEXT,
  publisher            TEXT,
  title                TEXT,
  byline               TEXT,
  dateline             TEXT,
  published            TEXT,                 -- day, ISO 8601; NULL where the document does not show one
  published_time       TEXT,
  published_basis      TEXT CHECK (published_basis IN ('metadata', 'dateline', 'text', 'filename')),
  published_start      INTEGER,              -- where in `text` the date stands, in bytes
  published_end        INTEGER,
  published_confidence REAL,
  language             TEXT,                 -- ISO 639-1
  text                 TEXT NOT NULL         -- the whole text; every offset in this file counts its bytes in UTF-8
) STRICT;

CREATE TABLE document_source (
  -- Every place where these bytes were found; `document.source` is the first of them in the order of the alphabet.
  document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  source   TEXT NOT NULL,
  PRIMARY KEY (document, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE block (
  -- The parts of a text. Only headline and paragraph are read; the others were cut, for the reason that `kind` gives.
  document   INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  n          INTEGER NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN
               ('headline', 'paragraph', 'teaser', 'related', 'caption', 'byline', 'duplicate', 'navigation', 'other')),
  start_byte INTEGER NOT NULL,
  end_byte   INTEGER NOT NULL,
  PRIMARY KEY (document, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE notice (
  -- What went wrong, or was left out, while a document was read.
  document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  n        INTEGER NOT NULL,
  code     TEXT NOT NULL,
  message  TEXT NOT NULL,
  fatal    INTEGER NOT NULL CHECK (fatal IN (0, 1)),
  PRIMARY KEY (document, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE cell (
  -- One thing found in one document: an agreement, one of its parties, a statement. The table `found_<kind>` says what it is.
  id       INTEGER PRIMARY KEY, -- number inside this file only; document and path together are the same everywhere
  document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  path     TEXT NOT NULL,       -- its place in the findings: a1, a1.stages.2, statements.3
  kind     TEXT NOT NULL CHECK (kind IN
             ('agreement', 'name', 'party', 'stage', 'commitment', 'money', 'term', 'relation', 'statement', 'naming')),
  UNIQUE (document, path)
) STRICT;

CREATE TABLE evidence (
  -- The exact words behind a cell. `quote` is what stands between the two offsets in `document.text`.
  id         INTEGER PRIMARY KEY,
  cell       INTEGER NOT NULL REFERENCES cell ON DELETE CASCADE,
  role       TEXT NOT NULL, -- told: the cell itself; also: told again; date, place, by, speaker, source, cue: that part of it
  n          INTEGER NOT NULL,
  start_byte INTEGER NOT NULL,
  end_byte   INTEGER NOT NULL CHECK (end_byte > start_byte),
  quote      TEXT NOT NULL,
  rule       TEXT NOT NULL, -- name of the rule or model that found it
  confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  UNIQUE (cell, role, n)
) STRICT;

CREATE TABLE found_agreement (
  -- One instrument or deal as one document tells of it.
  cell INTEGER PRIMARY KEY REFERENCES cell ON DELETE CASCADE,
  key  TEXT NOT NULL, -- a1, a2, … in order of first mention
  kind TEXT NOT NULL
) STRICT;

CREATE TABLE found_name (
  -- A name it goes by; the words are in `evidence`.
  cell      INTEGER PRIMARY KEY REFERENCES cell ON DELETE CASCADE,
  agreement INTEGER NOT NULL REFERENCES found_agreement ON DELETE CASCADE
) STRICT;
CREATE INDEX found_name_agreement ON found_name (agreement);

CREATE TABLE found_party (
  -- One actor's part in an agreement.
  cell      INTEGER PRIMARY KEY REFERENCES cell ON DELETE CASCADE,
  agreement INTEGER NOT NULL REFERENCES found_agreement ON DELETE CASCADE,
  actor     TEXT NOT NULL,
  role      TEXT NOT NULL
) STRICT;
CREATE INDEX found_party_agreement ON found_party (agreement);
CREATE INDEX found_party_actor ON found_party (actor);

CREATE TABLE found_stage (
  -- One event in the life of an agreement.
  cell         INTEGER PRIMARY KEY REFERENCES cell ON DELETE CASCADE,
  agreement    INTEGER NOT NULL REFERENCES found_agreement ON DELETE CASCADE,
  stage        TEXT NOT NULL,
  modality     TEXT NOT NULL CHECK (modality IN ('actual', 'expected', 'denied')),
  date         TEXT, -- EDTF (ISO 8601-2); NULL with evidence of role `date`: the words are there, but do not resolve
  date_how     TEXT, -- how the date follows from the words
  place        TEXT,
  by_whom      TEXT,
  according_to TEXT  -- who says so, where it stands in reported speech
) STRICT;
CREATE INDEX found_stage_agreement ON found_stage (agreement);

CREATE TABLE found_commitment (
  -- Something undertaken.
  cell      INTEGER PRIMARY KEY REFERENCES cell ON DELETE CASCADE,
  agreement INTEGER NOT NULL REFERENCES found_agreement ON DELETE CASCADE,
  category  TEXT NOT NULL,
  strength  TEXT NOT NULL CHECK (strength IN ('shall', 'may', 'aim'))
) STRICT;
CREATE INDEX found_commitment_agreement ON found_commitment (agreement);

CREATE TABLE found_commitment_by (
  -- Who owes it.
  cell  INTEGER NOT NULL REFERENCES found_commitment ON DELETE CASCADE,
  n     INTEGER NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (cell, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE found_money (
  -- A sum that belongs to an agreement.
  cell      INTEGER PRIMARY KEY REFERENCES cell ON DELETE CASCADE,
  agreement INTEGER NOT NULL REFERENCES found_agreement ON DELETE CASCADE,
  amount    REAL NOT NULL, -- in units of the currency
  currency  TEXT NOT NULL, -- ISO 4217
  purpose   TEXT,
  period    TEXT
) STRICT;
CREATE INDEX found_money_agreement ON found_money (agreement);

CREATE TABLE found_term (
  -- Duration and renewal (ISO 8601 durations) and the number of articles.
  cell      INTEGER PRIMARY KEY REFERENCES cell ON DELETE CASCADE,
  agreement INTEGER NOT NULL REFERENCES found_agreement ON DELETE CASCADE,
  field     TEXT NOT NULL CHECK (field IN ('duration', 'renewal', 'articles')),
  value     TEXT NOT NULL
) STRICT;
CREATE INDEX found_term_agreement ON found_term (agreement);

CREATE TABLE found_relation (
  -- How an agreement hangs together with another one of the same document.
  cell      INTEGER PRIMARY KEY REFERENCES cell ON DELETE CASCADE,
  agreement INTEGER NOT NULL REFERENCES found_agreement ON DELETE CASCADE,
  other_key TEXT NOT NULL, -- key of the other agreement
  kind      TEXT NOT NULL
) STRICT;
CREATE INDEX found_relation_agreement ON found_relation (agreement);

CREATE TABLE found_statement (
  -- Something said, by someone.
  cell         INTEGER PRIMARY KEY REFERENCES cell ON DELETE CASCADE,
  speaker      TEXT,
  speaker_role TEXT,
  affiliation  TEXT,
  via          TEXT, -- the outlet or person through whom it is reported
  kind         TEXT NOT NULL CHECK (kind IN ('direct', 'indirect', 'mixed')),
  stance       TEXT NOT NULL,
  about_key    TEXT  -- key of the agreement of the same document that it is about
) STRICT;
CREATE INDEX found_statement_speaker ON found_statement (speaker);

CREATE TABLE found_naming (
  -- Who calls which actor, place or instrument what; the words are in `evidence`.
  cell    INTEGER PRIMARY KEY REFERENCES cell ON DELETE CASCADE,
  actor   TEXT NOT NULL,
  by_whom TEXT NOT NULL -- `author`, or the speaker inside whose words it stands
) STRICT;
CREATE INDEX found_naming_actor ON found_naming (actor);

CREATE TABLE state (
  -- What the program remembers between runs: `linked_by` is the version that made the agreements, absent while they are behind.
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

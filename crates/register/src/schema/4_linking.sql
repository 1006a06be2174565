-- Version 4: what linking remembers between runs, what changed, and what people corrected.

CREATE TABLE link_document (
  -- The documents that linking has taken in.
  hash     TEXT PRIMARY KEY,
  document INTEGER NOT NULL, -- `document.id` when it was taken in
  current  INTEGER NOT NULL CHECK (current IN (0, 1)), -- 0: the document has been replaced or corrected since
  sketch   BLOB NOT NULL     -- by which copies are recognized; empty where it tells of no agreement
) STRICT;
CREATE INDEX link_document_number ON link_document (document);

CREATE TABLE link_run (
  -- Runs of words by which copies meet (64-bit hashes).
  run      INTEGER NOT NULL,
  document INTEGER NOT NULL,
  PRIMARY KEY (run, document)
) STRICT, WITHOUT ROWID;

CREATE TABLE link_mention (
  -- One agreement of one document as linking compares it.
  id       INTEGER PRIMARY KEY, -- its own id as a number; as text it is `agreement.id` where it founded one
  document INTEGER NOT NULL,
  key      TEXT NOT NULL,       -- `found_agreement.key`
  features BLOB NOT NULL,       -- what is compared
  partners BLOB NOT NULL,       -- ids of the mentions that it may be joined with, eight bytes each
  founder  INTEGER              -- id of its agreement, as a number; NULL before the first run
) STRICT;
CREATE INDEX link_mention_document ON link_mention (document);
CREATE INDEX link_mention_founder ON link_mention (founder);

CREATE TABLE link_actor (
  -- Names of parties in comparable form, and the actor that each stood for in the last run.
  form  TEXT PRIMARY KEY,
  actor TEXT NOT NULL, -- comparable form of the actor's name
  shown TEXT NOT NULL, -- its most frequent spelling, or the one that a person gave
  id    TEXT NOT NULL  -- of the actor: stable, for it follows from `actor` alone
) STRICT, WITHOUT ROWID;

CREATE TABLE change (
  -- What happened to the agreements of this file, in order. Rows are only ever added.
  n         INTEGER PRIMARY KEY AUTOINCREMENT,
  at        TEXT,          -- when, ISO 8601; NULL where whoever linked did not say
  what      TEXT NOT NULL CHECK (what IN ('added', 'changed', 'merged', 'split', 'moved', 'removed', 'corrected', 'undone')),
  agreement TEXT NOT NULL, -- id of the agreement, or the number of the correction
  other     TEXT,          -- merged: the id that leads here now; split: the agreement it came from; moved: its former id
  detail    TEXT NOT NULL  -- title of the agreement, or what was corrected
) STRICT;
CREATE INDEX change_at ON change (at);

CREATE TABLE correction (
  -- What a person said to be otherwise. Findings stay as they were read: corrections are laid over them.
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  kind    TEXT NOT NULL CHECK (kind IN ('rename', 'merge', 'split', 'reject', 'change', 'confirm', 'alias')),
  cell    TEXT,          -- reject, change, confirm: what sort of cell; NULL for whole agreements
  field   TEXT,          -- change: which part of the cell; alias: the name
  value   TEXT,          -- rename: the title; change: the new value; alias: the actor
  former  TEXT,          -- change: the value before
  by_whom TEXT NOT NULL,
  at      TEXT NOT NULL, -- when, ISO 8601
  note    TEXT,
  undone  TEXT,          -- when it was undone; NULL while it stands
  undone_by TEXT,
  problem TEXT           -- why it does not apply today; NULL where it does
) STRICT;

CREATE TABLE correction_place (
  -- The findings that a correction is about, by their words: they are found again when a document is read anew.
  correction INTEGER NOT NULL REFERENCES correction ON DELETE CASCADE,
  n          INTEGER NOT NULL,
  side       INTEGER NOT NULL, -- split: 0 what stays, 1 what is split off; else 0
  hash       TEXT NOT NULL,    -- of the document
  source     TEXT NOT NULL,
  path       TEXT NOT NULL,    -- place in the findings when the correction was made
  start_byte INTEGER NOT NULL,
  end_byte   INTEGER NOT NULL,
  quote      TEXT NOT NULL,
  PRIMARY KEY (correction, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX correction_place_hash ON correction_place (hash);

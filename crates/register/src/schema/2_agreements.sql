-- Version 2: the agreements, linked across documents. Everything here is derived from the findings and made anew from them.

CREATE TABLE agreement (
  -- One agreement of the register.
  id    TEXT PRIMARY KEY, -- stable over runs and over added documents
  title TEXT NOT NULL,    -- the best of its names
  kind  TEXT NOT NULL     -- what sort of instrument, by majority
) STRICT;

CREATE TABLE document_copy (
  -- Documents that print (part of) an earlier one; looked for among those that tell of an agreement.
  document INTEGER PRIMARY KEY REFERENCES document ON DELETE CASCADE,
  original INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  kind     TEXT NOT NULL CHECK (kind IN ('exact', 'reprint', 'partial', 'version'))
) STRICT;
CREATE INDEX document_copy_original ON document_copy (original);

CREATE TABLE agreement_redirect (
  -- Former ids: where they lead today.
  id        TEXT PRIMARY KEY,
  agreement TEXT NOT NULL REFERENCES agreement ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE agreement_member (
  -- The per-document agreements that it was linked from.
  agreement TEXT NOT NULL REFERENCES agreement ON DELETE CASCADE,
  n         INTEGER NOT NULL,
  document  INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  key       TEXT NOT NULL, -- `found_agreement.key`
  why       TEXT NOT NULL, -- why it was joined to the others
  PRIMARY KEY (agreement, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX agreement_member_document ON agreement_member (document, key);

CREATE TABLE agreement_cell (
  -- One cell of an agreement. The table `agreement_<kind>` says what it is.
  id        INTEGER PRIMARY KEY, -- number inside this file only; agreement and path together are stable
  agreement TEXT NOT NULL REFERENCES agreement ON DELETE CASCADE,
  kind      TEXT NOT NULL CHECK (kind IN
              ('name', 'party', 'stage', 'commitment', 'money', 'term', 'statement', 'relation', 'conflict', 'forecast')),
  n         INTEGER NOT NULL,    -- its place among the cells of its kind, from 1
  UNIQUE (agreement, kind, n)
) STRICT;

CREATE TABLE agreement_evidence (
  -- The exact words behind a cell of an agreement, with the document in which they stand.
  id         INTEGER PRIMARY KEY,
  cell       INTEGER NOT NULL REFERENCES agreement_cell ON DELETE CASCADE,
  role       TEXT NOT NULL, -- told: the cell itself; date, dated: a date and the wording that bears it; speaker; value; actual: the event forecast
  n          INTEGER NOT NULL,
  document   INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  start_byte INTEGER NOT NULL,
  end_byte   INTEGER NOT NULL CHECK (end_byte > start_byte),
  quote      TEXT NOT NULL,
  rule       TEXT NOT NULL,
  confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  UNIQUE (cell, role, n)
) STRICT;
CREATE INDEX agreement_evidence_document ON agreement_evidence (document);

CREATE TABLE agreement_name (
  -- A name it goes by, most frequent first.
  cell INTEGER PRIMARY KEY REFERENCES agreement_cell ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE agreement_party (
  -- Who takes part, and as what.
  cell  INTEGER PRIMARY KEY REFERENCES agreement_cell ON DELETE CASCADE,
  actor TEXT NOT NULL,
  role  TEXT NOT NULL
) STRICT;
CREATE INDEX agreement_party_actor ON agreement_party (actor);

CREATE TABLE agreement_stage (
  -- One event, told by one or more sources. What the text does not say is NULL.
  cell         INTEGER PRIMARY KEY REFERENCES agreement_cell ON DELETE CASCADE,
  stage        TEXT NOT NULL,
  modality     TEXT NOT NULL CHECK (modality IN ('actual', 'expected', 'denied')),
  date         TEXT,             -- the best date, EDTF (ISO 8601-2)
  place        TEXT,
  by_whom      TEXT,
  according_to TEXT,             -- who says so, where it is only said
  sources      INTEGER NOT NULL  -- number of independent sources; copies count once
) STRICT;
CREATE INDEX agreement_stage_by_date ON agreement_stage (date);

CREATE TABLE agreement_stage_date (
  -- Every date that a source gives for the event; n = 0 is the best one where it is not one of the others.
  -- The words are in `agreement_evidence` under role `date` and the same n.
  cell   INTEGER NOT NULL REFERENCES agreement_stage ON DELETE CASCADE,
  n      INTEGER NOT NULL,
  date   TEXT,
  how    TEXT NOT NULL, -- how it follows from the words
  chosen INTEGER NOT NULL CHECK (chosen IN (0, 1)),
  PRIMARY KEY (cell, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE agreement_commitment (
  -- Something undertaken.
  cell     INTEGER PRIMARY KEY REFERENCES agreement_cell ON DELETE CASCADE,
  category TEXT NOT NULL,
  strength TEXT NOT NULL CHECK (strength IN ('shall', 'may', 'aim'))
) STRICT;

CREATE TABLE agreement_commitment_by (
  -- Who owes it.
  cell  INTEGER NOT NULL REFERENCES agreement_commitment ON DELETE CASCADE,
  n     INTEGER NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (cell, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE agreement_money (
  -- A sum.
  cell     INTEGER PRIMARY KEY REFERENCES agreement_cell ON DELETE CASCADE,
  amount   REAL NOT NULL,
  currency TEXT NOT NULL,
  purpose  TEXT,
  period   TEXT
) STRICT;

CREATE TABLE agreement_term (
  -- Durations, renewals and numbers of articles that the sources give.
  cell  INTEGER PRIMARY KEY REFERENCES agreement_cell ON DELETE CASCADE,
  field TEXT NOT NULL CHECK (field IN ('duration', 'renewal', 'articles')),
  value TEXT NOT NULL
) STRICT;

CREATE TABLE agreement_statement (
  -- Something said about the agreement.
  cell         INTEGER PRIMARY KEY REFERENCES agreement_cell ON DELETE CASCADE,
  speaker      TEXT,
  speaker_role TEXT,
  affiliation  TEXT,
  via          TEXT,
  kind         TEXT NOT NULL,
  stance       TEXT NOT NULL,
  said         TEXT -- day of the report, ISO 8601
) STRICT;

CREATE TABLE agreement_relation (
  -- How it hangs together with another agreement.
  cell  INTEGER PRIMARY KEY REFERENCES agreement_cell ON DELETE CASCADE,
  other TEXT NOT NULL REFERENCES agreement ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  kind  TEXT NOT NULL
) STRICT;
CREATE INDEX agreement_relation_other ON agreement_relation (other);

CREATE TABLE agreement_conflict (
  -- Values on one fact that cannot all hold.
  cell  INTEGER PRIMARY KEY REFERENCES agreement_cell ON DELETE CASCADE,
  field TEXT NOT NULL, -- which fact: stages.signed.date
  why   TEXT NOT NULL
) STRICT;

CREATE TABLE agreement_conflict_value (
  -- One side of a conflict; its words are in `agreement_evidence` under role `value` and the same n.
  cell  INTEGER NOT NULL REFERENCES agreement_conflict ON DELETE CASCADE,
  n     INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (cell, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE agreement_forecast (
  -- An expected stage, and what became of it.
  cell         INTEGER PRIMARY KEY REFERENCES agreement_cell ON DELETE CASCADE,
  stage        TEXT NOT NULL,
  expected     TEXT,    -- by when, EDTF
  said         TEXT,    -- day of the report, ISO 8601
  by_whom      TEXT,    -- who said it, where it stands in reported speech
  outcome      TEXT NOT NULL CHECK (outcome IN ('on_time', 'late', 'denied', 'overtaken', 'open')),
  actual       TEXT,    -- when it happened, EDTF
  late_by_days INTEGER, -- negative: early
  why          TEXT NOT NULL
) STRICT;

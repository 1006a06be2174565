-- Version 5: conflicts by weight, names of persons in their various spellings, and search over what people corrected.

ALTER TABLE agreement_conflict ADD COLUMN weight INTEGER NOT NULL DEFAULT 0; -- the greater, the more it matters

CREATE TABLE link_spelling (
  -- Names of those who are quoted, and the form in which spellings that differ in nothing but transliteration fall together.
  name TEXT PRIMARY KEY,
  form TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE correction_text USING fts5 (value, content = 'correction', content_rowid = 'id',
                                                 tokenize = "unicode61 remove_diacritics 2");

INSERT INTO correction_text (correction_text) VALUES ('rebuild');

CREATE TRIGGER correction_added AFTER INSERT ON correction BEGIN
  INSERT INTO correction_text (rowid, value) VALUES (new.id, new.value);
END;
CREATE TRIGGER correction_removed AFTER DELETE ON correction BEGIN
  INSERT INTO correction_text (correction_text, rowid, value) VALUES ('delete', old.id, old.value);
END;

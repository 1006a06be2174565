-- Version 3: full-text search over documents and quotes. The triggers keep it in step with the two tables.

CREATE VIRTUAL TABLE document_text USING fts5 (title, text, content = 'document', content_rowid = 'id',
                                               tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE quote_text USING fts5 (quote, content = 'evidence', content_rowid = 'id',
                                            tokenize = "unicode61 remove_diacritics 2");

INSERT INTO document_text (document_text) VALUES ('rebuild');
INSERT INTO quote_text (quote_text) VALUES ('rebuild');

CREATE TRIGGER document_added AFTER INSERT ON document BEGIN
  INSERT INTO document_text (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
CREATE TRIGGER document_removed AFTER DELETE ON document BEGIN
  INSERT INTO document_text (document_text, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);
END;
CREATE TRIGGER quote_added AFTER INSERT ON evidence BEGIN
  INSERT INTO quote_text (rowid, quote) VALUES (new.id, new.quote);
END;
CREATE TRIGGER quote_removed AFTER DELETE ON evidence BEGIN
  INSERT INTO quote_text (quote_text, rowid, quote) VALUES ('delete', old.id, old.quote);
END;

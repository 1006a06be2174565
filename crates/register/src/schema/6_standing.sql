-- Version 6: how the words for a party stand for it.

ALTER TABLE found_party ADD COLUMN standing TEXT; -- name, abbreviation, demonym, capital, seat, institution, body, description; NULL: nothing shows it, or read by an older program

-- The usual questions. Views hold nothing: they are made anew whenever a register is brought up to date.

CREATE VIEW agreements AS
  -- Every agreement: who, what, where it stands, how many documents tell of it.
  SELECT agreement.id, agreement.title, agreement.kind,
         (SELECT group_concat(actor, '; ') FROM
            (SELECT actor FROM agreement_party JOIN agreement_cell ON agreement_cell.id = agreement_party.cell
              WHERE agreement_cell.agreement = agreement.id AND agreement_party.role = 'party'
              ORDER BY agreement_cell.n)) AS parties,
         latest.stage AS latest_stage, latest.date AS latest_date,
         (SELECT count(DISTINCT document) FROM agreement_member WHERE agreement = agreement.id) AS documents,
         (SELECT count(*) FROM agreement_cell WHERE agreement = agreement.id AND kind = 'conflict') AS conflicts
    FROM agreement
    LEFT JOIN agreement_stage AS latest ON latest.cell =
         (SELECT agreement_cell.id FROM agreement_stage JOIN agreement_cell ON agreement_cell.id = agreement_stage.cell
           WHERE agreement_cell.agreement = agreement.id AND modality = 'actual'
           ORDER BY agreement_stage.date IS NULL, agreement_stage.date DESC, agreement_cell.n DESC LIMIT 1)
   ORDER BY agreement.title, agreement.id;

CREATE VIEW timeline AS
  -- Every stage of every agreement in order of date, with its best wording.
  SELECT agreement.id AS agreement, agreement.title, agreement_stage.date, agreement_stage.stage, agreement_stage.modality,
         agreement_stage.place, agreement_stage.by_whom, agreement_stage.according_to, agreement_stage.sources,
         told.quote, document.source
    FROM agreement_stage
    JOIN agreement_cell ON agreement_cell.id = agreement_stage.cell
    JOIN agreement ON agreement.id = agreement_cell.agreement
    LEFT JOIN agreement_evidence AS told ON told.cell = agreement_cell.id AND told.role = 'told' AND told.n = 1
    LEFT JOIN document ON document.id = told.document
   ORDER BY agreement_stage.date IS NULL, agreement_stage.date, agreement.id, agreement_cell.n;

CREATE VIEW parties AS
  -- Who takes part in which agreement, and as what.
  SELECT agreement.id AS agreement, agreement.title, agreement_party.actor, agreement_party.role, told.quote, document.source
    FROM agreement_party
    JOIN agreement_cell ON agreement_cell.id = agreement_party.cell
    JOIN agreement ON agreement.id = agreement_cell.agreement
    LEFT JOIN agreement_evidence AS told ON told.cell = agreement_cell.id AND told.role = 'told' AND told.n = 1
    LEFT JOIN document ON document.id = told.document
   ORDER BY agreement.id, agreement_cell.n;

CREATE VIEW names AS
  -- Every name that an agreement goes by.
  SELECT agreement.id AS agreement, agreement.title, agreement_name.text AS name,
         (SELECT count(*) FROM agreement_evidence WHERE cell = agreement_cell.id AND role = 'told') AS uses
    FROM agreement_name
    JOIN agreement_cell ON agreement_cell.id = agreement_name.cell
    JOIN agreement ON agreement.id = agreement_cell.agreement
   ORDER BY agreement.id, agreement_cell.n;

CREATE VIEW commitments AS
  -- What was undertaken, and by whom.
  SELECT agreement.id AS agreement, agreement.title, agreement_commitment.category, agreement_commitment.strength,
         (SELECT group_concat(actor, '; ') FROM (SELECT actor FROM agreement_commitment_by WHERE cell = agreement_cell.id ORDER BY n))
           AS by_whom,
         told.quote, document.source
    FROM agreement_commitment
    JOIN agreement_cell ON agreement_cell.id = agreement_commitment.cell
    JOIN agreement ON agreement.id = agreement_cell.agreement
    LEFT JOIN agreement_evidence AS told ON told.cell = agreement_cell.id AND told.role = 'told' AND told.n = 1
    LEFT JOIN document ON document.id = told.document
   ORDER BY agreement.id, agreement_cell.n;

CREATE VIEW money AS
  -- Sums.
  SELECT agreement.id AS agreement, agreement.title, agreement_money.amount, agreement_money.currency, agreement_money.purpose,
         agreement_money.period, told.quote, document.source
    FROM agreement_money
    JOIN agreement_cell ON agreement_cell.id = agreement_money.cell
    JOIN agreement ON agreement.id = agreement_cell.agreement
    LEFT JOIN agreement_evidence AS told ON told.cell = agreement_cell.id AND told.role = 'told' AND told.n = 1
    LEFT JOIN document ON document.id = told.document
   ORDER BY agreement.id, agreement_cell.n;

CREATE VIEW relations AS
  -- How agreements hang together.
  SELECT agreement.id AS agreement, agreement.title, agreement_relation.kind, agreement_relation.other,
         other.title AS other_title, told.quote, document.source
    FROM agreement_relation
    JOIN agreement_cell ON agreement_cell.id = agreement_relation.cell
    JOIN agreement ON agreement.id = agreement_cell.agreement
    JOIN agreement AS other ON other.id = agreement_relation.other
    LEFT JOIN agreement_evidence AS told ON told.cell = agreement_cell.id AND told.role = 'told' AND told.n = 1
    LEFT JOIN document ON document.id = told.document
   ORDER BY agreement.id, agreement_cell.n;

CREATE VIEW conflicts AS
  -- Values on one fact that cannot all hold, one row for each value; the weightiest conflict first.
  SELECT agreement.id AS agreement, agreement.title, agreement_conflict.field, agreement_conflict_value.value,
         document.publisher, document.published, evidence.quote, document.source, agreement_conflict.why, agreement_conflict.weight
    FROM agreement_conflict
    JOIN agreement_cell ON agreement_cell.id = agreement_conflict.cell
    JOIN agreement ON agreement.id = agreement_cell.agreement
    JOIN agreement_conflict_value ON agreement_conflict_value.cell = agreement_cell.id
    LEFT JOIN agreement_evidence AS evidence ON evidence.cell = agreement_cell.id AND evidence.role = 'value'
         AND evidence.n = agreement_conflict_value.n
    LEFT JOIN document ON document.id = evidence.document
   ORDER BY agreement_conflict.weight DESC, agreement.id, agreement_cell.n, agreement_conflict_value.n;

CREATE VIEW forecasts AS
  -- What was expected, and what became of it.
  SELECT agreement.id AS agreement, agreement.title, agreement_forecast.stage, agreement_forecast.expected,
         agreement_forecast.said, agreement_forecast.by_whom, agreement_forecast.outcome, agreement_forecast.actual,
         agreement_forecast.late_by_days, told.quote, document.source, agreement_forecast.why
    FROM agreement_forecast
    JOIN agreement_cell ON agreement_cell.id = agreement_forecast.cell
    JOIN agreement ON agreement.id = agreement_cell.agreement
    LEFT JOIN agreement_evidence AS told ON told.cell = agreement_cell.id AND told.role = 'told' AND told.n = 1
    LEFT JOIN document ON document.id = told.document
   ORDER BY agreement.id, agreement_cell.n;

CREATE VIEW track_record AS
  -- How often each source and each speaker was right about what would happen. Copies forecast nothing of their own; under
  -- five decided forecasts (on time, late, denied) there is no percentage.
  WITH every AS (
    SELECT 'source' AS forecaster, coalesce(document.publisher, document.source) AS name, outcome
      FROM agreement_forecast
      JOIN agreement_evidence AS told ON told.cell = agreement_forecast.cell AND told.role = 'told' AND told.n = 1
      JOIN document ON document.id = told.document
     WHERE NOT EXISTS (SELECT 1 FROM document_copy WHERE document_copy.document = document.id)
    UNION ALL
    SELECT 'speaker', by_whom, outcome
      FROM agreement_forecast
      JOIN agreement_evidence AS told ON told.cell = agreement_forecast.cell AND told.role = 'told' AND told.n = 1
     WHERE by_whom IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM document_copy WHERE document_copy.document = told.document))
  SELECT forecaster, name, sum(outcome = 'on_time') AS on_time, sum(outcome = 'late') AS late, sum(outcome = 'denied') AS denied,
         sum(outcome = 'overtaken') AS overtaken, sum(outcome = 'open') AS open,
         CASE WHEN sum(outcome IN ('on_time', 'late', 'denied')) >= 5
              THEN CAST(round(100.0 * sum(outcome = 'on_time') / sum(outcome IN ('on_time', 'late', 'denied'))) AS INTEGER) END
           AS percent_right
    FROM every GROUP BY forecaster, name
   ORDER BY forecaster, count(*) DESC, name;

CREATE VIEW corrected AS
  -- The corrections that stand, cell by cell: what was rejected or found right, and which part of what has another value.
  SELECT correction_place.hash, correction_place.path, correction.kind, correction.field, correction.value, correction.id,
         correction.by_whom
    FROM correction JOIN correction_place ON correction_place.correction = correction.id
   WHERE correction.undone IS NULL AND correction.problem IS NULL AND correction.kind IN ('reject', 'change', 'confirm')
   ORDER BY correction.id;

CREATE VIEW statements AS
  -- Everything said, by whom, and which agreement it is about, where it is about one; as people corrected it.
  SELECT coalesce((SELECT value FROM corrected WHERE (hash, path, field) = (document.hash, cell.path, 'speaker') ORDER BY id DESC),
                  found_statement.speaker) AS speaker,
         coalesce((SELECT value FROM corrected WHERE (hash, path, field) = (document.hash, cell.path, 'role') ORDER BY id DESC),
                  found_statement.speaker_role) AS speaker_role,
         coalesce((SELECT value FROM corrected WHERE (hash, path, field) = (document.hash, cell.path, 'affiliation') ORDER BY id DESC),
                  found_statement.affiliation) AS affiliation,
         found_statement.via, found_statement.kind,
         coalesce((SELECT value FROM corrected WHERE (hash, path, field) = (document.hash, cell.path, 'stance') ORDER BY id DESC),
                  found_statement.stance) AS stance, agreement.id AS agreement, agreement.title, document.publisher,
         document.published, told.quote, document.source, substr(document.hash, 1, 12) || '/' || cell.path AS cell,
         (SELECT by_whom FROM corrected WHERE (hash, path, kind) = (document.hash, cell.path, 'confirm') ORDER BY id DESC) AS confirmed_by
    FROM found_statement
    JOIN cell ON cell.id = found_statement.cell
    JOIN document ON document.id = cell.document
    JOIN evidence AS told ON told.cell = cell.id AND told.role = 'told' AND told.n = 1
    LEFT JOIN agreement_member ON agreement_member.document = cell.document AND agreement_member.key =
         coalesce((SELECT value FROM corrected WHERE (hash, path, field) = (document.hash, cell.path, 'about') ORDER BY id DESC),
                  found_statement.about_key)
    LEFT JOIN agreement ON agreement.id = agreement_member.agreement
   WHERE NOT EXISTS (SELECT 1 FROM corrected WHERE hash = document.hash AND path = cell.path AND kind = 'reject')
   ORDER BY document.published IS NULL, document.published, document.hash, cell.id;

CREATE VIEW naming AS
  -- Who calls whom what; as people corrected it.
  SELECT coalesce((SELECT value FROM corrected WHERE (hash, path, field) = (document.hash, cell.path, 'actor') ORDER BY id DESC),
                  found_naming.actor) AS actor, told.quote AS words, found_naming.by_whom, document.publisher, document.published,
         document.source, substr(document.hash, 1, 12) || '/' || cell.path AS cell
    FROM found_naming
    JOIN cell ON cell.id = found_naming.cell
    JOIN document ON document.id = cell.document
    JOIN evidence AS told ON told.cell = cell.id AND told.role = 'told' AND told.n = 1
   WHERE NOT EXISTS (SELECT 1 FROM corrected WHERE hash = document.hash AND path = cell.path AND kind = 'reject')
   ORDER BY found_naming.actor, told.quote, document.published IS NULL, document.published, document.hash, cell.id;

CREATE VIEW persons AS
  -- Every person who is quoted, by a name in whichever transliteration. Two of one name are two rows where they speak for different actors, or more than twenty
  -- years apart; without an affiliation a person is taken for the only one of that name.
  WITH said AS (
    SELECT coalesce((SELECT form FROM link_spelling WHERE link_spelling.name = speaker), lower(speaker)) AS name,
           speaker, affiliation, speaker_role, published, cell FROM statements WHERE speaker IS NOT NULL),
  known AS (
    SELECT name, min(affiliation) AS only_one FROM said WHERE affiliation IS NOT NULL
     GROUP BY name HAVING count(DISTINCT lower(affiliation)) = 1),
  placed AS (
    SELECT said.name, said.speaker, coalesce(said.affiliation, known.only_one) AS affiliation, said.speaker_role, said.published, cell
      FROM said LEFT JOIN known ON known.name = said.name),
  gaps AS (
    SELECT *, published IS NOT NULL
              AND julianday(published) - julianday(lag(published) OVER (PARTITION BY name, lower(affiliation) ORDER BY published, cell))
                  > 20 * 365.25 AS new_life
      FROM placed),
  lives AS (
    SELECT *, sum(coalesce(new_life, 0)) OVER (PARTITION BY name, lower(affiliation) ORDER BY published, cell) AS life FROM gaps)
  SELECT min(speaker) AS person, min(affiliation) AS affiliation, group_concat(DISTINCT speaker_role) AS roles, count(*) AS statements,
         min(published) AS first, max(published) AS last
    FROM lives GROUP BY name, lower(affiliation), life
   ORDER BY name, affiliation IS NULL, affiliation, first;

CREATE VIEW actors AS
  -- Every actor: agreements it takes part in, statements made for it, names it is called; as people corrected them.
  WITH said AS (
    SELECT affiliation AS actor, count(*) AS n FROM statements WHERE affiliation IS NOT NULL GROUP BY affiliation
    UNION ALL SELECT speaker, count(*) FROM statements WHERE speaker IS NOT NULL AND speaker IS NOT affiliation GROUP BY speaker),
  called AS (SELECT actor, count(*) AS n FROM naming GROUP BY actor)
  SELECT actor,
         (SELECT id FROM link_actor WHERE shown = every.actor ORDER BY form LIMIT 1) AS id,
         (SELECT count(DISTINCT agreement_cell.agreement) FROM agreement_party
            JOIN agreement_cell ON agreement_cell.id = agreement_party.cell WHERE agreement_party.actor = every.actor) AS agreements,
         (SELECT coalesce(sum(n), 0) FROM said WHERE said.actor = every.actor) AS statements,
         (SELECT coalesce(sum(n), 0) FROM called WHERE called.actor = every.actor) AS namings
    FROM (SELECT actor FROM agreement_party UNION SELECT actor FROM naming) AS every
   ORDER BY actor;

CREATE VIEW standing AS
  -- By what words each actor is told, and how they stand for it: as a party by its name, demonym, capital, seat of government, institution or another body
  -- of it; in speech by those who hold an office in it or speak for it.
  WITH told AS (
    SELECT found_party.actor, evidence.quote AS words, found_party.standing, document.source
      FROM found_party
      JOIN cell ON cell.id = found_party.cell
      JOIN document ON document.id = cell.document
      JOIN evidence ON evidence.cell = cell.id AND evidence.role = 'told' AND evidence.n = 1
    UNION ALL
    SELECT affiliation, CASE WHEN speaker_role IS NULL THEN speaker ELSE speaker_role || ' ' || speaker END,
           CASE WHEN speaker_role IS NULL THEN 'speaker' ELSE 'office holder' END, source
      FROM statements WHERE affiliation IS NOT NULL AND speaker IS NOT NULL AND lower(speaker) <> lower(affiliation))
  SELECT actor, words, standing, count(*) AS uses, count(DISTINCT source) AS documents
    FROM told GROUP BY actor, words, standing
   ORDER BY actor, uses DESC, words, standing;

CREATE VIEW documents AS
  -- Every document, without its text.
  SELECT substr(hash, 1, 12) AS document, source, publisher, title, published, published_basis, language, failed,
         (SELECT substr(original.hash, 1, 12) FROM document_copy JOIN document AS original ON original.id = document_copy.original
           WHERE document_copy.document = document.id) AS copy_of,
         (SELECT count(*) FROM cell WHERE cell.document = document.id AND kind = 'agreement') AS agreements,
         (SELECT count(*) FROM notice WHERE notice.document = document.id) AS notices
    FROM document
   ORDER BY source, hash;

CREATE VIEW notices AS
  -- What went wrong, or was left out.
  SELECT document.source, notice.code, notice.message, notice.fatal
    FROM notice JOIN document ON document.id = notice.document
   ORDER BY document.source, document.hash, notice.n;

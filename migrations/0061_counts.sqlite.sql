-- The counts of what is there already.
INSERT INTO found_text (id, community_id, place_id)
SELECT question.id, question.community_id,
       CASE WHEN place.kind IN ('thread', 'topic') AND above.circle = place.circle THEN above.id ELSE place.id END
FROM found
JOIN question ON question.id = found.rowid
JOIN place ON place.community_id = question.community_id AND place.id = question.place_id
LEFT JOIN place AS above ON above.community_id = place.community_id AND above.id = place.parent_id;

INSERT INTO found_term (community_id, place_id, term, texts)
SELECT community_id, place_id, '', COUNT(*) FROM found_text GROUP BY community_id, place_id;

WITH RECURSIVE cut (id, word, rest) AS (
    SELECT found.rowid, '', found.words || ' ' FROM found
    UNION ALL
    SELECT id, SUBSTR(rest, 1, INSTR(rest, ' ') - 1), SUBSTR(rest, INSTR(rest, ' ') + 1) FROM cut WHERE rest <> ''
)
INSERT INTO found_term (community_id, place_id, term, texts)
SELECT found_text.community_id, found_text.place_id, cut.word, COUNT(DISTINCT cut.id)
FROM cut
JOIN found_text ON found_text.id = cut.id
WHERE cut.word <> ''
GROUP BY found_text.community_id, found_text.place_id, cut.word;

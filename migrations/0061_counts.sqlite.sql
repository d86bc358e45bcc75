-- The counts of what is there already.
INSERT INTO found_text (id, community_id, circle)
SELECT question.id, question.community_id, place.circle
FROM found
JOIN question ON question.id = found.rowid
JOIN place ON place.community_id = question.community_id AND place.id = question.place_id;

INSERT INTO found_term (community_id, circle, term, texts)
SELECT community_id, circle, '', COUNT(*) FROM found_text GROUP BY community_id, circle;

WITH RECURSIVE cut (id, word, rest) AS (
    SELECT found.rowid, '', found.words || ' ' FROM found
    UNION ALL
    SELECT id, SUBSTR(rest, 1, INSTR(rest, ' ') - 1), SUBSTR(rest, INSTR(rest, ' ') + 1) FROM cut WHERE rest <> ''
)
INSERT INTO found_term (community_id, circle, term, texts)
SELECT found_text.community_id, found_text.circle, cut.word, COUNT(DISTINCT cut.id)
FROM cut
JOIN found_text ON found_text.id = cut.id
WHERE cut.word <> ''
GROUP BY found_text.community_id, found_text.circle, cut.word;

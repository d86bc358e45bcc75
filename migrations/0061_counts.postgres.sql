-- The counts of what is there already.
INSERT INTO found_text (id, community_id, circle)
SELECT question.id, question.community_id, place.circle
FROM found
JOIN question ON question.id = found.id
JOIN place ON place.community_id = question.community_id AND place.id = question.place_id;

INSERT INTO found_term (community_id, circle, term, texts)
SELECT community_id, circle, '', COUNT(*) FROM found_text GROUP BY community_id, circle;

INSERT INTO found_term (community_id, circle, term, texts)
SELECT found_text.community_id, found_text.circle, word, COUNT(*)
FROM found
JOIN found_text ON found_text.id = found.id
CROSS JOIN LATERAL UNNEST(TSVECTOR_TO_ARRAY(found.words)) AS word
GROUP BY found_text.community_id, found_text.circle, word;

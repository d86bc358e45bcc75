-- The counts of what is there already.
INSERT INTO found_text (id, community_id, place_id)
SELECT question.id, question.community_id,
       CASE WHEN place.kind IN ('thread', 'topic') AND above.circle = place.circle THEN above.id ELSE place.id END
FROM found
JOIN question ON question.id = found.id
JOIN place ON place.community_id = question.community_id AND place.id = question.place_id
LEFT JOIN place AS above ON above.community_id = place.community_id AND above.id = place.parent_id;

INSERT INTO found_term (community_id, place_id, term, texts)
SELECT community_id, place_id, '', COUNT(*) FROM found_text GROUP BY community_id, place_id;

INSERT INTO found_term (community_id, place_id, term, texts)
SELECT found_text.community_id, found_text.place_id, word, COUNT(*)
FROM found
JOIN found_text ON found_text.id = found.id
CROSS JOIN LATERAL UNNEST(TSVECTOR_TO_ARRAY(found.words)) AS word
GROUP BY found_text.community_id, found_text.place_id, word;

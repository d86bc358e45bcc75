-- In how many texts asked in a place a term comes: what is read by others is nobody else's to count.
CREATE TABLE found_text (
    id BIGINT NOT NULL,
    community_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    PRIMARY KEY (id)
);

DROP TABLE found_term;

CREATE TABLE found_term (
    community_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    term TEXT NOT NULL CHECK (LENGTH(term) <= 50),
    texts BIGINT NOT NULL CHECK (texts >= 0),
    PRIMARY KEY (community_id, term, place_id)
);

-- In how many texts of a community a term comes, of those that the same read: what others read is nobody else's to count.
CREATE TABLE found_text (
    id BIGINT NOT NULL,
    community_id BIGINT NOT NULL,
    circle TEXT NOT NULL CHECK (LENGTH(circle) <= 100),
    PRIMARY KEY (id)
);

DROP TABLE found_term;

CREATE TABLE found_term (
    community_id BIGINT NOT NULL,
    circle TEXT NOT NULL CHECK (LENGTH(circle) <= 100),
    term TEXT NOT NULL CHECK (LENGTH(term) <= 50),
    texts BIGINT NOT NULL CHECK (texts >= 0),
    PRIMARY KEY (community_id, circle, term)
);

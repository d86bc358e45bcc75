CREATE TABLE found (
    id BIGINT NOT NULL,
    words TSVECTOR NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX found_words ON found USING gin (words);

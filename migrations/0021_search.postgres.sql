-- The words of questions and answers, cut beforehand (bot/terms.py); a row for each question, told by its id.

CREATE TABLE found (
    id BIGINT NOT NULL,
    words TSVECTOR NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX found_words ON found USING gin (words);

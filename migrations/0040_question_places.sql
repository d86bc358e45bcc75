-- Threads, forum posts and topics that are about one question, and the message whose words are its details, by cause.

CREATE TABLE question_place (
    community_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    question BIGINT NOT NULL,
    body TEXT CHECK (LENGTH(body) BETWEEN 1 AND 400),
    PRIMARY KEY (community_id, place_id)
);

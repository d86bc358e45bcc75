-- A question whose asker no longer says that it waits is stale. SQLite cannot change a CHECK, so the table is made anew.

CREATE TABLE question_before (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    id BIGINT NOT NULL,
    asker_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    tags TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    same_as BIGINT,
    PRIMARY KEY (community_id, number)
);

INSERT INTO question_before (
    community_id, number, id, asker_id, place_id, title, body, tags, asked_at, state, same_as
)
SELECT community_id, number, id, asker_id, place_id, title, body, tags, asked_at, state, same_as FROM question;

DROP TABLE question;

CREATE TABLE question (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    id BIGINT NOT NULL CHECK (id > 0),
    asker_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    title TEXT NOT NULL CHECK (LENGTH(title) BETWEEN 1 AND 200),
    body TEXT NOT NULL CHECK (LENGTH(body) <= 4096),
    tags TEXT NOT NULL CHECK (LENGTH(tags) <= 200),
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('draft', 'open', 'answered', 'solved', 'duplicate', 'stale', 'closed', 'deleted')),
    same_as BIGINT,
    PRIMARY KEY (community_id, number),
    CHECK ((state = 'duplicate') = (same_as IS NOT NULL))
);

INSERT INTO question (community_id, number, id, asker_id, place_id, title, body, tags, asked_at, state, same_as)
SELECT community_id, number, id, asker_id, place_id, title, body, tags, asked_at, state, same_as FROM question_before;

DROP TABLE question_before;

CREATE UNIQUE INDEX question_id ON question (id);
CREATE INDEX question_state ON question (community_id, state, number);
CREATE INDEX question_asker ON question (community_id, asker_id, number);

-- Whoever asked is asked again where the question lives.
CREATE INDEX question_place_question ON question_place (community_id, question);

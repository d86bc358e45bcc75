-- Questions, the answers to them, and who thought an answer good; what they say is kept, for it was handed in.

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
    state TEXT NOT NULL CHECK (state IN ('draft', 'open', 'answered', 'solved', 'duplicate', 'closed', 'deleted')),
    same_as BIGINT,
    PRIMARY KEY (community_id, number),
    CHECK ((state = 'duplicate') = (same_as IS NOT NULL))
);

CREATE UNIQUE INDEX question_id ON question (id);
CREATE INDEX question_state ON question (community_id, state, number);
CREATE INDEX question_asker ON question (community_id, asker_id, number);

-- An answer that was taken back stays, so that what it earned can be explained.
CREATE TABLE answer (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    question BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    body TEXT NOT NULL CHECK (LENGTH(body) BETWEEN 1 AND 4096),
    answered_at BIGINT NOT NULL,
    accepted_at BIGINT,
    deleted_at BIGINT,
    PRIMARY KEY (community_id, number)
);

CREATE INDEX answer_question ON answer (community_id, question, number);
CREATE INDEX answer_author ON answer (community_id, author_id, number);

CREATE TABLE answer_vote (
    community_id BIGINT NOT NULL,
    answer BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    worth BIGINT NOT NULL CHECK (worth IN (-1, 1)),
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, answer, member_id)
);

-- In how many texts of the index a term comes, so that a search can begin with the rarest; the empty one counts texts.
CREATE TABLE found_term (
    term TEXT NOT NULL CHECK (LENGTH(term) <= 50),
    texts BIGINT NOT NULL CHECK (texts >= 0),
    PRIMARY KEY (term)
);

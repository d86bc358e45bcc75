-- Which messages belong to a question, so that what is said to them does too: those we showed it or an answer in, and
-- those of members, which are answers or comments. What comments say is not kept.

CREATE TABLE question_message (
    community_id BIGINT NOT NULL,
    cause TEXT NOT NULL CHECK (LENGTH(cause) BETWEEN 1 AND 400),
    question BIGINT NOT NULL,
    answer BIGINT,
    member_id BIGINT,
    place_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, cause)
);

CREATE INDEX question_message_question ON question_message (community_id, question, at);

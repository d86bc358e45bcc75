-- A question that nobody answers is brought to those who may know, step by step; here stands who wants to be asked,
-- who was, who is on it, and how far each question has come.

-- Unreachable since a private message to them was refused: they are asked no more until they say so again.
CREATE TABLE helper (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    tags TEXT NOT NULL CHECK (LENGTH(tags) <= 200),
    daily BIGINT NOT NULL CHECK (daily BETWEEN 1 AND 20),
    quiet_from BIGINT NOT NULL CHECK (quiet_from BETWEEN 0 AND 23),
    quiet_until BIGINT NOT NULL CHECK (quiet_until BETWEEN 0 AND 23),
    unreachable_at BIGINT,
    PRIMARY KEY (community_id, member_id)
);

-- Once for a question and a member. The promise is the message that asks them.
CREATE TABLE helper_ask (
    community_id BIGINT NOT NULL,
    question BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    promise_id BIGINT NOT NULL,
    PRIMARY KEY (community_id, question, member_id)
);

CREATE INDEX helper_ask_member ON helper_ask (community_id, member_id, at);
CREATE INDEX helper_ask_promise ON helper_ask (community_id, promise_id);

-- One at a time for a question.
CREATE TABLE claim (
    community_id BIGINT NOT NULL,
    question BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (community_id, question)
);

-- The step that is next, and when: reminders of anything else come too late and mean nothing.
CREATE TABLE climb (
    community_id BIGINT NOT NULL,
    question BIGINT NOT NULL,
    rung TEXT NOT NULL CHECK (rung IN ('helpers', 'call', 'bounty', 'still', 'stale')),
    due_at BIGINT NOT NULL,
    PRIMARY KEY (community_id, question)
);

CREATE INDEX climb_due ON climb (community_id, due_at);

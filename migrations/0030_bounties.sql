-- Points that whoever asked puts up for an answer: in escrow until they are awarded or come back.

CREATE TABLE bounty (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    question BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount BETWEEN 1 AND 1000000),
    placed_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL CHECK (ends_at > placed_at),
    closed_at BIGINT,
    outcome TEXT CHECK (outcome IN ('awarded', 'halved', 'returned')),
    PRIMARY KEY (community_id, number),
    CHECK ((closed_at IS NULL) = (outcome IS NULL))
);

-- One at a time for a question.
CREATE UNIQUE INDEX bounty_open ON bounty (community_id, question) WHERE closed_at IS NULL;

-- Reports of questions, answers and messages, who looks at them, and what became of them.

CREATE TABLE reviewer (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    PRIMARY KEY (community_id, member_id)
);

-- One for each thing that is reported, however many report it. Of a message nothing is kept but which one it was.
CREATE TABLE review_case (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    question BIGINT,
    answer BIGINT,
    message TEXT CHECK (LENGTH(message) BETWEEN 1 AND 400),
    author_id BIGINT NOT NULL,
    place_id BIGINT,
    opened_at BIGINT NOT NULL,
    claimed_by BIGINT,
    claimed_until BIGINT,
    verdict TEXT CHECK (verdict IN ('keep', 'warn', 'remove')),
    decided_by BIGINT,
    decided_at BIGINT,
    why TEXT CHECK (LENGTH(why) <= 1000),
    undo TEXT,
    appeal TEXT CHECK (LENGTH(appeal) BETWEEN 1 AND 1000),
    appealed_at BIGINT,
    outcome TEXT CHECK (outcome IN ('upheld', 'overturned')),
    settled_by BIGINT,
    settled_at BIGINT,
    PRIMARY KEY (community_id, number),
    CHECK (
        CASE WHEN question IS NULL THEN 0 ELSE 1 END + CASE WHEN answer IS NULL THEN 0 ELSE 1 END
        + CASE WHEN message IS NULL THEN 0 ELSE 1 END = 1
    ),
    CHECK ((verdict IS NULL) = (decided_at IS NULL)),
    CHECK ((appeal IS NULL) = (appealed_at IS NULL)),
    CHECK ((outcome IS NULL) = (settled_at IS NULL)),
    CHECK (appeal IS NULL OR COALESCE(verdict, 'keep') <> 'keep'),
    CHECK (outcome IS NULL OR appeal IS NOT NULL)
);

-- What waits to be decided, or to be decided again.
CREATE INDEX review_waiting ON review_case (community_id, number)
WHERE verdict IS NULL OR (appeal IS NOT NULL AND outcome IS NULL);

-- Who reported it, and why.
CREATE TABLE report (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    reason TEXT NOT NULL CHECK (LENGTH(reason) BETWEEN 1 AND 20),
    words TEXT NOT NULL CHECK (LENGTH(words) <= 500),
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, number, member_id)
);

CREATE INDEX report_member ON report (community_id, member_id, at);

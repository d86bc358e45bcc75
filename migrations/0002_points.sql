-- Points: what members earn, spend and give is written down entry by entry, and everything else derived from it.

-- Append-only: what was wrong is taken back by another entry. No references: it is written by the thousand, and the
-- same transaction has just found or made the rows it names.
CREATE TABLE entry (
    community_id BIGINT NOT NULL,
    id BIGINT NOT NULL CHECK (id > 0),
    at BIGINT NOT NULL,
    day BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (
        kind IN ('earn', 'spend', 'transfer', 'stake', 'release', 'expire', 'reverse', 'adjust')
    ),
    amount BIGINT NOT NULL CHECK (amount <> 0 AND amount BETWEEN -1000000000000 AND 1000000000000),
    counts BOOLEAN NOT NULL CHECK (counts IN (TRUE, FALSE)),
    reason TEXT NOT NULL CHECK (LENGTH(reason) BETWEEN 1 AND 40),
    cause TEXT NOT NULL CHECK (LENGTH(cause) BETWEEN 1 AND 400),
    actor_id BIGINT,
    other_id BIGINT,
    place_id BIGINT,
    reverses BIGINT,
    subject TEXT CHECK (LENGTH(subject) BETWEEN 1 AND 200),
    note TEXT CHECK (LENGTH(note) <= 1000),
    PRIMARY KEY (community_id, id),
    CHECK ((kind = 'reverse') = (reverses IS NOT NULL)),
    CHECK (kind = 'reverse' OR (kind IN ('stake', 'release')) = (subject IS NOT NULL)),
    CHECK (kind NOT IN ('earn', 'release') OR amount > 0),
    CHECK (kind NOT IN ('spend', 'stake', 'expire') OR amount < 0)
);

-- The same cause pays a member once for the same reason.
CREATE UNIQUE INDEX entry_once ON entry (community_id, cause, member_id, reason) WHERE reverses IS NULL;

-- An entry is reversed once.
CREATE UNIQUE INDEX entry_reversed ON entry (community_id, reverses) WHERE reverses IS NOT NULL;

CREATE INDEX entry_history ON entry (community_id, member_id, id);

-- Locked by every write of entries, so that their ids grow in the order in which they are committed.
CREATE TABLE ledger (
    community_id BIGINT NOT NULL,
    last_id BIGINT NOT NULL,
    settled_id BIGINT NOT NULL CHECK (settled_id <= last_id),
    PRIMARY KEY (community_id)
);

-- A cache provable from entry, but for hidden, which is the member's own choice. The step is the score by its length
-- and first three digits, so that it grows with the score, 0 for whoever is on no board.
CREATE TABLE standing (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    balance BIGINT NOT NULL CHECK (balance >= 0),
    debt BIGINT NOT NULL CHECK (debt >= 0),
    score BIGINT NOT NULL,
    hidden BOOLEAN NOT NULL CHECK (hidden IN (TRUE, FALSE)),
    listed BOOLEAN NOT NULL CHECK (listed IN (TRUE, FALSE)),
    step BIGINT NOT NULL GENERATED ALWAYS AS (
        CASE WHEN listed AND score > 0
        THEN LENGTH(CAST(score AS TEXT)) * 1000 + CAST(SUBSTR(CAST(score AS TEXT), 1, 3) AS BIGINT) ELSE 0 END
    ) STORED,
    PRIMARY KEY (community_id, member_id),
    CHECK (balance = 0 OR debt = 0)
);

CREATE INDEX standing_board ON standing (community_id, step, score, member_id) WHERE step > 0;

-- How many members stand on each step, so that a rank is counted by the thousand and not one by one.
CREATE TABLE board_step (
    community_id BIGINT NOT NULL,
    step BIGINT NOT NULL CHECK (step > 0),
    members BIGINT NOT NULL,
    PRIMARY KEY (community_id, step)
);

-- A cache provable from the earned entries not reversed; day first, so that writing stays in one corner of the tree.
-- place_id is 0 where there was none.
CREATE TABLE earning (
    community_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    reason TEXT NOT NULL CHECK (LENGTH(reason) BETWEEN 1 AND 40),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    times BIGINT NOT NULL CHECK (times >= 0),
    last_at BIGINT NOT NULL,
    PRIMARY KEY (community_id, day, member_id, place_id, reason)
);

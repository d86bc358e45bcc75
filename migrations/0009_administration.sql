-- What administrators do with points in bulk, and who was there: prepared and looked at before it counts, and undone as
-- a whole or one by one.

-- A table of changes that was handed in: nothing of it is in the ledger before it was looked at and applied.
CREATE TABLE batch (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    owner_id BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('shown', 'dropped', 'applied', 'undone')),
    changed_at BIGINT NOT NULL CHECK (changed_at >= made_at),
    PRIMARY KEY (community_id, number)
);

-- Its lines, under the numbers they have in the table; they go once nothing can be done with them any more.
CREATE TABLE batch_line (
    community_id BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    line BIGINT NOT NULL CHECK (line > 0),
    member_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount <> 0 AND amount BETWEEN -1000000 AND 1000000),
    why TEXT NOT NULL CHECK (LENGTH(why) BETWEEN 1 AND 200),
    PRIMARY KEY (community_id, batch, line)
);

-- A gathering whose members say that they are there; with a code only those can who see it.
CREATE TABLE gathering (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    title TEXT NOT NULL CHECK (LENGTH(title) BETWEEN 1 AND 100),
    points BIGINT NOT NULL CHECK (points BETWEEN 0 AND 1000),
    code TEXT CHECK (LENGTH(code) BETWEEN 1 AND 20),
    place_id BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL CHECK (closes_at > opened_at),
    closed_at BIGINT CHECK (closed_at >= opened_at),
    PRIMARY KEY (community_id, number)
);

CREATE INDEX gathering_open ON gathering (community_id, number) WHERE closed_at IS NULL;

-- Who was there. Whoever was taken off the list stays in it, so that they cannot come again.
CREATE TABLE attendee (
    community_id BIGINT NOT NULL,
    gathering BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    gone_at BIGINT,
    PRIMARY KEY (community_id, gathering, member_id)
);

-- Roles: who holds which as their platform tells it, why they should hold those that we give, and what came of it; and
-- the levels they are given for.

-- As last told with something a member did; `@staff` stands for whatever lets somebody moderate there.
CREATE TABLE member_role (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    role_id TEXT NOT NULL CHECK (LENGTH(role_id) BETWEEN 1 AND 200),
    PRIMARY KEY (community_id, member_id, place_id, role_id)
);

CREATE INDEX member_role_holders ON member_role (community_id, role_id, member_id);

-- A role is held as long as one reason for it remains.
CREATE TABLE role_reason (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    role_id TEXT NOT NULL CHECK (LENGTH(role_id) BETWEEN 1 AND 200),
    name TEXT NOT NULL CHECK (LENGTH(name) <= 1000),
    reason TEXT NOT NULL CHECK (LENGTH(reason) BETWEEN 1 AND 40),
    subject TEXT NOT NULL CHECK (LENGTH(subject) <= 200),
    at BIGINT NOT NULL,
    until BIGINT,
    PRIMARY KEY (community_id, member_id, role_id, reason, subject)
);

CREATE INDEX role_reason_ends ON role_reason (community_id, until) WHERE until IS NOT NULL;

-- The last thing we did, or shall do, about a member's role; what came of it stands in the promise.
CREATE TABLE role_change (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    role_id TEXT NOT NULL CHECK (LENGTH(role_id) BETWEEN 1 AND 200),
    place_id BIGINT NOT NULL,
    name TEXT NOT NULL CHECK (LENGTH(name) <= 1000),
    wanted BOOLEAN NOT NULL CHECK (wanted IN (TRUE, FALSE)),
    promise_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, member_id, role_id)
);

CREATE INDEX role_change_promise ON role_change (community_id, promise_id);

CREATE TABLE level_role (
    community_id BIGINT NOT NULL,
    level BIGINT NOT NULL CHECK (level BETWEEN 1 AND 1000),
    place_id BIGINT NOT NULL,
    role_id TEXT NOT NULL CHECK (LENGTH(role_id) BETWEEN 1 AND 200),
    name TEXT NOT NULL CHECK (LENGTH(name) <= 1000),
    PRIMARY KEY (community_id, level, role_id)
);

-- The level last acted upon, and between which scores it holds, so that whoever crosses one is found without a curve.
CREATE TABLE member_level (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    level BIGINT NOT NULL CHECK (level >= 0),
    from_score BIGINT NOT NULL,
    next_score BIGINT NOT NULL,
    PRIMARY KEY (community_id, member_id),
    CHECK (from_score < next_score)
);

-- How far everybody's roles were gone through since the rules for them changed; one at a time.
CREATE TABLE resync (
    community_id BIGINT NOT NULL,
    begun_at BIGINT NOT NULL,
    ended_at BIGINT,
    last_member_id BIGINT NOT NULL,
    done BIGINT NOT NULL CHECK (done >= 0),
    total BIGINT NOT NULL CHECK (total >= 0),
    changed BIGINT NOT NULL CHECK (changed >= 0),
    PRIMARY KEY (community_id)
);

-- Up to which entry the levels were looked at.
ALTER TABLE ledger ADD COLUMN levelled_id BIGINT NOT NULL DEFAULT 0;

-- Off the boards by a rule of the community, such as one about staff.
ALTER TABLE standing ADD COLUMN excluded BOOLEAN NOT NULL DEFAULT FALSE CHECK (excluded IN (TRUE, FALSE));

-- Certificates: what members were given in writing, and the codes by which anybody can look whether it is true.

-- The names are those of the day it was given. What was revoked stays, so that its code says so.
CREATE TABLE certificate (
    community_id BIGINT NOT NULL,
    code TEXT NOT NULL CHECK (LENGTH(code) = 16),
    member_id BIGINT NOT NULL,
    name TEXT NOT NULL CHECK (LENGTH(name) BETWEEN 1 AND 1000),
    title TEXT NOT NULL CHECK (LENGTH(title) BETWEEN 1 AND 120),
    giver_id BIGINT NOT NULL,
    given_at BIGINT NOT NULL,
    revoked_at BIGINT,
    why TEXT CHECK (LENGTH(why) BETWEEN 1 AND 200),
    PRIMARY KEY (community_id, code),
    CHECK ((revoked_at IS NULL) = (why IS NULL))
);

-- Not led by community_id: whoever holds a code need not know the community.
CREATE UNIQUE INDEX certificate_code ON certificate (code);

CREATE INDEX certificate_member ON certificate (community_id, member_id, given_at);

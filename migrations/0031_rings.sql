-- Members who give each other points in a circle are looked for every night and shown to staff. What staff saw is
-- kept, so that they are told once, and again only when there is more of it.

-- A short number, what went round when staff were told last, and who found it in order.
CREATE TABLE ring (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    found_at BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    closed_at BIGINT CHECK (closed_at >= found_at),
    closed_by BIGINT,
    CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    PRIMARY KEY (community_id, number)
);

CREATE INDEX ring_open ON ring (community_id, number) WHERE closed_at IS NULL;

-- What each had from within, of what they had from everybody.
CREATE TABLE ring_member (
    community_id BIGINT NOT NULL,
    ring BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    inside BIGINT NOT NULL CHECK (inside > 0),
    received BIGINT NOT NULL CHECK (received >= inside),
    PRIMARY KEY (community_id, ring, member_id)
);

CREATE INDEX ring_of_member ON ring_member (community_id, member_id);

-- The evidence: who gave whom how much, how often.
CREATE TABLE ring_gift (
    community_id BIGINT NOT NULL,
    ring BIGINT NOT NULL,
    giver_id BIGINT NOT NULL,
    receiver_id BIGINT NOT NULL CHECK (receiver_id <> giver_id),
    times BIGINT NOT NULL CHECK (times > 0),
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (community_id, ring, giver_id, receiver_id)
);

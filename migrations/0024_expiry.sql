-- Points that are not spent in time expire, and never without a word before: who was warned, of how many, and for when.

-- What is left by expires_at of everything that came up to this moment expires, and no more than was warned of.
CREATE TABLE expiry_warning (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    until BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (community_id, member_id),
    CHECK (until <= expires_at)
);

-- What a member put into escrow and had out of it, however long ago.
CREATE INDEX entry_escrow ON entry (community_id, member_id, id) WHERE subject IS NOT NULL;

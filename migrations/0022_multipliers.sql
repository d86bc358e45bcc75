-- Multipliers: what is earned in a place, or by whoever holds a role, counts more, less, or not at all.

-- Of a place where role_id is empty; otherwise of a role, and the place is the guild that has it.
CREATE TABLE multiplier (
    community_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    role_id TEXT NOT NULL CHECK (LENGTH(role_id) <= 200),
    name TEXT NOT NULL CHECK (LENGTH(name) <= 1000),
    percent BIGINT NOT NULL CHECK (percent BETWEEN 0 AND 1000),
    PRIMARY KEY (community_id, place_id, role_id)
);

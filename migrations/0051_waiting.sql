-- What the clock would end all at once waits until staff say so, for a clock that jumped would end what has yet to last:
-- how much of what, since when they know, and how much they let go.

CREATE TABLE waiting (
    community_id BIGINT NOT NULL,
    what TEXT NOT NULL CHECK (LENGTH(what) BETWEEN 1 AND 40),
    due BIGINT NOT NULL CHECK (due >= 0),
    total BIGINT NOT NULL CHECK (total >= 0),
    since BIGINT NOT NULL,
    allowed BIGINT NOT NULL CHECK (allowed >= 0),
    allowed_at BIGINT NOT NULL,
    PRIMARY KEY (community_id, what)
);

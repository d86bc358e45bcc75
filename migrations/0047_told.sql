-- A private chat is one, however many communities speak in it. Whoever is in several presses a button there for the one
-- that said it, and types for the one that spoke last. All of it is kept, for one may join another only later.

CREATE TABLE told (
    platform TEXT NOT NULL,
    external_id TEXT NOT NULL,
    message TEXT NOT NULL CHECK (LENGTH(message) BETWEEN 1 AND 100),
    community_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (platform, external_id, message)
);

CREATE INDEX told_community ON told (community_id, at);

-- What is said in private is about the community that its author chose: which one spoke last is not up to them.
CREATE TABLE choice (
    platform TEXT NOT NULL CHECK (LENGTH(platform) BETWEEN 1 AND 40),
    external_id TEXT NOT NULL CHECK (LENGTH(external_id) BETWEEN 1 AND 200),
    community_id BIGINT NOT NULL REFERENCES community (id),
    PRIMARY KEY (platform, external_id)
);

DROP INDEX sent_private;

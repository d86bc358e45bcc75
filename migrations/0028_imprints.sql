-- Similarity: whether somebody repeats themselves is told from imprints of their last messages, never from the words.

-- The newest imprint first, sixteen hexadecimal digits each; the key makes those of one member tell nothing of another.
CREATE TABLE imprint (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    key TEXT NOT NULL CHECK (LENGTH(key) BETWEEN 32 AND 64),
    last TEXT NOT NULL CHECK (LENGTH(last) BETWEEN 16 AND 80),
    PRIMARY KEY (community_id, member_id)
);

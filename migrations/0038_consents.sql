-- Questions and answers may be published: whether members let theirs be, and under their name.

-- Of whoever said nothing there is no row. Since when they want it so is kept, for whoever asks them later.
CREATE TABLE consent (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    choice TEXT NOT NULL CHECK (choice IN ('named', 'anonymous', 'none')),
    chosen_at BIGINT NOT NULL,
    PRIMARY KEY (community_id, member_id)
);

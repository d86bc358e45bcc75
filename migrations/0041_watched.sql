-- Forums, and chats with topics, in which every post or topic is a question, because an administrator said so.

CREATE TABLE watched_place (
    community_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (community_id, place_id)
);

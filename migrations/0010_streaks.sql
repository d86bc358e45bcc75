-- Streaks: on how many days in a row a member took part, counted by the days of the zone where they live.

-- A day lasts until ends_at, its midnight where it was begun, wherever the member has moved since.
CREATE TABLE streak (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    days BIGINT NOT NULL CHECK (days > 0),
    last_day BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    longest BIGINT NOT NULL CHECK (longest >= days),
    PRIMARY KEY (community_id, member_id)
);

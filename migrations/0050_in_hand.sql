-- What was being taken in when a process ended without stopping, and at how many such ends: what was there each time is
-- what ends it. Written only for a while after such an end; of the installation, not of a community.

CREATE TABLE in_hand (
    cause TEXT NOT NULL CHECK (LENGTH(cause) BETWEEN 1 AND 400),
    ends BIGINT NOT NULL CHECK (ends >= 1),
    at BIGINT NOT NULL,
    PRIMARY KEY (cause)
);

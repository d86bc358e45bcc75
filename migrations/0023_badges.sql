-- Badges: what members are known for, declared in the code or made by administrators, and who has which.

-- Made by administrators. What was removed stays, so that its number is never another's.
CREATE TABLE badge (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    emoji TEXT NOT NULL CHECK (LENGTH(emoji) BETWEEN 1 AND 16),
    name TEXT NOT NULL CHECK (LENGTH(name) BETWEEN 1 AND 40),
    about TEXT NOT NULL CHECK (LENGTH(about) BETWEEN 1 AND 200),
    made_at BIGINT NOT NULL,
    gone_at BIGINT,
    PRIMARY KEY (community_id, number)
);

-- What an administrator took away stays as taken, so that it does not come back by itself.
CREATE TABLE award (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    badge TEXT NOT NULL CHECK (LENGTH(badge) BETWEEN 1 AND 40),
    at BIGINT NOT NULL,
    actor_id BIGINT,
    why TEXT CHECK (LENGTH(why) BETWEEN 1 AND 200),
    taken_at BIGINT,
    PRIMARY KEY (community_id, member_id, badge)
);

-- What members did up to the day of the round, added up from activity_day, which is in the order of days.
CREATE TABLE deeds (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    messages BIGINT NOT NULL CHECK (messages >= 0),
    reactions BIGINT NOT NULL CHECK (reactions >= 0),
    PRIMARY KEY (community_id, member_id)
);

-- How far the nightly round has come: the last day added up, the last member looked at, and whether news are told.
CREATE TABLE badge_round (
    community_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    last_member_id BIGINT NOT NULL,
    told BOOLEAN NOT NULL CHECK (told IN (TRUE, FALSE)),
    PRIMARY KEY (community_id)
);

-- Who acts in private must be somebody we met in the community and who did not leave it: to be named by others, or to
-- write to us, makes nobody a member. Those who did something in a place of the community are met already.

ALTER TABLE member ADD COLUMN met_at BIGINT;

UPDATE member SET met_at = joined_at WHERE joined_at IS NOT NULL;

UPDATE member SET met_at = (
    SELECT MIN(account.linked_at) FROM account
    WHERE account.community_id = member.community_id AND account.member_id = member.id
)
WHERE met_at IS NULL AND (
    EXISTS (
        SELECT 1 FROM activity_day
        WHERE activity_day.community_id = member.community_id AND activity_day.member_id = member.id
    )
    OR EXISTS (
        SELECT 1 FROM activity
        WHERE activity.community_id = member.community_id AND activity.member_id = member.id
          AND activity.place_id IS NOT NULL
    )
);

-- What a press or an answer goes on from is looked up by the name of our message, wherever it stands, and never read
-- from what the message shows. So not only what was said in private is kept, but also what it was meant to continue.

CREATE TABLE sent (
    cause TEXT NOT NULL CHECK (LENGTH(cause) BETWEEN 1 AND 400),
    community_id BIGINT NOT NULL,
    platform TEXT NOT NULL CHECK (LENGTH(platform) BETWEEN 1 AND 40),
    to_id TEXT CHECK (LENGTH(to_id) BETWEEN 1 AND 200),
    private BOOLEAN NOT NULL CHECK (private IN (TRUE, FALSE)),
    line TEXT CHECK (LENGTH(line) <= 10000),
    until_at BIGINT,
    presses TEXT NOT NULL CHECK (LENGTH(presses) <= 10000),
    at BIGINT NOT NULL,
    PRIMARY KEY (cause)
);

CREATE INDEX sent_private ON sent (platform, to_id, at) WHERE private;

CREATE INDEX sent_community ON sent (community_id, at);

INSERT INTO sent (cause, community_id, platform, to_id, private, presses, at)
SELECT platform || ':msg:' || CASE WHEN platform = 'telegram' THEN external_id || ':' ELSE '' END || message,
       community_id, platform, external_id, TRUE, '[]', at
FROM told;

DROP TABLE told;

-- Two processes that met a new guild together each founded a community for it, and only one of them got the guild.

DELETE FROM rung WHERE NOT EXISTS (SELECT 1 FROM place WHERE place.community_id = rung.community_id)
                   AND NOT EXISTS (SELECT 1 FROM member WHERE member.community_id = rung.community_id);

DELETE FROM community WHERE NOT EXISTS (SELECT 1 FROM place WHERE place.community_id = community.id)
                        AND NOT EXISTS (SELECT 1 FROM member WHERE member.community_id = community.id);

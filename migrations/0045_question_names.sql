-- A question's state stands in the name of a place of its own: what we last called it, and when we last looked at it,
-- since a platform lets us rename a place only now and then.

ALTER TABLE question_place ADD COLUMN called TEXT NOT NULL DEFAULT '' CHECK (LENGTH(called) <= 100);
ALTER TABLE question_place ADD COLUMN looked_at BIGINT NOT NULL DEFAULT 0;

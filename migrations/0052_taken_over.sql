-- A promise names who is performing it, so that what somebody had in the air who is dead is taken over at once, and
-- whether it goes first, so that those who keep order are answered while somebody floods the place.

ALTER TABLE promise ADD COLUMN leased_by TEXT;

ALTER TABLE promise ADD COLUMN urgent BOOLEAN NOT NULL DEFAULT FALSE CHECK (urgent IN (TRUE, FALSE));

CREATE INDEX promise_urgent ON promise (due_at, id) WHERE kept_at IS NULL AND urgent;

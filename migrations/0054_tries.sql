-- What is owed has an end to its tries: when the first of them began, and how many of them failed, or ended without
-- anybody knowing what came of them. That a platform asked for patience is no failure.

ALTER TABLE promise ADD COLUMN tried_at BIGINT;
ALTER TABLE promise ADD COLUMN failures BIGINT NOT NULL DEFAULT 0 CHECK (failures >= 0);

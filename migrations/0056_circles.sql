-- Not everybody in a community reads every place. What was asked where only some do is found by those alone: by name,
-- the circle of people who read the place; empty where everybody does.
ALTER TABLE place ADD COLUMN circle TEXT NOT NULL DEFAULT '' CHECK (LENGTH(circle) <= 100);

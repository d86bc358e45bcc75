-- The language that a member's app told last: what is written to them in private is in it, unless they chose another.
ALTER TABLE member ADD COLUMN heard TEXT CHECK (LENGTH(heard) BETWEEN 1 AND 40);

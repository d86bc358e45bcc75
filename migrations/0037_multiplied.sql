-- What multiplied an amount stands beside what was said about it, for whatever earns may be multiplied.

ALTER TABLE entry ADD COLUMN multiplied TEXT CHECK (LENGTH(multiplied) <= 1000);

UPDATE entry SET multiplied = note, note = NULL
WHERE kind = 'earn' AND reason IN ('message', 'reply', 'post', 'reaction', 'voice');

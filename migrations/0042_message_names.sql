-- What the platform calls a message that belongs to a question, so that we can point at it later.

ALTER TABLE question_message ADD COLUMN message TEXT CHECK (LENGTH(message) BETWEEN 1 AND 100);

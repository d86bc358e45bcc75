-- A question that was made from a message follows what becomes of that message.

ALTER TABLE question_message ADD COLUMN asks BOOLEAN NOT NULL DEFAULT FALSE;

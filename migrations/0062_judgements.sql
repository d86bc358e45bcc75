-- A message that surely looks like an answer is noted, but counts only when the asker, a vote or a command says so. What
-- others say at a waiting question can be chosen by its asker: until then we keep the words of the last messages.

ALTER TABLE answer ADD COLUMN guessed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE question_message ADD COLUMN likely BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE question_message ADD COLUMN body TEXT CHECK (LENGTH(body) BETWEEN 1 AND 4096);

INSERT INTO setting (community_id, key, value, changed_at)
SELECT community_id, 'threads.notice', 'false', changed_at FROM setting WHERE key = 'threads.length' AND value = '0';

DELETE FROM setting WHERE key = 'threads.length';

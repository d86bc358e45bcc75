-- What one member's questions, votes and acceptances brought others that day, without reading all that others earned.
CREATE INDEX entry_judged ON entry (community_id, other_id, id) WHERE reason IN ('answered', 'first', 'accepted', 'voted');

-- How long a member is new holds for all that members bring each other now, not for gifts alone.
UPDATE setting SET key = 'fair.min_days' WHERE key = 'tips.min_days';
UPDATE audit SET subject = 'fair.min_days' WHERE action = 'setting' AND subject = 'tips.min_days';

-- Not every platform tells who leaves. Members whom nobody has seen for a while are looked for one by one, those first
-- whom nobody looked for yet or longest ago.
ALTER TABLE member ADD COLUMN looked_at BIGINT;

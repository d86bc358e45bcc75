-- A member has one day for a question, even if they give it back in between; so a claim is kept when it is given back.
ALTER TABLE claim ADD COLUMN released_at BIGINT;

-- Thanks count once a day for each two members and so often for each who thanks, so what one gave is asked for by giver.

-- Whom a member thanked.
CREATE INDEX entry_thanks ON entry (community_id, other_id, id) WHERE reason = 'thanks';

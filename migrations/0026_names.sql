-- Tables of points name members as they are called, by the thousand: each is looked up, not searched for.
CREATE INDEX member_name ON member (community_id, name);

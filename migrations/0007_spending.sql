-- What points are for: things in a shop, raffles and contests, each under a short number that members can type.

-- One row of numbers in each community, whatever is numbered, so that a number means one thing.
CREATE TABLE numbering (
    community_id BIGINT NOT NULL,
    last_number BIGINT NOT NULL CHECK (last_number > 0),
    PRIMARY KEY (community_id)
);

-- What was taken out of the shop stays for the orders that name it. A role and its guild come together; without them
-- staff hand the thing over.
CREATE TABLE item (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    name TEXT NOT NULL CHECK (LENGTH(name) BETWEEN 1 AND 60),
    about TEXT NOT NULL CHECK (LENGTH(about) <= 300),
    price BIGINT NOT NULL CHECK (price BETWEEN 1 AND 1000000),
    place_id BIGINT,
    role_id TEXT CHECK (LENGTH(role_id) BETWEEN 1 AND 100),
    role_name TEXT CHECK (LENGTH(role_name) BETWEEN 1 AND 100),
    lasts BIGINT CHECK (lasts > 0),
    stock BIGINT CHECK (stock BETWEEN 0 AND 1000000),
    per_member BIGINT CHECK (per_member BETWEEN 1 AND 1000),
    added_at BIGINT NOT NULL,
    gone_at BIGINT,
    PRIMARY KEY (community_id, number),
    CHECK ((role_id IS NULL) = (place_id IS NULL) AND (role_id IS NULL) = (role_name IS NULL)),
    CHECK (lasts IS NULL OR role_id IS NOT NULL)
);

-- An order: open and then done where staff hand something over, held and perhaps ended where it is a role.
CREATE TABLE purchase (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    item BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    price BIGINT NOT NULL CHECK (price BETWEEN 1 AND 1000000),
    entry_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    until BIGINT,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'held', 'ended', 'refunded')),
    closed_at BIGINT,
    closed_by BIGINT,
    PRIMARY KEY (community_id, number),
    CHECK ((state IN ('open', 'held')) = (closed_at IS NULL))
);

CREATE INDEX purchase_member ON purchase (community_id, member_id, number);

CREATE INDEX purchase_open ON purchase (community_id, number) WHERE state = 'open';

CREATE INDEX purchase_until ON purchase (community_id, until) WHERE state = 'held' AND until IS NOT NULL;

-- A raffle or a contest. The amount is what a seat in the raffle costs, or what the contest awards. The prize is what
-- was staked, a thing, or new points from the community.
CREATE TABLE pot (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    kind TEXT NOT NULL CHECK (kind IN ('raffle', 'contest')),
    title TEXT NOT NULL CHECK (LENGTH(title) <= 100),
    prize TEXT NOT NULL CHECK (prize IN ('stakes', 'thing', 'new')),
    amount BIGINT NOT NULL CHECK (amount BETWEEN 1 AND 1000000),
    winners BIGINT NOT NULL CHECK (winners BETWEEN 1 AND 20),
    seats BIGINT NOT NULL CHECK (seats BETWEEN 1 AND 100000),
    per_member BIGINT NOT NULL CHECK (per_member BETWEEN 1 AND 100),
    seed TEXT CHECK (LENGTH(seed) <= 100),
    owner_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    closed_at BIGINT,
    outcome TEXT CHECK (outcome IN ('won', 'empty', 'cancelled')),
    PRIMARY KEY (community_id, number),
    CHECK ((closed_at IS NULL) = (outcome IS NULL))
);

CREATE INDEX pot_open ON pot (community_id, ends_at) WHERE closed_at IS NULL;

-- A member's part in it: a seat in the raffle, or what was handed in to the contest.
CREATE TABLE pot_seat (
    community_id BIGINT NOT NULL,
    pot BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number BETWEEN 1 AND 100000),
    member_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    text TEXT CHECK (LENGTH(text) BETWEEN 1 AND 1000),
    PRIMARY KEY (community_id, pot, number)
);

CREATE INDEX pot_seat_member ON pot_seat (community_id, pot, member_id);

CREATE TABLE pot_vote (
    community_id BIGINT NOT NULL,
    pot BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    seat BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, pot, member_id)
);

-- What is in escrow for a raffle or a contest, and who put it there.
CREATE INDEX entry_subject ON entry (community_id, subject, id) WHERE subject IS NOT NULL;

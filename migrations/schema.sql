-- What all migrations add up to, in the shared dialect: BIGINT TEXT BOOLEAN DOUBLE PRECISION.
-- Times are UTC epoch milliseconds, JSON is TEXT, ids are ours. community_id leads every key, so that the tables
-- partition by community; a table or index that differs says why.

-- The community itself: its id is what leads everywhere else.
CREATE TABLE community (
    id BIGINT NOT NULL,
    name TEXT NOT NULL CHECK (LENGTH(name) <= 1000),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE place (
    community_id BIGINT NOT NULL REFERENCES community (id),
    id BIGINT NOT NULL,
    platform TEXT NOT NULL CHECK (LENGTH(platform) BETWEEN 1 AND 40),
    external_id TEXT NOT NULL CHECK (LENGTH(external_id) BETWEEN 1 AND 200),
    parent_id BIGINT,
    kind TEXT NOT NULL CHECK (kind IN ('guild', 'channel', 'thread', 'chat', 'topic', 'dm', 'room')),
    name TEXT NOT NULL CHECK (LENGTH(name) <= 1000),
    gone_at BIGINT,
    circle TEXT NOT NULL DEFAULT '' CHECK (LENGTH(circle) <= 100),
    PRIMARY KEY (community_id, id)
);

-- Not led by community_id: this is how an event's community is found.
CREATE UNIQUE INDEX place_outside ON place (platform, external_id);

CREATE TABLE member (
    community_id BIGINT NOT NULL REFERENCES community (id),
    id BIGINT NOT NULL,
    name TEXT NOT NULL CHECK (LENGTH(name) <= 1000),
    language TEXT CHECK (LENGTH(language) BETWEEN 1 AND 40),
    time_zone TEXT CHECK (LENGTH(time_zone) BETWEEN 1 AND 100),
    bot BOOLEAN NOT NULL CHECK (bot IN (TRUE, FALSE)),
    joined_at BIGINT,
    left_at BIGINT,
    met_at BIGINT,
    -- When it was last asked whether they are still there, where a platform does not tell by itself.
    looked_at BIGINT,
    heard TEXT CHECK (LENGTH(heard) BETWEEN 1 AND 40),
    PRIMARY KEY (community_id, id)
);

CREATE INDEX member_name ON member (community_id, name);

-- The account is written first and decides whether its member is new, so the reference is looked at last.
CREATE TABLE account (
    community_id BIGINT NOT NULL,
    platform TEXT NOT NULL CHECK (LENGTH(platform) BETWEEN 1 AND 40),
    external_id TEXT NOT NULL CHECK (LENGTH(external_id) BETWEEN 1 AND 200),
    member_id BIGINT NOT NULL,
    name TEXT NOT NULL CHECK (LENGTH(name) <= 1000),
    username TEXT CHECK (LENGTH(username) BETWEEN 1 AND 200),
    reachable BOOLEAN NOT NULL CHECK (reachable IN (TRUE, FALSE)),
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (community_id, platform, external_id),
    FOREIGN KEY (community_id, member_id) REFERENCES member (community_id, id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX account_of_member ON account (community_id, member_id);

CREATE INDEX account_username ON account (community_id, platform, username) WHERE username IS NOT NULL;

-- Not led by community_id: a private chat belongs to none, and is told apart by its account alone.
CREATE INDEX account_outside ON account (platform, external_id);

CREATE TABLE setting (
    community_id BIGINT NOT NULL,
    key TEXT NOT NULL CHECK (LENGTH(key) BETWEEN 1 AND 200),
    value TEXT NOT NULL CHECK (LENGTH(value) <= 100000),
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (community_id, key)
);

-- Append-only, but for undone_by.
CREATE TABLE audit (
    community_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_id BIGINT,
    action TEXT NOT NULL CHECK (LENGTH(action) BETWEEN 1 AND 200),
    subject TEXT NOT NULL CHECK (LENGTH(subject) <= 1000),
    before TEXT,
    after TEXT,
    cause TEXT NOT NULL CHECK (LENGTH(cause) BETWEEN 1 AND 400),
    undoes BIGINT,
    undone_by BIGINT,
    PRIMARY KEY (community_id, id)
);

-- Both the record that an event was absorbed and the dated fact. No references: it is written by the thousand,
-- and the same transaction has just found or made the rows it names.
CREATE TABLE activity (
    community_id BIGINT NOT NULL,
    cause TEXT NOT NULL CHECK (LENGTH(cause) BETWEEN 1 AND 400),
    at BIGINT NOT NULL,
    day BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (LENGTH(kind) BETWEEN 1 AND 40),
    member_id BIGINT,
    place_id BIGINT,
    target_id BIGINT,
    amount BIGINT NOT NULL,
    retracted_at BIGINT,
    PRIMARY KEY (community_id, cause)
);

CREATE INDEX activity_day_order ON activity (community_id, day);

-- A cache provable from activity; day first, so that writing stays in one corner of the tree.
CREATE TABLE activity_day (
    community_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (LENGTH(kind) BETWEEN 1 AND 40),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (community_id, day, member_id, kind)
);

-- The highest absorbed message number of each channel.
CREATE TABLE watermark (
    community_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    ref BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, place_id)
);

-- leased_until is 0 while nobody works on it and nobody waits to try again.
CREATE TABLE promise (
    community_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (LENGTH(kind) BETWEEN 1 AND 100),
    body TEXT NOT NULL CHECK (LENGTH(body) <= 1000000),
    once TEXT CHECK (LENGTH(once) BETWEEN 1 AND 400),
    platform TEXT NOT NULL CHECK (LENGTH(platform) BETWEEN 1 AND 40),
    lane TEXT CHECK (LENGTH(lane) BETWEEN 1 AND 400),
    due_at BIGINT NOT NULL CHECK (due_at >= 0),
    leased_until BIGINT NOT NULL CHECK (leased_until >= 0),
    attempts BIGINT NOT NULL CHECK (attempts >= 0),
    kept_at BIGINT,
    outcome TEXT CHECK (outcome IN ('kept', 'refused', 'unknown', 'void')),
    error TEXT,
    cause TEXT NOT NULL CHECK (LENGTH(cause) BETWEEN 1 AND 400),
    made_at BIGINT NOT NULL,
    leased_by TEXT,
    urgent BOOLEAN NOT NULL DEFAULT FALSE CHECK (urgent IN (TRUE, FALSE)),
    tried_at BIGINT,
    failures BIGINT NOT NULL DEFAULT 0 CHECK (failures >= 0),
    PRIMARY KEY (community_id, id),
    CHECK ((kept_at IS NULL) = (outcome IS NULL))
);

CREATE UNIQUE INDEX promise_once ON promise (community_id, once) WHERE once IS NOT NULL;

-- Neither is led by community_id: one outbox serves all communities in the order in which things fall due.
CREATE INDEX promise_due ON promise (due_at, id) WHERE kept_at IS NULL;

CREATE INDEX promise_urgent ON promise (due_at, id) WHERE kept_at IS NULL AND urgent;

CREATE INDEX promise_leased ON promise (leased_until) WHERE kept_at IS NULL AND leased_until > 0;

CREATE INDEX promise_lane ON promise (community_id, lane, due_at, id) WHERE kept_at IS NULL AND lane IS NOT NULL;

-- What we sent that somebody may go on from. Not led by community_id: it is how a press or an answer finds its community.
CREATE TABLE sent (
    cause TEXT NOT NULL CHECK (LENGTH(cause) BETWEEN 1 AND 400),
    community_id BIGINT NOT NULL,
    platform TEXT NOT NULL CHECK (LENGTH(platform) BETWEEN 1 AND 40),
    to_id TEXT CHECK (LENGTH(to_id) BETWEEN 1 AND 200),
    private BOOLEAN NOT NULL CHECK (private IN (TRUE, FALSE)),
    line TEXT CHECK (LENGTH(line) <= 10000),
    until_at BIGINT,
    presses TEXT NOT NULL CHECK (LENGTH(presses) <= 10000),
    at BIGINT NOT NULL,
    PRIMARY KEY (cause)
);

CREATE INDEX sent_community ON sent (community_id, at);

CREATE TABLE choice (
    platform TEXT NOT NULL CHECK (LENGTH(platform) BETWEEN 1 AND 40),
    external_id TEXT NOT NULL CHECK (LENGTH(external_id) BETWEEN 1 AND 200),
    community_id BIGINT NOT NULL REFERENCES community (id),
    PRIMARY KEY (platform, external_id)
);

-- community_id is 0 where the event failed before its community was known.
CREATE TABLE dead_letter (
    community_id BIGINT NOT NULL,
    cause TEXT NOT NULL CHECK (LENGTH(cause) BETWEEN 1 AND 400),
    listener TEXT NOT NULL CHECK (LENGTH(listener) BETWEEN 1 AND 200),
    kind TEXT NOT NULL CHECK (LENGTH(kind) BETWEEN 1 AND 100),
    body TEXT NOT NULL,
    error TEXT NOT NULL,
    attempts BIGINT NOT NULL CHECK (attempts >= 1),
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, cause, listener)
);

-- Of the installation, not of a community. The number belongs to a key so that a takeover, and no renewal, waits
-- for the writers it fences out (PostgreSQL's FOR KEY SHARE).
CREATE TABLE lease (
    name TEXT NOT NULL CHECK (LENGTH(name) BETWEEN 1 AND 100),
    holder TEXT NOT NULL CHECK (LENGTH(holder) BETWEEN 1 AND 200),
    number BIGINT NOT NULL CHECK (number >= 0),
    until BIGINT NOT NULL,
    PRIMARY KEY (name),
    UNIQUE (name, number)
);

-- When the bell last rang each job.
CREATE TABLE rung (
    community_id BIGINT NOT NULL,
    job TEXT NOT NULL CHECK (LENGTH(job) BETWEEN 1 AND 200),
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, job)
);

-- Small facts of the installation, not of a community.
CREATE TABLE remembered (
    key TEXT NOT NULL CHECK (LENGTH(key) BETWEEN 1 AND 200),
    value TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (key)
);

-- What the clock would end all at once waits until staff say so.
CREATE TABLE waiting (
    community_id BIGINT NOT NULL,
    what TEXT NOT NULL CHECK (LENGTH(what) BETWEEN 1 AND 40),
    due BIGINT NOT NULL CHECK (due >= 0),
    total BIGINT NOT NULL CHECK (total >= 0),
    since BIGINT NOT NULL,
    allowed BIGINT NOT NULL CHECK (allowed >= 0),
    allowed_at BIGINT NOT NULL,
    PRIMARY KEY (community_id, what)
);

-- What was being taken in when a process ended without stopping, and at how many such ends. Of the installation.
CREATE TABLE in_hand (
    cause TEXT NOT NULL CHECK (LENGTH(cause) BETWEEN 1 AND 400),
    ends BIGINT NOT NULL CHECK (ends >= 1),
    at BIGINT NOT NULL,
    PRIMARY KEY (cause)
);

-- Append-only: what was wrong is taken back by another entry. No references: it is written by the thousand, and the
-- same transaction has just found or made the rows it names.
CREATE TABLE entry (
    community_id BIGINT NOT NULL,
    id BIGINT NOT NULL CHECK (id > 0),
    at BIGINT NOT NULL,
    day BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (
        kind IN ('earn', 'spend', 'transfer', 'stake', 'release', 'expire', 'reverse', 'adjust')
    ),
    amount BIGINT NOT NULL CHECK (amount <> 0 AND amount BETWEEN -1000000000000 AND 1000000000000),
    counts BOOLEAN NOT NULL CHECK (counts IN (TRUE, FALSE)),
    reason TEXT NOT NULL CHECK (LENGTH(reason) BETWEEN 1 AND 40),
    cause TEXT NOT NULL CHECK (LENGTH(cause) BETWEEN 1 AND 400),
    actor_id BIGINT,
    other_id BIGINT,
    place_id BIGINT,
    reverses BIGINT,
    subject TEXT CHECK (LENGTH(subject) BETWEEN 1 AND 200),
    note TEXT CHECK (LENGTH(note) <= 1000),
    multiplied TEXT CHECK (LENGTH(multiplied) <= 1000),
    PRIMARY KEY (community_id, id),
    CHECK ((kind = 'reverse') = (reverses IS NOT NULL)),
    CHECK (kind = 'reverse' OR (kind IN ('stake', 'release')) = (subject IS NOT NULL)),
    CHECK (kind NOT IN ('earn', 'release') OR amount > 0),
    CHECK (kind NOT IN ('spend', 'stake', 'expire') OR amount < 0)
);

-- The same cause pays a member once for the same reason.
CREATE UNIQUE INDEX entry_once ON entry (community_id, cause, member_id, reason) WHERE reverses IS NULL;

-- An entry is reversed once.
CREATE UNIQUE INDEX entry_reversed ON entry (community_id, reverses) WHERE reverses IS NOT NULL;

CREATE INDEX entry_history ON entry (community_id, member_id, id);

-- What is in escrow for a raffle or a contest, and who put it there.
CREATE INDEX entry_subject ON entry (community_id, subject, id) WHERE subject IS NOT NULL;

-- What a member put into escrow and had out of it, however long ago.
CREATE INDEX entry_escrow ON entry (community_id, member_id, id) WHERE subject IS NOT NULL;

-- Whom a member thanked.
CREATE INDEX entry_thanks ON entry (community_id, other_id, id) WHERE reason = 'thanks';

-- What a member's questions, votes and acceptances brought others.
CREATE INDEX entry_judged ON entry (community_id, other_id, id) WHERE reason IN ('answered', 'first', 'accepted', 'voted');

-- Locked by every write of entries, so that their ids grow in the order in which they are committed.
CREATE TABLE ledger (
    community_id BIGINT NOT NULL,
    last_id BIGINT NOT NULL,
    settled_id BIGINT NOT NULL CHECK (settled_id <= last_id),
    levelled_id BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (community_id)
);

-- A cache provable from entry, but for hidden, which is the member's own choice. The step is the score by its length
-- and first three digits, so that it grows with the score, 0 for whoever is on no board.
CREATE TABLE standing (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    balance BIGINT NOT NULL CHECK (balance >= 0),
    debt BIGINT NOT NULL CHECK (debt >= 0),
    score BIGINT NOT NULL,
    hidden BOOLEAN NOT NULL CHECK (hidden IN (TRUE, FALSE)),
    listed BOOLEAN NOT NULL CHECK (listed IN (TRUE, FALSE)),
    step BIGINT NOT NULL GENERATED ALWAYS AS (
        CASE WHEN listed AND score > 0
        THEN LENGTH(CAST(score AS TEXT)) * 1000 + CAST(SUBSTR(CAST(score AS TEXT), 1, 3) AS BIGINT) ELSE 0 END
    ) STORED,
    excluded BOOLEAN NOT NULL DEFAULT FALSE CHECK (excluded IN (TRUE, FALSE)),
    PRIMARY KEY (community_id, member_id),
    CHECK (balance = 0 OR debt = 0)
);

CREATE INDEX standing_board ON standing (community_id, step, score, member_id) WHERE step > 0;

-- How many members stand on each step, so that a rank is counted by the thousand and not one by one.
CREATE TABLE board_step (
    community_id BIGINT NOT NULL,
    step BIGINT NOT NULL CHECK (step > 0),
    members BIGINT NOT NULL,
    PRIMARY KEY (community_id, step)
);

-- A cache provable from the earned entries not reversed; day first, so that writing stays in one corner of the tree.
-- place_id is 0 where there was none.
CREATE TABLE earning (
    community_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    reason TEXT NOT NULL CHECK (LENGTH(reason) BETWEEN 1 AND 40),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    times BIGINT NOT NULL CHECK (times >= 0),
    last_at BIGINT NOT NULL,
    PRIMARY KEY (community_id, day, member_id, place_id, reason)
);

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

-- A table of changes that was handed in: nothing of it is in the ledger before it was looked at and applied.
CREATE TABLE batch (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    owner_id BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('shown', 'dropped', 'applied', 'undone')),
    changed_at BIGINT NOT NULL CHECK (changed_at >= made_at),
    PRIMARY KEY (community_id, number)
);

-- Its lines, under the numbers they have in the table; they go once nothing can be done with them any more.
CREATE TABLE batch_line (
    community_id BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    line BIGINT NOT NULL CHECK (line > 0),
    member_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount <> 0 AND amount BETWEEN -1000000 AND 1000000),
    why TEXT NOT NULL CHECK (LENGTH(why) BETWEEN 1 AND 200),
    PRIMARY KEY (community_id, batch, line)
);

-- A gathering whose members say that they are there; with a code only those can who see it.
CREATE TABLE gathering (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    title TEXT NOT NULL CHECK (LENGTH(title) BETWEEN 1 AND 100),
    points BIGINT NOT NULL CHECK (points BETWEEN 0 AND 1000),
    code TEXT CHECK (LENGTH(code) BETWEEN 1 AND 20),
    place_id BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL CHECK (closes_at > opened_at),
    closed_at BIGINT CHECK (closed_at >= opened_at),
    PRIMARY KEY (community_id, number)
);

CREATE INDEX gathering_open ON gathering (community_id, number) WHERE closed_at IS NULL;

-- Who was there. Whoever was taken off the list stays in it, so that they cannot come again.
CREATE TABLE attendee (
    community_id BIGINT NOT NULL,
    gathering BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    gone_at BIGINT,
    PRIMARY KEY (community_id, gathering, member_id)
);

-- Of a place where role_id is empty; otherwise of a role, and the place is the guild that has it.
CREATE TABLE multiplier (
    community_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    role_id TEXT NOT NULL CHECK (LENGTH(role_id) <= 200),
    name TEXT NOT NULL CHECK (LENGTH(name) <= 1000),
    percent BIGINT NOT NULL CHECK (percent BETWEEN 0 AND 1000),
    PRIMARY KEY (community_id, place_id, role_id)
);

-- The newest imprint first, sixteen hexadecimal digits each; the key makes those of one member tell nothing of another.
CREATE TABLE imprint (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    key TEXT NOT NULL CHECK (LENGTH(key) BETWEEN 32 AND 64),
    last TEXT NOT NULL CHECK (LENGTH(last) BETWEEN 16 AND 80),
    PRIMARY KEY (community_id, member_id)
);

-- A day lasts until ends_at, its midnight where it was begun, wherever the member has moved since.
CREATE TABLE streak (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    days BIGINT NOT NULL CHECK (days > 0),
    last_day BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    longest BIGINT NOT NULL CHECK (longest >= days),
    PRIMARY KEY (community_id, member_id)
);

-- What is left by expires_at of everything that came up to this moment expires, and no more than was warned of.
CREATE TABLE expiry_warning (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    until BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (community_id, member_id),
    CHECK (until <= expires_at)
);

-- Of the database itself: one row for each migration applied.
CREATE TABLE schema_version (
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    applied_at BIGINT NOT NULL,
    PRIMARY KEY (number)
);

-- As last told with something a member did; `@staff` stands for whatever lets somebody moderate there.
CREATE TABLE member_role (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    role_id TEXT NOT NULL CHECK (LENGTH(role_id) BETWEEN 1 AND 200),
    PRIMARY KEY (community_id, member_id, place_id, role_id)
);

CREATE INDEX member_role_holders ON member_role (community_id, role_id, member_id);

-- A role is held as long as one reason for it remains.
CREATE TABLE role_reason (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    role_id TEXT NOT NULL CHECK (LENGTH(role_id) BETWEEN 1 AND 200),
    name TEXT NOT NULL CHECK (LENGTH(name) <= 1000),
    reason TEXT NOT NULL CHECK (LENGTH(reason) BETWEEN 1 AND 40),
    subject TEXT NOT NULL CHECK (LENGTH(subject) <= 200),
    at BIGINT NOT NULL,
    until BIGINT,
    PRIMARY KEY (community_id, member_id, role_id, reason, subject)
);

CREATE INDEX role_reason_ends ON role_reason (community_id, until) WHERE until IS NOT NULL;

-- The last thing we did, or shall do, about a member's role; what came of it stands in the promise.
CREATE TABLE role_change (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    role_id TEXT NOT NULL CHECK (LENGTH(role_id) BETWEEN 1 AND 200),
    place_id BIGINT NOT NULL,
    name TEXT NOT NULL CHECK (LENGTH(name) <= 1000),
    wanted BOOLEAN NOT NULL CHECK (wanted IN (TRUE, FALSE)),
    promise_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, member_id, role_id)
);

CREATE INDEX role_change_promise ON role_change (community_id, promise_id);

CREATE TABLE level_role (
    community_id BIGINT NOT NULL,
    level BIGINT NOT NULL CHECK (level BETWEEN 1 AND 1000),
    place_id BIGINT NOT NULL,
    role_id TEXT NOT NULL CHECK (LENGTH(role_id) BETWEEN 1 AND 200),
    name TEXT NOT NULL CHECK (LENGTH(name) <= 1000),
    PRIMARY KEY (community_id, level, role_id)
);

-- The level last acted upon, and between which scores it holds, so that whoever crosses one is found without a curve.
CREATE TABLE member_level (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    level BIGINT NOT NULL CHECK (level >= 0),
    from_score BIGINT NOT NULL,
    next_score BIGINT NOT NULL,
    PRIMARY KEY (community_id, member_id),
    CHECK (from_score < next_score)
);

-- How far everybody's roles were gone through since the rules for them changed; one at a time.
CREATE TABLE resync (
    community_id BIGINT NOT NULL,
    begun_at BIGINT NOT NULL,
    ended_at BIGINT,
    last_member_id BIGINT NOT NULL,
    done BIGINT NOT NULL CHECK (done >= 0),
    total BIGINT NOT NULL CHECK (total >= 0),
    changed BIGINT NOT NULL CHECK (changed >= 0),
    PRIMARY KEY (community_id)
);

CREATE TABLE question (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    id BIGINT NOT NULL CHECK (id > 0),
    asker_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    title TEXT NOT NULL CHECK (LENGTH(title) BETWEEN 1 AND 200),
    body TEXT NOT NULL CHECK (LENGTH(body) <= 4096),
    tags TEXT NOT NULL CHECK (LENGTH(tags) <= 200),
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('draft', 'open', 'answered', 'solved', 'duplicate', 'stale', 'closed', 'deleted')),
    same_as BIGINT,
    PRIMARY KEY (community_id, number),
    CHECK ((state = 'duplicate') = (same_as IS NOT NULL))
);

CREATE UNIQUE INDEX question_id ON question (id);
CREATE INDEX question_state ON question (community_id, state, number);
CREATE INDEX question_asker ON question (community_id, asker_id, number);

-- An answer that was taken back stays, so that what it earned can be explained.
CREATE TABLE answer (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    question BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    body TEXT NOT NULL CHECK (LENGTH(body) BETWEEN 1 AND 4096),
    answered_at BIGINT NOT NULL,
    accepted_at BIGINT,
    deleted_at BIGINT,
    guessed BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (community_id, number)
);

CREATE INDEX answer_question ON answer (community_id, question, number);
CREATE INDEX answer_author ON answer (community_id, author_id, number);

CREATE TABLE answer_vote (
    community_id BIGINT NOT NULL,
    answer BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    worth BIGINT NOT NULL CHECK (worth IN (-1, 1)),
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, answer, member_id)
);

-- In how many texts asked in a place a term comes, so that a search can begin with the rarest; the empty one counts texts.
CREATE TABLE found_text (
    id BIGINT NOT NULL,
    community_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE found_term (
    community_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    term TEXT NOT NULL CHECK (LENGTH(term) <= 50),
    texts BIGINT NOT NULL CHECK (texts >= 0),
    PRIMARY KEY (community_id, term, place_id)
);

-- Made by administrators. What was removed stays, so that its number is never another's.
CREATE TABLE badge (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    emoji TEXT NOT NULL CHECK (LENGTH(emoji) BETWEEN 1 AND 16),
    name TEXT NOT NULL CHECK (LENGTH(name) BETWEEN 1 AND 40),
    about TEXT NOT NULL CHECK (LENGTH(about) BETWEEN 1 AND 200),
    made_at BIGINT NOT NULL,
    gone_at BIGINT,
    PRIMARY KEY (community_id, number)
);

-- What an administrator took away stays as taken, so that it does not come back by itself.
CREATE TABLE award (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    badge TEXT NOT NULL CHECK (LENGTH(badge) BETWEEN 1 AND 40),
    at BIGINT NOT NULL,
    actor_id BIGINT,
    why TEXT CHECK (LENGTH(why) BETWEEN 1 AND 200),
    taken_at BIGINT,
    PRIMARY KEY (community_id, member_id, badge)
);

-- What members did up to the day of the round, added up from activity_day, which is in the order of days.
CREATE TABLE deeds (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    messages BIGINT NOT NULL CHECK (messages >= 0),
    reactions BIGINT NOT NULL CHECK (reactions >= 0),
    PRIMARY KEY (community_id, member_id)
);

-- How far the nightly round has come: the last day added up, the last member looked at, and whether news are told.
CREATE TABLE badge_round (
    community_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    last_member_id BIGINT NOT NULL,
    told BOOLEAN NOT NULL CHECK (told IN (TRUE, FALSE)),
    PRIMARY KEY (community_id)
);

-- The names are those of the day it was given. What was revoked stays, so that its code says so.
CREATE TABLE certificate (
    community_id BIGINT NOT NULL,
    code TEXT NOT NULL CHECK (LENGTH(code) = 16),
    member_id BIGINT NOT NULL,
    name TEXT NOT NULL CHECK (LENGTH(name) BETWEEN 1 AND 1000),
    title TEXT NOT NULL CHECK (LENGTH(title) BETWEEN 1 AND 120),
    giver_id BIGINT NOT NULL,
    given_at BIGINT NOT NULL,
    revoked_at BIGINT,
    why TEXT CHECK (LENGTH(why) BETWEEN 1 AND 200),
    PRIMARY KEY (community_id, code),
    CHECK ((revoked_at IS NULL) = (why IS NULL))
);

-- Not led by community_id: whoever holds a code need not know the community.
CREATE UNIQUE INDEX certificate_code ON certificate (code);

CREATE INDEX certificate_member ON certificate (community_id, member_id, given_at);

CREATE TABLE bounty (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    question BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount BETWEEN 1 AND 1000000),
    placed_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL CHECK (ends_at > placed_at),
    closed_at BIGINT,
    outcome TEXT CHECK (outcome IN ('awarded', 'halved', 'returned')),
    PRIMARY KEY (community_id, number),
    CHECK ((closed_at IS NULL) = (outcome IS NULL))
);

-- One at a time for a question.
CREATE UNIQUE INDEX bounty_open ON bounty (community_id, question) WHERE closed_at IS NULL;

-- Unreachable since a private message to them was refused: they are asked no more until they say so again.
CREATE TABLE helper (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    tags TEXT NOT NULL CHECK (LENGTH(tags) <= 200),
    daily BIGINT NOT NULL CHECK (daily BETWEEN 1 AND 20),
    quiet_from BIGINT NOT NULL CHECK (quiet_from BETWEEN 0 AND 23),
    quiet_until BIGINT NOT NULL CHECK (quiet_until BETWEEN 0 AND 23),
    unreachable_at BIGINT,
    PRIMARY KEY (community_id, member_id)
);

-- Once for a question and a member. The promise is the message that asks them.
CREATE TABLE helper_ask (
    community_id BIGINT NOT NULL,
    question BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    promise_id BIGINT NOT NULL,
    PRIMARY KEY (community_id, question, member_id)
);

CREATE INDEX helper_ask_member ON helper_ask (community_id, member_id, at);
CREATE INDEX helper_ask_promise ON helper_ask (community_id, promise_id);

-- One at a time for a question.
CREATE TABLE claim (
    community_id BIGINT NOT NULL,
    question BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    released_at BIGINT,
    PRIMARY KEY (community_id, question)
);

-- The step that is next, and when: reminders of anything else come too late and mean nothing.
CREATE TABLE climb (
    community_id BIGINT NOT NULL,
    question BIGINT NOT NULL,
    rung TEXT NOT NULL CHECK (rung IN ('helpers', 'call', 'bounty', 'still', 'stale')),
    due_at BIGINT NOT NULL,
    PRIMARY KEY (community_id, question)
);

CREATE INDEX climb_due ON climb (community_id, due_at);

-- A short number, what went round when staff were told last, and who found it in order.
CREATE TABLE ring (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    found_at BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    closed_at BIGINT CHECK (closed_at >= found_at),
    closed_by BIGINT,
    CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    PRIMARY KEY (community_id, number)
);

CREATE INDEX ring_open ON ring (community_id, number) WHERE closed_at IS NULL;

-- What each had from within, of what they had from everybody.
CREATE TABLE ring_member (
    community_id BIGINT NOT NULL,
    ring BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    inside BIGINT NOT NULL CHECK (inside > 0),
    received BIGINT NOT NULL CHECK (received >= inside),
    PRIMARY KEY (community_id, ring, member_id)
);

CREATE INDEX ring_of_member ON ring_member (community_id, member_id);

-- The evidence: who gave whom how much, how often.
CREATE TABLE ring_gift (
    community_id BIGINT NOT NULL,
    ring BIGINT NOT NULL,
    giver_id BIGINT NOT NULL,
    receiver_id BIGINT NOT NULL CHECK (receiver_id <> giver_id),
    times BIGINT NOT NULL CHECK (times > 0),
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (community_id, ring, giver_id, receiver_id)
);

CREATE TABLE consent (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    choice TEXT NOT NULL CHECK (choice IN ('named', 'anonymous', 'none')),
    chosen_at BIGINT NOT NULL,
    PRIMARY KEY (community_id, member_id)
);

-- What belongs to a question: what we showed it or an answer in, and what members said, as an answer or a comment.
CREATE TABLE question_message (
    community_id BIGINT NOT NULL,
    cause TEXT NOT NULL CHECK (LENGTH(cause) BETWEEN 1 AND 400),
    question BIGINT NOT NULL,
    answer BIGINT,
    member_id BIGINT,
    place_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    message TEXT CHECK (LENGTH(message) BETWEEN 1 AND 100),
    asks BOOLEAN NOT NULL DEFAULT FALSE,
    likely BOOLEAN NOT NULL DEFAULT FALSE,
    body TEXT CHECK (LENGTH(body) BETWEEN 1 AND 4096),
    PRIMARY KEY (community_id, cause)
);

CREATE INDEX question_message_question ON question_message (community_id, question, at);

-- A thread, a forum post or a topic about one question, and by its cause the message whose words are the details; what
-- we last called it, and when we last looked whether it should be called otherwise.
CREATE TABLE question_place (
    community_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    question BIGINT NOT NULL,
    body TEXT CHECK (LENGTH(body) BETWEEN 1 AND 400),
    called TEXT NOT NULL DEFAULT '' CHECK (LENGTH(called) <= 100),
    looked_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (community_id, place_id)
);

CREATE INDEX question_place_question ON question_place (community_id, question);

-- Where every post or topic is a question.
CREATE TABLE watched_place (
    community_id BIGINT NOT NULL,
    place_id BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (community_id, place_id)
);

-- Who looks at what is reported, besides staff.
CREATE TABLE reviewer (
    community_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    PRIMARY KEY (community_id, member_id)
);

-- One for each thing that is reported, however many report it. Of a message nothing is kept but which one it was.
CREATE TABLE review_case (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    question BIGINT,
    answer BIGINT,
    message TEXT CHECK (LENGTH(message) BETWEEN 1 AND 400),
    author_id BIGINT NOT NULL,
    place_id BIGINT,
    opened_at BIGINT NOT NULL,
    claimed_by BIGINT,
    claimed_until BIGINT,
    verdict TEXT CHECK (verdict IN ('keep', 'warn', 'remove')),
    decided_by BIGINT,
    decided_at BIGINT,
    why TEXT CHECK (LENGTH(why) <= 1000),
    undo TEXT,
    appeal TEXT CHECK (LENGTH(appeal) BETWEEN 1 AND 1000),
    appealed_at BIGINT,
    outcome TEXT CHECK (outcome IN ('upheld', 'overturned')),
    settled_by BIGINT,
    settled_at BIGINT,
    PRIMARY KEY (community_id, number),
    CHECK (
        CASE WHEN question IS NULL THEN 0 ELSE 1 END + CASE WHEN answer IS NULL THEN 0 ELSE 1 END
        + CASE WHEN message IS NULL THEN 0 ELSE 1 END = 1
    ),
    CHECK ((verdict IS NULL) = (decided_at IS NULL)),
    CHECK ((appeal IS NULL) = (appealed_at IS NULL)),
    CHECK ((outcome IS NULL) = (settled_at IS NULL)),
    CHECK (appeal IS NULL OR COALESCE(verdict, 'keep') <> 'keep'),
    CHECK (outcome IS NULL OR appeal IS NOT NULL)
);

-- What waits to be decided, or to be decided again.
CREATE INDEX review_waiting ON review_case (community_id, number)
WHERE verdict IS NULL OR (appeal IS NOT NULL AND outcome IS NULL);

-- Who reported it, and why.
CREATE TABLE report (
    community_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    reason TEXT NOT NULL CHECK (LENGTH(reason) BETWEEN 1 AND 20),
    words TEXT NOT NULL CHECK (LENGTH(words) <= 500),
    at BIGINT NOT NULL,
    PRIMARY KEY (community_id, number, member_id)
);

CREATE INDEX report_member ON report (community_id, member_id, at);

"""Absorbs one batch in one transaction: records facts once and in bulk, tells listeners, keeps failed events aside."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.core.identity import Identity
from bot.core.invoker import Invoker
from bot.kit import Access, BulkWork, Post, Reply, Tell, Tone, Work, happened
from bot.kit.capability import Listener
from bot.kit.events import (
    CommandGiven,
    Event,
    MessagePosted,
    PlaceMoved,
    ReactionAdded,
    ReactionRemoved,
    RolesTold,
    Unrecognised,
)
from bot.kit.invocation import Invocation
from bot.kit.listening import bury, tell, tell_bulk
from bot.kit.setting import Settings, configured
from bot.kit.work import Desk, Known
from models import activity, communities, members, promises
from models.activity import Fact
from models.spans import DAY
from models.store import Tx

#: the reply to a command that is carried out already
ALREADY = "refusal.already"
#: seconds after which we no longer tell a member that they were too quick
CALM = 120
#: how long a reply meant for one member stays in a group that cannot hide it
BRIEFLY = 60
#: how long we try to answer on the spot before we post an answer that everybody must see
ANSWERED_WITHIN = timedelta(seconds=10)


@dataclass(slots=True)
class Absorbed:
    """The outcome of a batch."""

    fresh: int = 0
    known: int = 0
    dead: int = 0
    #: replies by cause: to commands whose caller waits, and to strangers, since no community owes them a reply; a
    #: catalogue path where there is no reply
    replies: dict[str, Reply | str] = field(default_factory=dict)

    def add(self, other: "Absorbed") -> None:
        self.fresh += other.fresh
        self.known += other.known
        self.dead += other.dead
        self.replies |= other.replies

    def after(self, unsure: "Absorbed") -> "Absorbed":
        """Merge with an earlier attempt of unknown end: what this attempt finds done already, the earlier one did."""
        done = {cause: reply for cause, reply in unsure.replies.items() if self.replies.get(cause) == ALREADY}
        return Absorbed(
            fresh=self.fresh or unsure.fresh,
            known=self.known,
            dead=self.dead or unsure.dead,
            replies=self.replies | done,
        )


class Batch:
    """The events of one transaction, and the steps they go through."""

    def __init__(self, tx: Tx, desk: Desk, identity: Identity, invoker: Invoker, now: int) -> None:
        self.tx = tx
        self.desk = desk
        self.identity = identity
        self.invoker = invoker
        self.now = now
        self.known: dict[str, Known] = {}
        self.retracted: dict[str, Fact] = {}
        self.settings: dict[int, Settings] = {}
        self.result = Absorbed()

    async def absorb(self, events: Sequence[Event], awaited: frozenset[str]) -> Absorbed:
        """Absorb the events; `awaited` are causes of commands whose reply goes to the caller and is not promised."""
        await self._move(events)
        self.known = {
            event.cause: known
            for event, known in zip(events, await self.identity.resolve(self.tx, events, self.now), strict=True)
            if known
        }
        await self._tell_roles()
        for event in events:
            if event.cause in awaited or (isinstance(event, CommandGiven) and event.cause not in self.known):
                self.result.replies[event.cause] = ALREADY if event.cause in self.known else "refusal.where"
        fresh = await self._record(events)
        self.result.fresh, self.result.known = len(fresh), len(events) - len(fresh)
        await self._raise_watermarks(fresh)
        await self._tell_bulk(fresh)
        await self._tell_each(fresh, awaited)
        await self._bury_unread(events)
        return self.result

    async def _move(self, events: Sequence[Event]) -> None:
        """Apply moved places first, because they change how everything after them is looked up."""
        for event in events:
            if isinstance(event, PlaceMoved) and event.spot:
                await communities.move_place(self.tx, event.spot.platform, event.old, event.spot.id)
                self.identity.forget()

    async def _tell_roles(self) -> None:
        """Tell changed roles before anything else, since the points for an event may depend on roles."""
        news, self.identity.news = self.identity.news, {}
        for community, whose in news.items():
            cause = f"roles:{self.desk.ids.new(self.now)}"
            told = RolesTold(cause=cause, at=self.now, home=community, members=tuple(sorted(whose)))
            await happened(await self._bulk(community), told)

    async def _record(self, events: Sequence[Event]) -> list[Event]:
        """Record the events and return the new ones; the unique cause of each fact decides what is new."""
        plain: list[Fact] = []
        revivable: list[Fact] = []
        undoing: dict[int, list[str]] = {}
        standing = _as_left(events)
        for event in standing:
            known = self.known.get(event.cause)
            if known is None:
                continue
            if undone := event.undoes:
                undoing.setdefault(known.community, []).append(undone)
            elif kind := event.activity:
                home, place, member, target = known
                fact = Fact(home, event.cause, event.at, event.at // DAY, kind, member, place, target, event.amount)
                (revivable if isinstance(event, ReactionAdded) else plain).append(fact)
        new = await activity.record(self.tx, plain) if plain else set()
        if revivable:
            new |= await activity.revive(self.tx, revivable)
        for community, causes in undoing.items():
            for fact in await activity.retract(self.tx, community, sorted(set(causes)), self.now):
                self.retracted[fact.cause] = fact
        return self._once(standing, new)

    def _once(self, events: Sequence[Event], new: set[str]) -> list[Event]:
        """The events that record or undo something new, each once, though a batch may bring one twice."""
        if len(new) == len(events):
            return list(events)
        fresh, taken = [], set(self.retracted)
        for event in events:
            if event.cause in new:
                new.discard(event.cause)
            elif event.undoes in taken:
                taken.discard(event.undoes)
            else:
                continue
            fresh.append(event)
        return fresh

    async def _raise_watermarks(self, fresh: Sequence[Event]) -> None:
        highest: dict[tuple[int, int], tuple[int, int]] = {}
        for event in fresh:
            if isinstance(event, MessagePosted) and event.number is not None:
                community, place, _, _ = self.known[event.cause]
                read = event.number, event.at
                if place is not None and read > highest.get((community, place), (0, 0)):
                    highest[community, place] = read
        if highest:
            rows = [(*key, number, at) for key, (number, at) in sorted(highest.items())]
            await activity.raise_watermarks(self.tx, rows)

    async def _tell_bulk(self, fresh: Sequence[Event]) -> None:
        homes: defaultdict[int, list[Event]] = defaultdict(list)
        for event in fresh:
            homes[self.known[event.cause].community].append(event)
        for community, events in homes.items():
            work = await self._bulk(community)
            for listener, wanted in self._wanted(events):
                self.result.dead += await tell_bulk(work, listener, wanted)

    def _wanted(self, events: Sequence[Event]) -> Iterable[tuple[Listener, Sequence[Event]]]:
        """Each bulk listener once, as declared, with the events of the batch that it listens to."""
        there = set(map(type, events))
        kinds = [kind for kind in self.desk.house.listeners if kind in there]
        heard: dict[str, tuple[Listener, set[type[Event]]]] = {}
        for kind in kinds:
            for listener in self.desk.house.listeners.get(kind, ()):
                if listener.bulk:
                    heard.setdefault(listener.name, (listener, set()))[1].add(kind)
        for listener, its in heard.values():
            yield listener, events if its == there else [event for event in events if type(event) in its]

    async def _bulk(self, community: int) -> BulkWork:
        return BulkWork(
            tx=self.tx,
            desk=self.desk,
            community=community,
            now=self.now,
            settings=await self._configured(community),
            known=self.known,
            retracted=self.retracted,
        )

    async def _configured(self, community: int) -> Settings:
        if community not in self.settings:
            self.settings[community] = await configured(self.tx, community)
        return self.settings[community]

    async def _tell_each(self, fresh: Sequence[Event], awaited: frozenset[str]) -> None:
        listeners = self.desk.house.listeners
        singly = {
            kind: [listener for listener in listeners.get(kind, ()) if not listener.bulk]
            for kind in set(map(type, fresh))
        }
        for event in fresh:
            if isinstance(event, CommandGiven):
                await self._answer(event, owed=event.cause not in awaited)
                continue
            for listener in singly[type(event)]:
                if not listener.hears(event):
                    continue
                known = self.known[event.cause]
                settings = await self._configured(known.community)
                work = await self.invoker.work(self.tx, known, event, self.now, settings)
                self.result.dead += not await tell(work, listener, event)

    async def _answer(self, event: CommandGiven, *, owed: bool) -> None:
        """Run the command; hand its reply to the caller that waits, or promise it in this transaction."""
        invocation, known = event.invocation, self.known[event.cause]
        own = (await self._configured(known.community)).copy()
        work, reply, changed = await self.invoker.run(self.tx, known, invocation, self.now, own)
        if changed:
            self.settings[known.community] = own
        if not owed:
            self.result.replies[event.cause] = reply
            if changed and self._must_be_seen(invocation, reply):
                await self._owe_too(work, known, invocation, reply)
            return
        if _is_strangers(work, known) or (not changed and self._is_aside(invocation, reply, known)):
            self.result.replies[event.cause] = reply
            return
        # After this time the member has calmed down, so "too quick" is no longer said.
        until = self.now + CALM * 1000 if invocation.hasty else None
        effect = replace(await self._effect(work, reply, known, invocation, again=not changed), until=until)
        lane = None
        if isinstance(effect, Post) and not effect.replaces:
            # A member's answers come in order and delay nobody else's.
            lane = f"reply:{known.place}:{work.member.id}"
        await work.promise(effect, lane=lane, urgent=invocation.keeps_order)

    def _is_aside(self, invocation: Invocation, reply: Reply, known: Known) -> bool:
        """Whether a refusal can be shown at the pressed button, so that it need not be posted in the group."""
        room = self.desk.abilities[invocation.author.platform].asides
        bare = not (reply.buttons or reply.image or reply.file or reply.so_far)
        return invocation.pressed and known.place is not None and reply.private and bare and len(reply.plain) <= room

    async def _effect(
        self, work: Work, reply: Reply, known: Known, invocation: Invocation, *, again: bool
    ) -> Post | Tell:
        """The effect that brings the reply to the author of the command."""
        if known.place is None:
            return Tell(member=work.member.id, reply=reply, again=again)
        hidden = reply.private and not self.desk.abilities[invocation.author.platform].private_replies
        if hidden and not reply.so_far and await self._reachable(known, invocation):
            return Tell(member=work.member.id, reply=reply, again=again)
        if hidden and reply.file:  # words may stay for a minute, but members could keep a file
            reply = work.say("refusal.unreachable").but(private=True, tone=Tone.CAREFUL)
        replaces = invocation.message if reply.replaces else None
        return Post(
            place=known.place,
            reply=reply,
            answers=None if replaces else invocation.message,
            replaces=replaces,
            seconds=BRIEFLY if hidden and not reply.so_far else None,
            to=invocation.author.id if reply.private or reply.so_far else None,
            again=again,
        )

    def _must_be_seen(self, invocation: Invocation, reply: Reply) -> bool:
        """Whether everybody should see the answer to this change, and it goes a way on which it may be lost."""
        unseen = reply.private or (reply.replaces and invocation.hidden)
        return self.desk.abilities[invocation.author.platform].answers and not unseen

    async def _owe_too(self, work: Work, known: Known, invocation: Invocation, reply: Reply) -> None:
        """Also promise the answer, in case the direct answer, the first try, does not arrive within this time."""
        if known.place is None:
            return
        replaces = invocation.message if reply.replaces and invocation.pressed else None
        post = Post(place=known.place, reply=reply, replaces=replaces, shown_by=invocation.cause)
        await work.promise(post, once=promises.answering(invocation.cause), after=ANSWERED_WITHIN)

    async def _reachable(self, known: Known, invocation: Invocation) -> bool:
        """Whether we can write to the author in private, the only way here to answer them alone."""
        key = invocation.author.platform, invocation.author.id
        accounts = await members.find_accounts(self.tx, known.community, [key])
        return bool(accounts) and accounts[0].reachable

    async def _bury_unread(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, Unrecognised):
                await bury(self.tx, event, Unreadable(), self.now)
                self.result.dead += 1


def _is_strangers(work: Work, known: Known) -> bool:
    """Whether the command came in private from an author who is not known to be in the community."""
    return known.place is None and (work.access is Access.STRANGER or not work.member.present)


def _as_left(events: Sequence[Event]) -> Sequence[Event]:
    """Drop what a later event in the batch overtook: of a reaction added and removed, only the last state counts."""
    last: dict[str, Event] = {}
    for event in events:
        if isinstance(event, ReactionAdded):
            last[event.cause] = event
        elif isinstance(event, ReactionRemoved):
            last[event.added] = event
    if not last:
        return events
    left = {id(event) for event in last.values()}
    return [event for event in events if id(event) in left or not isinstance(event, ReactionAdded | ReactionRemoved)]


class Unreadable(Exception):
    """This version does not know what the platform sent."""

"""Judges an attempt at a promise: kept, given up or tried again, and what follows from it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.core.clock import Clock
from bot.core.continuing import sent_with
from bot.core.patience import is_enough, is_spent, is_too_late
from bot.kit import Effect, GrantRole, LookFor, OpenThread, Post, Remind, Tell, Withdraw
from bot.kit.effects import RoleChange
from bot.kit.errors import Failed, Later, Moved, Refused, Unknown
from bot.kit.events import EffectGivenUp, EffectRefused, Event, MemberMet, MomentCame, PlaceMoved, Said, ThreadOpened
from bot.kit.platform import Delivery, Platform, Receipt
from bot.kit.references import Spot
from bot.kit.wordless import wordless
from models.members import Account
from models.promises import SILENT, Promise
from models.sent import Sent
from models.spans import HOUR
from models.store import StoreAway

log = structlog.get_logger(__name__)

#: the first wait after a failure; it doubles, but stays short for a promise that fell due just now
BACK_OFF = 2_000
SOON = 12_000
LONGEST_BACK_OFF = HOUR
#: while somebody may still look for the answer, no pause is longer than SOON; later none is longer than half the time
#: waited
LOOKED_FOR = 120_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    promise: Promise
    #: kept, refused, unknown or void; None when it is to be tried again
    outcome: str | None
    error: str | None = None
    #: how long to wait before the next try, and whether this try was a failure
    wait: int = 0
    failed: bool = False
    events: Sequence[Event] = ()
    #: the roles now held or no longer held, in the form that models/roles.py takes
    roles: Sequence[tuple[int, int, int, str, bool]] = ()
    #: what follows once it is kept
    follow: Effect | None = None
    #: what we keep of sent messages, so that members can continue from them
    sent: Sent | None = None
    follow_after: timedelta = timedelta(0)


def void(promise: Promise, why: str) -> Result:
    """There was nothing to perform."""
    return Result(promise=promise, outcome="void", error=why)


class Outcomes:
    def __init__(self, clock: Clock, platforms: Mapping[str, Platform]) -> None:
        self.clock = clock
        self.platforms = platforms

    def reminded(self, promise: Promise, effect: Remind) -> Result:
        came = MomentCame(
            cause=f"moment:{promise.id}",
            at=self.clock.now(),
            home=promise.community_id,
            subject=effect.subject,
        )
        return Result(promise=promise, outcome="kept", events=[came])

    def over(self, promise: Promise, effect: Effect) -> Result | None:
        """The outcome if the process ended in the middle and another attempt would be one too many."""
        if promise.error == SILENT and self._is_over(promise, effect, promise.failures):
            return self._given_up(promise, effect, "unknown", "the process ended while this was performed")
        return None

    def _is_over(self, promise: Promise, effect: Effect, failures: int, *, answered: bool = False) -> bool:
        """Whether another attempt could perform it once too often, or there were enough attempts."""
        if is_enough(type(effect), failures):
            return True
        edited = isinstance(effect, Post) and effect.replaces is not None and promise.error == SILENT
        if effect.idempotent or edited or self.platforms[promise.platform].abilities.keyed:
            return False
        return is_spent(effect, failures, answered=answered)

    def kept(self, promise: Promise, effect: Effect, receipt: Receipt, delivery: Delivery) -> Result:
        if receipt.met and delivery.place:
            place = delivery.place
            where = Spot(place.platform, place.external_id, place.kind, place.name)
            met = MemberMet(cause=f"met:{promise.id}", at=self.clock.now(), who=receipt.met, spot=where)
            return Result(promise=promise, outcome="kept", events=[met])
        sent = self._sent(promise, effect, receipt, delivery.account)
        if isinstance(effect, Post) and effect.seconds and receipt.message:
            return Result(
                promise=promise,
                outcome="kept",
                sent=sent,
                follow=Withdraw(place=effect.place, message=receipt.message),
                follow_after=timedelta(seconds=effect.seconds),
            )
        if isinstance(effect, Post) and effect.reply.subject and receipt.message and receipt.cause:
            said = Said(
                cause=receipt.cause,
                at=self.clock.now(),
                home=promise.community_id,
                subject=effect.reply.subject,
                message=receipt.message,
                place_id=effect.place,
            )
            return Result(promise=promise, outcome="kept", sent=sent, events=[said])
        if isinstance(effect, OpenThread) and receipt.thread:
            thread = receipt.thread
            cause = f"{thread.platform}:thread:{thread.id}"
            there = ThreadOpened(cause=cause, at=self.clock.now(), spot=thread, subject=effect.subject)
            return Result(promise=promise, outcome="kept", events=[there])
        held: list[tuple[int, int, int, str, bool]] = []
        if isinstance(effect, RoleChange):
            held = [(promise.community_id, effect.member, effect.place, effect.role, isinstance(effect, GrantRole))]
        return Result(promise=promise, outcome="kept", sent=sent, roles=held)

    def _sent(self, promise: Promise, effect: Effect, receipt: Receipt, account: Account | None) -> Sent | None:
        """What to keep of a message: any private one, and those that ask an answer or have or had forgeable buttons."""
        match effect:
            case Tell(reply=reply) if account:
                to, private, replaced = account.external_id, True, None
            case Post(reply=reply, to=to, replaces=replaced):
                private = False
            case _:
                return None
        forgeable = (reply.buttons or replaced) and not self.platforms[promise.platform].abilities.proves_presses
        if receipt.cause is None or not (private or forgeable or reply.so_far):
            return None
        return sent_with(
            reply,
            cause=receipt.cause,
            community=promise.community_id,
            platform=promise.platform,
            to=to,
            private=private,
            now=self.clock.now(),
        )

    def failed(self, promise: Promise, effect: Effect, error: Exception) -> Result:
        match error:
            case Later(seconds=seconds):
                return self._put_off(promise, effect, round(seconds * 1000), error)
            case StoreAway():
                return self._put_off(promise, effect, BACK_OFF, error)
            case Moved(old=old, new=new):
                spot = Spot(promise.platform, new, "chat", new)
                cause = f"{promise.platform}:moved:{old}"
                moved = PlaceMoved(cause=cause, at=self.clock.now(), spot=spot, old=old)
                # A platform that redirects us in a circle is followed slowly.
                wait = 0 if promise.attempts == 1 else BACK_OFF
                return Result(promise=promise, outcome=None, wait=wait, error=str(error), events=[moved])
            case Refused(reason="member_gone") if isinstance(effect, LookFor) and effect.others:
                elsewhere = replace(effect, place=effect.others[0], others=effect.others[1:])
                return Result(promise=promise, outcome="kept", follow=elsewhere)
            case Refused(reason=reason, detail=detail):
                event = EffectRefused(
                    cause=f"refused:{promise.id}",
                    at=self.clock.now(),
                    home=promise.community_id,
                    effect=promise.kind,
                    reason=reason,
                    place_id=effect.place_id,
                    member_id=effect.member_id,
                    detail=detail,
                    role=effect.role if isinstance(effect, RoleChange) else "",
                )
                return Result(promise=promise, outcome="refused", error=str(error), events=[event])
        return self._again(promise, effect, error)

    def _put_off(self, promise: Promise, effect: Effect, wait: int, error: Exception) -> Result:
        now = self.clock.now()
        if is_too_late(type(effect), promise.attempts, now - (promise.tried_at or now)):
            return self._given_up(promise, effect, "gave_up", str(error))
        return Result(promise=promise, outcome=None, wait=wait, error=str(error))

    def _again(self, promise: Promise, effect: Effect, error: Exception) -> Result:
        failures, word = promise.failures + 1, wordless(error)
        if not isinstance(error, Unknown | TimeoutError | Failed):
            log.error("promise failed", kind=promise.kind, id=promise.id, attempts=promise.attempts, exc_info=error)
            if is_enough(type(effect), failures):
                return self._given_up(promise, effect, "gave_up", word)
        elif self._is_over(promise, effect, failures, answered=isinstance(error, Failed)):
            return self._given_up(promise, effect, "unknown", word)
        wait = _pause(promise.attempts, self.clock.now() - promise.due_at)
        return Result(promise=promise, outcome=None, wait=wait, failed=True, error=word)

    def _given_up(self, promise: Promise, effect: Effect, reason: str, word: str) -> Result:
        """Tell staff, unless the member who misses it can ask for it again."""
        log.warning("promise given up", kind=promise.kind, id=promise.id, reason=reason, error=word)
        event = EffectGivenUp(
            cause=f"given_up:{promise.id}",
            at=self.clock.now(),
            home=promise.community_id,
            effect=promise.kind,
            reason=reason,
            place_id=effect.place_id,
            member_id=effect.member_id,
        )
        outcome = "unknown" if reason == "unknown" else "refused"
        told = () if effect.again else (event,)
        return Result(promise=promise, outcome=outcome, error=word, events=told)


def _pause(attempts: int, waited: int) -> int:
    """The pause until the next try, with up to a quarter added at random."""
    longest = SOON if waited < LOOKED_FOR else min(waited // 2, LONGEST_BACK_OFF)
    pause: int = min(BACK_OFF * 2 ** min(attempts, 12), longest)
    return pause + secrets.randbelow(pause // 4)

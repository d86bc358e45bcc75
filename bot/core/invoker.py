"""Answers one command: checks access, binds options, runs the handler in a savepoint, puts a refusal into words."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import structlog

from bot.core.continuing import is_proven, is_undecided, own_communities
from bot.kit import Access, Button, Choice, OptionRefused, Refusal, Reply, Tone, Work, join
from bot.kit.access import authorize
from bot.kit.binding import bind, bind_given
from bot.kit.capability import Command
from bot.kit.errors import Miss
from bot.kit.events import Event
from bot.kit.grammar import before, find, parse, quote, siblings
from bot.kit.invocation import Invocation
from bot.kit.references import Raw
from bot.kit.replies import LINE_BYTES
from bot.kit.setting import Settings
from bot.kit.work import Desk, Known, open_work
from models import communities, members
from models.store import StoreBusy, Tx

log = structlog.get_logger(__name__)

#: the command we send strangers to; the community capability declares it
INVITE = "community.invite"
#: the command that chooses the community for private commands; the same capability declares it
CHOOSE = "community"
#: the most suggestions Discord shows
SUGGESTIONS = 25
#: as many as a member takes in at a glance
OFFERS = 6
#: characters of a button that is read at a glance
LABEL = 40
#: characters of the name of a language
LOCALE = 40


class Answered(NamedTuple):
    work: Work
    reply: Reply
    #: whether the command changed something: false if it only looked, or was refused
    changed: bool = False


class Invoker:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def find(self, invocation: Invocation) -> Command | None:
        commands = self.desk.house.commands
        return find(invocation.line, commands) if invocation.line else commands.get(invocation.command)

    async def run(
        self, tx: Tx, known: Known, invocation: Invocation, now: int, settings: Settings | None = None
    ) -> Answered:
        command = self.find(invocation)
        work = await self._work_of(tx, known, invocation, command, now, settings)
        given: Mapping[str, Raw] = {}
        try:
            self._hold_back(invocation, command)
            if _needs_community(command) and await is_undecided(tx, self.desk, invocation):
                return Answered(work, await self._choose(work))
            pressed = await self._is_proven(tx, command, invocation)
            await _authorize(work, self._needs(command, invocation), anonymous=invocation.anonymous)
            command, given = await self._read(work, invocation, command)
            async with tx.savepoint():
                reply: Reply = await command.handler(work, **await bind(work, command, given))
                if not command.reads:
                    await _hear(work, invocation.locale)
                    reply = await _placed(work, command, invocation, reply)
                return Answered(work, reply.but(replaces=reply.replaces and pressed), changed=not command.reads)
        except Refusal as refusal:
            if isinstance(refusal, Miss):
                self.desk.guesses.miss(invocation.author.account)
            return Answered(work, await self.refuse(work, refusal, command, given))
        except StoreBusy:
            raise
        except Exception:
            reference = secrets.token_hex(2).upper()
            log.exception("command failed", command=work.path, cause=invocation.cause, reference=reference)
            return Answered(work, work.say("refusal.broke", reference=reference).but(private=True, tone=Tone.BAD))

    async def _is_proven(self, tx: Tx, command: Command | None, given: Invocation) -> bool:
        """Whether the press counts; a command that needs no community counts in private, whatever its message is."""
        if not given.pressed:
            return False
        if given.spot.root.kind == "dm" and not _needs_community(command):
            return given.about is not None
        return await is_proven(tx, self.desk, given)

    async def _choose(self, work: Work) -> Reply:
        """Ask which community is meant: nothing is done for a community that the author did not mean."""
        reply: Reply = await self.desk.house.commands[CHOOSE].handler(replace(work, path=CHOOSE))
        return reply

    def _hold_back(self, invocation: Invocation, command: Command | None) -> None:
        if invocation.hasty:
            raise Refusal("refusal.hasty", time=timedelta(seconds=invocation.hasty))
        if command and command.guessed:
            self.desk.guesses.check(invocation.author.account)

    async def suggest(self, tx: Tx, known: Known, invocation: Invocation, option: str, now: int) -> Sequence[Choice]:
        """Choices for the option being typed; none for a member who may not give the command."""
        command = self.desk.house.commands.get(invocation.command)
        if command is None or (_needs_community(command) and await is_undecided(tx, self.desk, invocation)):
            return []
        work = await self._work_of(tx, known, invocation, command, now)
        if work.access < command.access or await command.objection(work):
            return []
        return await _suggested(work, command, option, invocation.options, str(invocation.options.get(option, "")))

    async def refuse(self, work: Work, refusal: Refusal, command: Command | None, given: Mapping[str, Raw]) -> Reply:
        """A refusal in one clear sentence; a wrong option is named, with a right example and buttons to choose from."""
        values: dict[str, Any] = dict(refusal.values)
        if path := values.pop("path", None):
            values["example"] = work.words(f"{path}.example")
        reply = work.say(refusal.path, **values).but(private=True, tone=Tone.CAREFUL)
        if not isinstance(refusal, OptionRefused) or command is None:
            return reply
        option = work.say(
            "refusal.option",
            option=option_name(work, command, refusal.option),
            about=work.words(f"{command.path}.options.{refusal.option}.about"),
            why=reply.text,
            example=await _example(work, command, refusal.option, given),
        )
        offers = await _suggested(work, command, refusal.option, given, "") if refusal.so_far else []
        buttons = [_offer(refusal.so_far or "", each) for each in offers[:OFFERS]]
        return reply.but(text=option.text, so_far=refusal.so_far, buttons=tuple(button for button in buttons if button))

    async def work(self, tx: Tx, known: Known, event: Event, now: int, settings: Settings | None = None) -> Work:
        """The unit of work for an event."""
        platform = event.spot.platform if event.spot else ""
        return await self._open(tx, known, now, settings, cause=event.cause, path="", platform=platform)

    async def _work_of(
        self,
        tx: Tx,
        known: Known,
        invocation: Invocation,
        command: Command | None,
        now: int,
        settings: Settings | None = None,
    ) -> Work:
        path, platform = command.path if command else "refusal", invocation.author.platform
        work = await self._open(
            tx, known, now, settings, invocation.locale, cause=invocation.cause, path=path, platform=platform
        )
        access = invocation.standing.here(work.community, in_place=work.place is not None, present=work.member.present)
        return replace(work, access=access, circles=invocation.standing.circles)

    async def _open(
        self,
        tx: Tx,
        known: Known,
        now: int,
        settings: Settings | None,
        locale: str | None = None,
        *,
        cause: str,
        path: str,
        platform: str,
    ) -> Work:
        return await open_work(
            tx,
            self.desk,
            known.community,
            now,
            cause=cause,
            path=path,
            platform=platform,
            actor=await members.member(tx, known.community, known.member) if known.member else None,
            place=await communities.place(tx, known.community, known.place) if known.place else None,
            locale=locale,
            settings=settings,
        )

    def _needs(self, command: Command | None, invocation: Invocation) -> Access:
        """The access for this text; the start of a command without its last word needs the least of those commands."""
        if command:
            return command.access
        group = siblings(invocation.line, self.desk.house.commands) if invocation.line else ()
        return min((each.access for each in group), default=Access.MEMBER)

    async def _read(
        self, work: Work, invocation: Invocation, command: Command | None
    ) -> tuple[Command, Mapping[str, Raw]]:
        """Read the command; if there is none, propose one that its author may give."""
        commands = self.desk.house.commands
        if command and (objection := await command.objection(work)):
            raise objection
        if invocation.line:
            may = [] if command else await permitted(work, commands.values())
            return parse(invocation.line, commands, {each.name: each for each in may})
        if command:
            return command, invocation.options
        raise Refusal("refusal.unknown", command=invocation.command)


async def permitted(work: Work, commands: Iterable[Command]) -> list[Command]:
    """The commands among these that the acting member may give."""
    return [each for each in commands if each.access <= work.access and not await each.objection(work)]


async def _hear(work: Work, locale: str | None) -> None:
    """Keep the language their app tells, so that later messages to them use it."""
    told = locale[:LOCALE] if locale else None
    if told and told != work.member.heard:
        await members.hear(work.tx, work.community, work.member.id, told)


async def _placed(work: Work, command: Command, invocation: Invocation, reply: Reply) -> Reply:
    """In private, say where it was done to an author who is in several communities."""
    if not _needs_community(command) or invocation.spot.root.kind != "dm":
        return reply
    own = await own_communities(work.tx, invocation.author.platform, invocation.author.id)
    if len(own) == 1 or work.community not in own:
        return reply
    return reply.but(text=join([reply.text, work.say("notice.done_in", community=own[work.community]).text]))


def _needs_community(command: Command | None) -> bool:
    """Whether it is about one community; what strangers may ask is about none in particular."""
    return command is None or command.access > Access.STRANGER


async def _authorize(work: Work, needs: Access, *, anonymous: bool) -> None:
    if work.access is Access.STRANGER < needs:
        link = work.named_setting(INVITE)
        raise Refusal("refusal.invited", link=link) if link else Refusal("refusal.access.stranger")
    authorize(work.access, needs, anonymous=anonymous)


async def _suggested(
    work: Work, command: Command, option: str, given: Mapping[str, Raw], typed: str
) -> Sequence[Choice]:
    """Possible values of an option, given the others."""
    declared = next((each for each in command.options if each.name == option), None)
    if declared is None or not (declared.suggest or declared.choices):
        return []
    if declared.suggest is None:
        return [Choice(word, work.choice(declared, word)) for word in declared.choices]
    known = await bind_given(work, command, given)
    return (await declared.suggest(replace(work, given=known), typed))[:SUGGESTIONS]


async def _example(work: Work, command: Command, option: str, given: Mapping[str, Raw]) -> str:
    """A right line: it repeats what was given before, where that decides what is right."""
    declared = next((each for each in command.options if each.name == option), None)
    if declared and declared.example and (line := before(command, declared, given)):
        known = await bind_given(work, command, given)
        if word := await declared.example(replace(work, given=known)):
            return f"{line} {quote(word)}"
    return work.words(f"{command.path}.example")


def _offer(so_far: str, choice: Choice) -> Button | None:
    """A button for it, unless it is longer than a button can carry."""
    line = f"{so_far} {quote(choice.value)}"
    label = choice.label if len(choice.label) <= LABEL else choice.value
    return Button(label, line) if len(line.encode()) <= LINE_BYTES else None


def option_name(work: Work, command: Command, option: str) -> str:
    """The option as this member's platform shows it."""
    found = work.desk.catalogue.option(work.locale, f"{command.path}.options.{option}.name")
    return found or option

"""One command answered: authorised, its options bound, its handler run in a savepoint, any refusal put into words."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import structlog

from bot.access import authorize
from bot.binding import bind, bind_given
from bot.capability import Command
from bot.errors import OptionRefused, Refusal
from bot.events import Event
from bot.invocation import Invocation
from bot.options import Choice
from bot.parsing import find, parse
from bot.replies import Reply, Tone
from bot.work import Desk, Known, Work
from models import communities, members, settings
from models.store import StoreBusy, Tx

log = structlog.get_logger(__name__)

#: the one setting the core itself reads; the community capability declares it
LANGUAGE = "community.language"
#: Discord shows no more
SUGGESTIONS = 25


class Answers:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def find(self, invocation: Invocation) -> Command | None:
        commands = self.desk.house.commands
        return find(invocation.line, commands) if invocation.line else commands.get(invocation.command)

    async def run(self, tx: Tx, known: Known, invocation: Invocation, now: int) -> tuple[Work, Reply]:
        command = self.find(invocation)
        work = await self._work_of(tx, known, invocation, command, now)
        try:
            async with tx.savepoint():
                return work, await self._handle(work, command, invocation)
        except Refusal as refusal:
            return work, self.refuse(work, refusal, command)
        except StoreBusy:
            raise
        except Exception:
            reference = secrets.token_hex(2).upper()
            log.exception("command failed", command=work.path, cause=invocation.cause, reference=reference)
            return work, work.say("refusal.broke", reference=reference).but(private=True, tone=Tone.BAD)

    async def suggest(self, tx: Tx, known: Known, invocation: Invocation, option: str, now: int) -> Sequence[Choice]:
        """Choices for the option being typed; whoever may not run the command is shown none."""
        command = self.desk.house.commands.get(invocation.command)
        declared = next((each for each in command.options if each.name == option), None) if command else None
        if command is None or declared is None or declared.suggest is None or invocation.access < command.access:
            return []
        work = await self._work_of(tx, known, invocation, command, now)
        given = await bind_given(work, command, invocation.options)
        found = await declared.suggest(replace(work, given=given), str(invocation.options.get(option, "")))
        return found[:SUGGESTIONS]

    def refuse(self, work: Work, refusal: Refusal, command: Command | None) -> Reply:
        """One clear sentence, and where an option is wrong, which one and a right example to copy."""
        values: dict[str, Any] = dict(refusal.values)
        so_far = None
        if path := values.pop("path", None):
            values["example"] = work.words(f"{path}.example")
        reply = work.say(refusal.path, **values)
        if isinstance(refusal, OptionRefused) and command:
            option = work.words(f"{command.path}.options.{refusal.option}.about")
            name = option_name(work, command, refusal.option)
            reply = work.say(
                "refusal.option",
                option=name,
                about=option,
                why=reply.text,
                example=work.words(f"{command.path}.example"),
            )
            so_far = refusal.so_far
        return reply.but(private=True, tone=Tone.CAREFUL, so_far=so_far)

    async def work(self, tx: Tx, known: Known, event: Event, now: int) -> Work:
        """The unit of work of something that happened."""
        stored = await settings.get(tx, known.community, LANGUAGE)
        actor = await members.member(tx, known.community, known.member) if known.member else None
        return Work(
            tx=tx,
            desk=self.desk,
            community=known.community,
            now=now,
            cause=event.cause,
            locale=self.desk.catalogue.choose(actor.language if actor else None, stored and stored.strip('"')),
            path="",
            platform=event.spot.platform if event.spot else "",
            actor=actor,
            place=await communities.place(tx, known.community, known.place) if known.place else None,
        )

    async def _work_of(self, tx: Tx, known: Known, invocation: Invocation, command: Command | None, now: int) -> Work:
        stored = await settings.get(tx, known.community, LANGUAGE)
        actor = await members.member(tx, known.community, known.member) if known.member else None
        wanted = (actor.language if actor else None, invocation.locale, stored and stored.strip('"'))
        return Work(
            tx=tx,
            desk=self.desk,
            community=known.community,
            now=now,
            cause=invocation.cause,
            locale=self.desk.catalogue.choose(*wanted),
            path=command.path if command else "refusal",
            platform=invocation.author.platform,
            actor=actor,
            place=await communities.place(tx, known.community, known.place) if known.place else None,
            access=invocation.access,
        )

    async def _handle(self, work: Work, command: Command | None, invocation: Invocation) -> Reply:
        if command:
            authorize(invocation.access, command.access, anonymous=invocation.anonymous)
        given = invocation.options
        if invocation.line:
            command, given = parse(invocation.line, self.desk.house.commands)
        if command is None:
            raise Refusal("refusal.unknown", command=invocation.command)
        return await command.handler(work, **await bind(work, command, given))


def option_name(work: Work, command: Command, option: str) -> str:
    """The option as this member's platform shows it."""
    found = work.desk.catalogue.option(work.locale, f"{command.path}.options.{option}.name")
    return found or option

"""Answers interactions: each once and in time, and any failure is reported in private."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from enum import IntEnum
from typing import Any

import aiohttp
import discord
import structlog
from discord.http import MultipartParameters
from discord.webhook.async_ import AsyncWebhookAdapter

from adapters.discord import forms
from adapters.discord.commands import menus
from adapters.discord.events import Spots, interaction_cause, message_cause, said
from adapters.discord.invocations import custom_id, filled_in, focused, invocation, shown
from adapters.discord.replies import EPHEMERAL, Payload, cut, message, parameters
from adapters.discord.rights import SUGGESTED, Rights
from adapters.discord.uploads import fetched
from bot.core.core import Core
from bot.kit import Access, Choice, Reply, Tone
from bot.kit.access import standing_in
from bot.kit.capability import Command
from bot.kit.events import Event
from bot.kit.invocation import Invocation
from bot.kit.options import Kind
from bot.kit.references import Message, Raw
from bot.kit.wordless import wordless

log = structlog.get_logger(__name__)

#: Discord waits three seconds for a first response; this leaves as much for the way there
PROMISE_AFTER = 1.5
SUGGEST_WITHIN = 2.0
#: after so many seconds it takes none
FIRST_WITHIN = 3.0
SHOWN = 100
WORDLESS = Reply()


class First(IntEnum):
    """The ways to respond first to an interaction."""

    REPLY = 4
    PROMISED_REPLY = 5
    PROMISED_UPDATE = 6
    UPDATE = 7
    SUGGESTIONS = 8
    FORM = 9


class Answer:
    """The answer to one interaction: exactly one first response, and what follows from it."""

    def __init__(
        self, asked: discord.Interaction[Any], adapter: AsyncWebhookAdapter, session: aiohttp.ClientSession
    ) -> None:
        self.asked = asked
        self._adapter = adapter
        self._session = session
        self._promised: First | None = None
        self._hidden = False
        self._until = asyncio.get_running_loop().time() + FIRST_WITHIN
        #: the core was asked, so something may have changed
        self.acted = False

    async def defer(self, *, hidden: bool) -> None:
        """Promise an answer: for a button's message show nothing yet; elsewhere also decide whether it is private."""
        if self.asked.message:
            await self._first(First.PROMISED_UPDATE, None)
            self._promised = First.PROMISED_UPDATE
            return
        await self._first(First.PROMISED_REPLY, {"flags": EPHEMERAL} if hidden else {})
        self._promised, self._hidden = First.PROMISED_REPLY, hidden

    async def say(self, reply: Reply) -> str | None:
        """Say the reply, and return its message id if Discord tells it."""
        payload = message(reply)
        updates = reply.replaces and self.asked.message is not None
        if self._promised is None:
            kind = First.UPDATE if updates else First.REPLY
            return await self._first(kind, payload if updates else payload | _flags(reply), reply)
        if updates if self._promised is First.PROMISED_UPDATE else self._hidden is reply.private:
            return await self._edit(payload, reply)
        if self._promised is First.PROMISED_REPLY:
            await self._withdraw()
        return await self._follow_up(payload | _flags(reply), reply)

    async def show(self, form: Payload) -> None:
        await self._first(First.FORM, form)

    async def suggest(self, choices: list[Payload]) -> None:
        await self._first(First.SUGGESTIONS, {"choices": choices})

    async def _first(self, kind: First, data: Payload | None, reply: Reply = WORDLESS) -> str | None:
        body: Payload = {"type": kind.value} | ({} if data is None else {"data": data})
        async with asyncio.timeout_at(self._until):
            done = await self._adapter.create_interaction_response(
                self.asked.id, self.asked.token, session=self._session, params=_parameters(body, reply)
            )
        shown = done["interaction"].get("response_message_id")
        return str(shown) if shown else None

    async def _edit(self, payload: Payload, reply: Reply) -> str | None:
        message = await self._adapter.edit_original_interaction_response(
            self.asked.application_id, self.asked.token, session=self._session, **_parameters(payload, reply)._asdict()
        )
        return str(message["id"])

    async def _follow_up(self, payload: Payload, reply: Reply) -> str | None:
        message = await self._adapter.execute_webhook(
            self.asked.application_id,
            self.asked.token,
            session=self._session,
            wait=True,
            **_parameters(payload, reply)._asdict(),
        )
        return str(message["id"]) if message else None

    async def _withdraw(self) -> None:
        await self._adapter.delete_original_interaction_response(
            self.asked.application_id, self.asked.token, session=self._session
        )


class Interactions:
    """Takes interactions, each in a task of its own, and leaves none without an answer."""

    def __init__(self, core: Core, spots: Spots, tell: Callable[[Event], None]) -> None:
        self._core = core
        self._spots = spots
        self._menus = menus(core.house, core.catalogue)
        #: hands public answers to the core, like all other events that are heard
        self._tell = tell
        self._rights = Rights()
        self._adapter = AsyncWebhookAdapter()  # type: ignore[no-untyped-call]  # discord.py types all of it but this
        self._session: aiohttp.ClientSession | None = None
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._closed = False

    def take(self, asked: discord.Interaction[Any]) -> None:
        if self._closed:
            return
        task = asyncio.create_task(self._answer(asked), name=f"interaction {asked.id}")
        self._tasks[task] = interaction_cause(asked.id)
        task.add_done_callback(self._tasks.pop)

    def gives(self, cause: str) -> bool:
        """Whether the answer to this command is still on its way."""
        return cause in self._tasks.values()

    async def finish(self, seconds: float) -> None:
        self._closed = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        if self._session:
            await self._session.close()
            self._session = None

    async def _answer(self, asked: discord.Interaction[Any]) -> None:
        self._session = self._session or aiohttp.ClientSession()
        answer = Answer(asked, self._adapter, self._session)
        try:
            if asked.type is discord.InteractionType.autocomplete:
                await answer.suggest(await self._suggestions(asked))
            else:
                await self._run(asked, answer)
        except Exception:
            reference = secrets.token_hex(2).upper()
            log.exception("interaction failed", interaction=asked.id, kind=str(asked.type), reference=reference)
            await self._apologise(asked, answer, reference)

    async def _run(self, asked: discord.Interaction[Any], answer: Answer) -> None:
        given = await self._seated(asked, self._core.paced(invocation(asked, self._spots, self._menus)))
        command = self._core.find(given)
        if command and not given.hasty and (form := self._form(asked, command, given)):
            if given.standing.community is not None:
                form = forms.marked(form)
                cause = _form_cause(asked, form["custom_id"])
                await self._core.keep_said(cause, given.author, given.standing.community, WORDLESS)
            await answer.show(form)
            return
        if asked.type is discord.InteractionType.modal_submit and not await self._is_known(given):
            await answer.say(self._core.aside(given, "refusal.outdated"))
            return
        if command and asked.type is discord.InteractionType.modal_submit:
            given = self._submitted(asked, command, given)
        answer.acted = True
        asking = asyncio.create_task(self._ask(asked, command, given))
        if not (await asyncio.wait({asking}, timeout=PROMISE_AFTER))[0]:
            await self._promise(answer, command)
        reply = await asking
        message = await answer.say(reply)
        now = self._core.clock.now()
        if not reply.private and not (command and command.reads):
            self._tell(shown(asked, given.spot, now))
        if message and reply.subject and not reply.private:
            self._tell(said(message, reply.subject, given.spot, now))
        if message and given.standing.community is not None and not given.hasty:
            await self._core.keep_said(message_cause(message), given.author, given.standing.community, reply)

    async def _seated(self, asked: discord.Interaction[Any], given: Invocation, *, fresh: float = 0) -> Invocation:
        """In private: decide which community it is about, and ask for the member's rights in its servers.

        For a member who is too quick nothing is asked, so nothing is known.
        """
        if asked.type is discord.InteractionType.modal_submit and not asked.guild_id:
            given = replace(given, about=_form_cause(asked, custom_id(asked)))
        if asked.guild_id or (seat := await self._core.seat(given)) is None:
            return given
        chats = () if given.hasty else seat.chats
        told = [await self._rights.of(asked.client, int(guild), asked.user.id, fresh) for guild in chats]
        return replace(given, standing=standing_in(seat.community, told))

    async def _is_known(self, given: Invocation) -> bool:
        """Whether we know for which community a form was shown in private."""
        return given.spot.root.kind != "dm" or (given.about is not None and await self._core.was_said(given.about))

    async def _ask(self, asked: discord.Interaction[Any], command: Command | None, given: Invocation) -> Reply:
        """Ask the core; files are fetched only for members who may give the command."""
        if command and given.access >= command.access:
            given = replace(given, options=await fetched(asked.client.http, command, given.options))
        return await self._core.invoke(given)

    async def _promise(self, answer: Answer, command: Command | None) -> None:
        """Promise an answer; the reply is not known yet, so guess whether it is private; `say` repairs a bad guess."""
        hidden = command is None or command.reads or command.access > Access.MEMBER
        try:
            await answer.defer(hidden=hidden)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.warning("promise of an answer failed", interaction=answer.asked.id, error=wordless(error))

    def _form(self, asked: discord.Interaction[Any], command: Command, given: Invocation) -> Payload | None:
        """The form, if one is needed: not for members without the right, nor for a command on a message."""
        pointed = any(isinstance(value, Message) for value in given.options.values())
        if given.access < command.access or pointed or asked.type is discord.InteractionType.modal_submit:
            return None
        known = forms.started(command, asked_line(given)) if given.line else given.options
        if known is None or not forms.asks(command, known):
            return None
        language = self._core.catalogue.choose(given.locale)
        return forms.form(command, known, self._core.catalogue, language)

    def _submitted(self, asked: discord.Interaction[Any], command: Command, given: Invocation) -> Invocation:
        options: dict[str, Raw] = {**(forms.started(command, asked_line(given)) or {}), **filled_in(asked)}
        places = {option.name for option in command.options if option.kind is Kind.PLACE}
        for name in places & options.keys():
            if asked.guild and str(options[name]).isdigit():
                options[name] = self._spots.within(asked.guild, int(str(options[name])))
        return replace(given, command=command.name, options=options, line=None)

    async def _suggestions(self, asked: discord.Interaction[Any]) -> list[Payload]:
        """The suggestions; none if they take too long or fail: the member just types on."""
        given = self._core.paced(invocation(asked, self._spots, self._menus), suggesting=True)
        given, name = await self._seated(asked, given, fresh=SUGGESTED), focused(asked)
        command = self._core.find(given)
        whole = command is not None and any(
            option.name == name and option.kind is Kind.WHOLE for option in command.options
        )
        try:
            async with asyncio.timeout(SUGGEST_WITHIN):
                found = await self._core.suggest(given, name)
        except Exception:
            log.exception("suggestions failed", command=given.command, option=name)
            return []
        return [_choice(choice, whole=whole) for choice in found if 0 < len(choice.value) <= SHOWN]

    async def _apologise(self, asked: discord.Interaction[Any], answer: Answer, reference: str) -> None:
        catalogue = self._core.catalogue
        path = "refusal.unshown" if answer.acted else "refusal.broke"
        words = catalogue.rich(catalogue.choose(str(asked.locale)), path, {"reference": reference})
        try:
            if asked.type is not discord.InteractionType.autocomplete:
                await answer.say(Reply(text=words, private=True, tone=Tone.BAD))
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.warning("interaction stays unanswered", interaction=asked.id, error=wordless(error))


def _form_cause(asked: discord.Interaction[Any], custom_id: str) -> str:
    """The name of a form in private, which links the answer to the community that the form was shown for."""
    return f"discord:form:{asked.user.id}:{custom_id}"


def asked_line(given: Invocation) -> str:
    return "".join(piece for piece in given.line.pieces if isinstance(piece, str)) if given.line else ""


def _choice(choice: Choice, *, whole: bool) -> Payload:
    return {"name": cut(choice.label or choice.value, SHOWN), "value": int(choice.value) if whole else choice.value}


def _parameters(payload: Payload, reply: Reply) -> MultipartParameters:
    return parameters(payload, reply.picture, reply.document)


def _flags(reply: Reply) -> Payload:
    return {"flags": EPHEMERAL} if reply.private else {}

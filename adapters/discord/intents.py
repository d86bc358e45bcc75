"""Decides which events to ask for: privileged intents only if the operator wants them and Discord allows them."""

from typing import Final, NamedTuple

import discord
import structlog

from adapters.discord.config import Section

log = structlog.get_logger(__name__)

PORTAL = "https://discord.com/developers/applications, your application, Bot"
PLAIN: Final = discord.Intents(
    guilds=True, guild_messages=True, dm_messages=True, guild_reactions=True, voice_states=True
)


class Privilege(NamedTuple):
    """An intent that Discord may grant to an application."""

    #: its names in our configuration and in discord.py
    key: str
    #: the application flags that show it is granted
    flags: tuple[str, str]
    granted: str
    #: what is lost without it, and what replaces it
    lost: str
    mend: str


MEMBERS = Privilege(
    key="members",
    flags=("gateway_guild_members", "gateway_guild_members_limited"),
    granted="who joins and who leaves is told",
    lost=(
        "Discord does not tell who joins and who leaves. Members are known by what they do and by the server's welcome "
        "messages; those who left are found when they are named in a command, when a role cannot be given, before a "
        "raffle or contest pays, and by looking for 50 silent members a night. Until then boards still show them"
    ),
    mend=(
        f"Discord withholds members from us. Open {PORTAL}, Privileged Gateway Intents, switch on SERVER MEMBERS "
        'INTENT and save, or set discord.members to "auto"; then start Hearth again.'
    ),
)
WORDS = Privilege(
    key="message_content",
    flags=("gateway_message_content", "gateway_message_content_limited"),
    granted="the words of messages are shown",
    lost=(
        "Discord does not show the words of messages, but of those that mention Hearth or answer it. Thanks and "
        "answers in ordinary messages are not noticed, forum posts become questions by their title alone, and the "
        "shortest message and repetitions do not count; commands, forms, buttons and message menus do all of it"
    ),
    mend=(
        f"Discord withholds the words of messages from us. Open {PORTAL}, Privileged Gateway Intents, switch on "
        'MESSAGE CONTENT INTENT and save, or set discord.message_content to "auto" or false; then start Hearth again.'
    ),
)


class Withheld(Exception):
    """Discord does not grant an intent that the configuration demands."""


class Narrowed(Exception):
    """From now on we ask for less, which takes a new client."""


class Intents:
    """The intents asked for now; one that was refused is not asked for again by this process."""

    def __init__(self, config: Section) -> None:
        self._wish = {MEMBERS: config.members, WORDS: config.message_content}
        self._refused: set[Privilege] = set()

    @property
    def asked(self) -> list[Privilege]:
        return [each for each, wish in self._wish.items() if wish and each not in self._refused]

    def has(self, privilege: Privilege) -> bool:
        return privilege in self.asked

    @property
    def value(self) -> discord.Intents:
        return PLAIN | discord.Intents(**{each.key: True for each in self.asked})

    def judge(self, flags: discord.ApplicationFlags) -> None:
        """Check the application's flags, which tell what it may have, before Discord closes the connection over it."""
        if missing := [each for each in self.asked if not granted(each, flags)]:
            self._refuse(missing)

    def refused(self) -> None:
        """Discord closed the connection without naming an intent: give up first those we can do without."""
        self._refuse([each for each in self.asked if self._wish[each] == "auto"] or self.asked)

    def findings(self, flags: discord.ApplicationFlags) -> list[tuple[bool, str]]:
        """For each intent: that we have it, what we miss, or how to get what the configuration demands."""
        return [self._finding(each, wish, has=granted(each, flags)) for each, wish in self._wish.items()]

    def _refuse(self, privileges: list[Privilege]) -> None:
        if needed := [each for each in privileges if self._wish[each] is True]:
            raise Withheld(" ".join(each.mend for each in needed))
        for each in privileges:
            log.warning("intent withheld", intent=each.key, lost=each.lost)
        self._refused.update(privileges)
        raise Narrowed

    def _finding(self, privilege: Privilege, wish: object, *, has: bool) -> tuple[bool, str]:
        if wish and has:
            return True, privilege.granted
        if wish is True:
            return False, privilege.mend
        return True, f"{privilege.lost} (discord.{privilege.key} = {'false' if wish is False else wish})"


def granted(privilege: Privilege, flags: discord.ApplicationFlags) -> bool:
    return any(getattr(flags, each) for each in privilege.flags)

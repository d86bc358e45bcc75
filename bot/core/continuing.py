"""Finds the message of ours that a press or an answer continues: by its name, never by the text it shows."""

from bot.kit import Refusal, Reply
from bot.kit.invocation import Invocation
from bot.kit.typed import told_apart
from bot.kit.work import Desk
from models import choices, communities, members, sent
from models.sent import Sent
from models.spans import DAY
from models.store import Tx

#: characters of a community's name on a button: short, so that its number fits too
NAME = 36
#: how long an answer can complete the command line it was asked for
ASKED = DAY


async def message_of(tx: Tx, desk: Desk, cause: str) -> Sent | None:
    """The message of this name, also if we just sent it and write it down in a moment."""
    return desk.sending.get(cause) or await sent.find(tx, cause)


async def is_undecided(tx: Tx, desk: Desk, given: Invocation) -> bool:
    """Whether the command is private, and nothing tells which of its author's communities it is about.

    A member who left the community they had chosen did not choose another, even if only one is left.
    """
    if given.spot.root.kind != "dm":
        return False
    message = await message_of(tx, desk, given.about) if given.about else None
    if message and message.private:
        return False
    own = await members.communities_of(tx, given.author.platform, given.author.id)
    chosen = await choices.chosen(tx, given.author.platform, given.author.id)
    return bool(own) and chosen not in own and (chosen is not None or len(own) > 1)


async def own_communities(tx: Tx, platform: str, account: str) -> dict[int, str]:
    """The communities an account is a member of, oldest first, each with a name that tells it from the others."""
    own = await members.communities_of(tx, platform, account)
    names = {each.id: each.name[:NAME] for each in await communities.communities(tx)}
    return dict(zip(own, told_apart([names[each] for each in own]), strict=True))


def continued(message: Sent | None, by: str, now: int) -> str | None:
    """The command line that this answer completes, if the message asked this account and the time is not over."""
    if message is None or message.to_id != by or now > (message.until_at or 0):
        return None
    return message.line


def sent_with(
    reply: Reply, *, cause: str, community: int, platform: str, to: str | None, private: bool, now: int
) -> Sent:
    """What we keep about a message of ours, so that somebody can continue from it."""
    return Sent(
        cause=cause,
        community_id=community,
        platform=platform,
        to_id=to,
        private=private,
        line=reply.so_far,
        until_at=now + ASKED if reply.so_far else None,
        presses=tuple(button.line for button in reply.buttons),
        at=now,
    )


async def is_proven(tx: Tx, desk: Desk, pressed: Invocation) -> bool:
    """Whether we put this line on that message for this account; a press we do not know counts as a typed line.

    In private an unknown press is refused, since nobody can tell which community the message was for.
    """
    message = await message_of(tx, desk, pressed.about) if pressed.about else None
    if message is None and pressed.spot.root.kind == "dm":
        raise Refusal("refusal.outdated")
    if desk.abilities[pressed.author.platform].proves_presses:
        return True
    if message is None:
        return False
    if message.to_id not in (None, pressed.author.id):
        raise Refusal("refusal.not_yours")
    if pressed.line is None or "".join(map(str, pressed.line.pieces)) not in message.presses:
        raise Refusal("refusal.outdated")
    return True

"""Why a member holds a role or not yet: the reasons, the last attempt, and what would fix it."""

from collections.abc import Sequence

from bot.community.rewards import acts, rewards
from bot.community.rewards.rules import State, mend_of, state_of
from bot.kit import Access, Block, Refusal, Reply, Rich, Work, join
from bot.kit.calendar import moment
from models import roles
from models.members import Member
from models.roles import Reason, RoleChange


@rewards.command("why", reads=True, varies=True)
async def why(work: Work, member: Member | None = None) -> Reply:
    """A member asks about their own roles; staff may ask about anybody's."""
    who = member or work.member
    if who.id != work.member.id and work.access < Access.STAFF:
        raise Refusal("why.not_yours")
    reasons = await roles.reasons_of(work.tx, work.community, [who.id])
    changes = {each.role_id: each for each in await roles.changes_of(work.tx, work.community, [who.id])}
    told = (await roles.roles_of(work.tx, work.community, [who.id])).get(who.id, frozenset())
    blocks = []
    names = {each.role_id: each.name for each in changes.values()} | {each.role_id: each.name for each in reasons}
    for role, name in names.items():
        because = [each for each in reasons if each.role_id == role]
        state = state_of(changes.get(role), held=role in told)
        if because or state is not State.MISSING:
            blocks.append(Block(work.say("role", role=name).text, _about(work, because, state, changes.get(role))))
    if not blocks:
        return work.say("nothing", member=who).but(private=True)
    return Reply(title=work.say("title", member=who).text, blocks=tuple(blocks), private=True)


def _about(work: Work, reasons: Sequence[Reason], state: State, change: RoleChange | None) -> Rich:
    lines = [_reason(work, each) for each in reasons] or [work.say("why.no_reason").text]
    lines.append(work.say(f"why.state.{state.value}").text)
    if state is State.REFUSED and change and (mend := mend_of(change)):
        lines.append(work.say(f"mend.{mend}").text)
    return join(lines)


def _reason(work: Work, reason: Reason) -> Rich:
    words = acts.reason_words(work, reason)
    if reason.until is None:
        return work.say("why.because", reason=words).text
    return work.say("why.because_until", reason=words, until=moment(reason.until)).text

"""Roles as rewards: a member keeps a role while any reason remains, so one that ends takes nothing from another."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.community.endings import acts as endings_acts
from bot.community.endings.acts import Ending
from bot.kit import GrantRole, Refusal, Remind, TakeRole, Tell, Work
from bot.kit.references import Role
from models import communities, members, roles, stays
from models.roles import Reason, Reward, RoleChange

#: the reason of a role that a member held before we had one: we do not take what we did not give
MANUAL = "manual"
#: the subject of our reminders
ENDS = "roles"
#: how many end in one transaction
PAGE = 100
#: a member and a role
Key = tuple[int, str]


async def reward(work: Work, role: Role) -> Reward:
    """A role in the guild where an administrator named it; refused if it can never be given."""
    named = await of_guild(work, role)
    if role.unfit:
        raise Refusal(f"mend.{role.unfit}")
    return named


async def of_guild(work: Work, role: Role) -> Reward:
    """A role with the guild where it was named, even if we cannot give it."""
    if work.place is None or not work.desk.abilities[work.platform].roles:
        raise Refusal("refusal.no_roles")
    place = work.place
    while place.parent_id and (above := await communities.place(work.tx, work.community, place.parent_id)):
        place = above
    return Reward(place.id, role.id, role.name)


def why(
    work: Work, member_id: int, reward: Reward, reason: str, subject: object = "", until: int | None = None
) -> Reason:
    """A reason that begins now; its words are in the catalogues under `role_reason`."""
    return Reason(
        community_id=work.community,
        member_id=member_id,
        place_id=reward.place_id,
        role_id=reward.role_id,
        name=reward.name,
        reason=reason,
        subject=str(subject),
        at=work.now,
        until=until,
    )


async def change(work: Work, holds: Sequence[Reason], drops: Sequence[Reason]) -> int:
    """Add and drop reasons of many members at once; return how many roles are given or taken."""
    whose = list(dict.fromkeys(each.member_id for each in (*holds, *drops)))
    before = _by_role(await roles.reasons_of(work.tx, work.community, whose))
    told = await roles.roles_of(work.tx, work.community, whose)
    held = [each for each in holds if each.role_id in told.get(each.member_id, ())]
    by_hand = [each for each in held if (each.member_id, each.role_id) not in before]
    manual = [why(work, each.member_id, Reward(each.place_id, each.role_id, each.name), MANUAL) for each in by_hand]
    await roles.add_reasons(work.tx, [*manual, *holds])
    await roles.drop_reasons(work.tx, drops)
    for until in sorted({each.until for each in holds if each.until is not None}):
        wait = timedelta(milliseconds=max(until - work.now, 0))
        await work.promise(Remind(subject=ENDS), after=wait, once=f"{ENDS}:{until}")
    after = _by_role(await roles.reasons_of(work.tx, work.community, whose))
    gained = [after[key][0] for key in after if key not in before and key[1] not in told.get(key[0], ())]
    lost = [before[key][0] for key in before if key not in after]
    await settle(work, gained, wanted=True)
    await settle(work, lost, wanted=False)
    return len(gained) + len(lost)


async def settle(work: Work, whose: Sequence[Reason | RoleChange], *, wanted: bool) -> None:
    """Owe that members hold these roles, or do not, with a reason for the guild's audit log. Skip members who left."""
    kind = GrantRole if wanted else TakeRole
    here = await stays.present(work.tx, work.community, [each.member_id for each in whose])
    made = []
    for each in (each for each in whose if each.member_id in here):
        said = reason_words(work, each) if isinstance(each, Reason) else ""
        effect = kind(place=each.place_id, member=each.member_id, role=each.role_id, name=each.name, why=said)
        made.append(
            RoleChange(
                community_id=work.community,
                member_id=each.member_id,
                role_id=each.role_id,
                place_id=each.place_id,
                name=each.name,
                wanted=wanted,
                promise_id=await work.promise(effect) or 0,
                at=work.now,
            )
        )
    await roles.note_changes(work.tx, made)


async def heal(work: Work, member_ids: Sequence[int]) -> int:
    """Owe again each role that a member should hold and, as far as their platform told, does not; return how many."""
    reasons = _by_role(await roles.reasons_of(work.tx, work.community, member_ids))
    told = await roles.roles_of(work.tx, work.community, member_ids)
    changes = await roles.changes_of(work.tx, work.community, member_ids)
    pending = {(each.member_id, each.role_id) for each in changes if each.pending}
    missing = [why[0] for key, why in reasons.items() if key[1] not in told.get(key[0], ()) and key not in pending]
    await settle(work, missing, wanted=True)
    return len(missing)


async def end_due(work: Work) -> None:
    """End a page of the roles whose time is over, and promise the next page."""
    due = await roles.due(work.tx, work.community, work.now)
    if await endings_acts.may(work, Ending.ROLES, due):
        await end(work, await roles.ended(work.tx, work.community, work.now, PAGE))
        if due.due > PAGE:
            await work.promise(Remind(subject=ENDS), once=f"{ENDS}:after:{work.cause}")


async def end(work: Work, reasons: Sequence[Reason]) -> None:
    """End these reasons, and tell each member who loses a role."""
    await change(work, [], reasons)
    left = _by_role(await roles.reasons_of(work.tx, work.community, [each.member_id for each in reasons]))
    for reason in reasons:
        if (reason.member_id, reason.role_id) not in left:
            member = await members.member(work.tx, work.community, reason.member_id)
            words = work.speaking(member.speaks if member else None)
            told = words.say("rewards.ended", role=reason.name, reason=reason_words(words, reason))
            await work.promise(Tell(member=reason.member_id, reply=told, repeats=False))


def reason_words(work: Work, reason: Reason) -> str:
    return work.words(f"role_reason.{reason.reason}", subject=reason.subject)


def _by_role(reasons: Iterable[Reason]) -> dict[Key, list[Reason]]:
    found: defaultdict[Key, list[Reason]] = defaultdict(list)
    for each in reasons:
        found[each.member_id, each.role_id].append(each)
    return found

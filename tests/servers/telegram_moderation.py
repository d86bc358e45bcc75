"""The methods for the members of a group: their status, their permissions, and their removal."""

from dataclasses import replace

from .telegram_account import Account, Methods, refuse
from .telegram_chats import Group
from .telegram_members import PERMISSIONS, RIGHTS, Membership
from .telegram_people import Person
from .telegram_updates import Json

SOONEST, LATEST = 30, 366 * 24 * 3600
METHODS = Methods()


@METHODS.answers("getChatMember")
def get_chat_member(account: Account, asked: Json) -> Json:
    group, person = account.group(asked), account.person(asked)
    return group.membership(person).wire(person.wire())


@METHODS.answers("getChatAdministrators")
def get_chat_administrators(account: Account, asked: Json) -> list[Json]:
    group = account.group(asked)
    return [group.membership(one).wire(one.wire()) for one in group.people if group.membership(one).is_staff]


@METHODS.answers("getChatMemberCount")
def get_chat_member_count(account: Account, asked: Json) -> int:
    return len(account.group(asked).people)


def _restrictable(account: Account, asked: Json) -> tuple[Group, Person]:
    group = account.group(asked, "can_restrict_members", "restrict/unrestrict chat member")
    person = account.person(asked)
    if group.membership(person).status == "creator":
        raise refuse("can't remove chat owner")
    if group.membership(person).is_staff:
        raise refuse("user is an administrator of the chat")
    return group, person


@METHODS.answers("banChatMember")
def ban_chat_member(account: Account, asked: Json) -> bool:
    group, person = _restrictable(account, asked)
    _remove(account, group, person, Membership(status="kicked", until_date=_until(account, asked)))
    for message in group.messages if asked.get("revoke_messages") else ():
        message.is_deleted = message.is_deleted or message.sender is person
    return True


def _until(account: Account, asked: Json) -> int:
    """An end that is too soon or too late means never."""
    until: int = asked.get("until_date", 0)
    return until if SOONEST <= until - account.world.now() <= LATEST else 0


@METHODS.answers("unbanChatMember")
def unban_chat_member(account: Account, asked: Json) -> bool:
    """Without only_if_banned a present member is removed, and may come back."""
    group, person = _restrictable(account, asked)
    if group.membership(person).status == "kicked" or not asked.get("only_if_banned"):
        _remove(account, group, person, Membership())
    return True


def _remove(account: Account, group: Group, person: Person, to: Membership) -> None:
    was_inside, bot = group.holds(person), account.world.bot
    group.change(person, to, by=bot)
    if was_inside:
        left = {"left_chat_member": person.wire()}
        account.world.tell("message", account.world.post(group, bot, service=left))


@METHODS.answers("restrictChatMember")
def restrict_chat_member(account: Account, asked: Json) -> bool:
    group, person = _restrictable(account, asked)
    granted = asked.get("permissions", {})
    denied = frozenset(one for one in PERMISSIONS if not granted.get(one))
    now = replace(group.membership(person), denied=denied, until_date=_until(account, asked))
    group.change(person, replace(now, status="restricted" if denied else "member"), by=account.world.bot)
    return True


@METHODS.answers("promoteChatMember")
def promote_chat_member(account: Account, asked: Json) -> bool:
    """Without a single right the member becomes an ordinary one."""
    group = account.group(asked, "can_promote_members", "promote/demote chat member")
    person, before = account.person(asked), group.membership(account.person(asked))
    if before.status == "creator":
        raise refuse("can't remove chat owner")
    if not before.is_inside:
        raise refuse("USER_NOT_PARTICIPANT")
    if before.is_staff and not before.is_ours:
        raise refuse("CHAT_ADMIN_REQUIRED")
    granted = {right for right in RIGHTS if asked.get(right)}
    if any(not group.membership(account.world.bot).may(right) for right in granted):
        raise refuse("RIGHT_FORBIDDEN")
    group.change(person, _promoted(granted, hidden=asked.get("is_anonymous", False)), by=account.world.bot)
    return True


def _promoted(granted: set[str], *, hidden: bool) -> Membership:
    if not granted and not hidden:
        return Membership(status="member")
    lacking = frozenset(RIGHTS) - granted - {"can_manage_chat"}
    return Membership(status="administrator", denied=lacking, is_anonymous=hidden, is_ours=True)


@METHODS.answers("setChatAdministratorCustomTitle")
def set_chat_administrator_custom_title(account: Account, asked: Json) -> bool:
    group = account.group(asked, "can_promote_members", "change custom title of the user")
    person, title = account.person(asked), asked["custom_title"]
    if not group.membership(person).is_staff:
        raise refuse("user is not an administrator")
    if not group.membership(person).is_ours:
        raise refuse("not enough rights to change custom title of the user")
    if len(title) > 16:
        raise refuse("ADMIN_RANK_INVALID")
    group.change(person, replace(group.membership(person), custom_title=title), by=account.world.bot)
    return True


@METHODS.answers("setChatMemberTag")
def set_chat_member_tag(account: Account, asked: Json) -> bool:
    group = account.group(asked, "can_manage_tags", "manage member tags")
    person, tag = account.person(asked), asked.get("tag", "")
    if group.membership(person).status not in ("member", "restricted"):
        raise refuse("user isn't a regular member of the chat")
    if len(tag) > 16 or any(ord(character) > 0x2FFF and not character.isalnum() for character in tag):
        raise refuse("TAG_INVALID")
    group.change(person, replace(group.membership(person), tag=tag), by=account.world.bot)
    return True

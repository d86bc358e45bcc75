"""The methods about chats and their members; those about messages are in telegram_methods."""

from dataclasses import replace

from .telegram_account import Account, Methods, refuse
from .telegram_members import PERMISSIONS, InviteLink, Membership
from .telegram_messages import TOPIC_COLOR
from .telegram_updates import Json
from .telegram_world import Group, Person

METHODS = Methods()


@METHODS.answers("getChat")
def get_chat(account: Account, asked: Json) -> Json:
    chat = account.chat(asked)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    full = {"accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
    if isinstance(chat, Group):
        chat.refuse_bot()
        full["permissions"] = dict.fromkeys(PERMISSIONS, True)
    return {**chat.wire(), **full}


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
    _remove(account, group, person, Membership(status="kicked", until_date=asked.get("until_date", 0)))
    return True


@METHODS.answers("unbanChatMember")
def unban_chat_member(account: Account, asked: Json) -> bool:
    """Without only_if_banned a member inside is removed, and may come back."""
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
    now = replace(group.membership(person), denied=denied, until_date=asked.get("until_date", 0))
    group.change(person, replace(now, status="restricted" if denied else "member"), by=account.world.bot)
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


@METHODS.answers("createChatInviteLink")
def create_chat_invite_link(account: Account, asked: Json) -> Json:
    group = account.group(asked, "can_invite_users", "manage chat invite link")
    if asked.get("creates_join_request") and asked.get("member_limit"):
        raise refuse("member limit can't be specified for links requiring administrator approval")
    if len(asked.get("name", "")) > 32:
        raise refuse("invite link name is too long")
    link = InviteLink(
        url=f"https://t.me/+{-group.id:x}{len(group.links):04}",
        name=asked.get("name"),
        creates_join_request=asked.get("creates_join_request", False),
        member_limit=asked.get("member_limit"),
        expire_date=asked.get("expire_date"),
    )
    group.links[link.url] = link
    return link.wire(account.world.bot.wire())


@METHODS.answers("revokeChatInviteLink")
def revoke_chat_invite_link(account: Account, asked: Json) -> Json:
    link = account.group(asked, "can_invite_users", "manage chat invite link").links.get(asked.get("invite_link", ""))
    if link is None:
        raise refuse("INVITE_HASH_EXPIRED")
    link.is_revoked = True
    return link.wire(account.world.bot.wire())


@METHODS.answers("approveChatJoinRequest")
def approve_chat_join_request(account: Account, asked: Json) -> bool:
    group, person = _waiting(account, asked)
    account.world.joined(group, person, by=account.world.bot)
    return True


@METHODS.answers("declineChatJoinRequest")
def decline_chat_join_request(account: Account, asked: Json) -> bool:
    _waiting(account, asked)
    return True


def _waiting(account: Account, asked: Json) -> tuple[Group, Person]:
    group = account.group(asked, "can_invite_users", "manage chat join requests")
    person = account.person(asked)
    if person.id not in group.waiting:
        raise refuse("USER_ALREADY_PARTICIPANT" if group.holds(person) else "HIDE_REQUESTER_MISSING")
    group.waiting.discard(person.id)
    return group, person


@METHODS.answers("createForumTopic")
def create_forum_topic(account: Account, asked: Json) -> Json:
    group = account.group(asked, "can_manage_topics", "create a topic")
    if not group.is_forum:
        raise refuse("the chat is not a forum")
    if not 1 <= len(asked.get("name", "")) <= 128:
        raise refuse("TOPIC_TITLE_EMPTY")
    topic = group.topic(asked["name"], by=account.world.bot)
    return {"message_thread_id": topic.id, "name": topic.name, "icon_color": TOPIC_COLOR}


@METHODS.answers("editForumTopic")
def edit_forum_topic(account: Account, asked: Json) -> bool:
    group = account.group(asked, "can_manage_topics", "edit the topic")
    topic = group.topics.get(asked["message_thread_id"])
    if topic is None:
        raise refuse("TOPIC_ID_INVALID")
    if len(asked.get("name", "")) > 128:
        raise refuse("TOPIC_TITLE_TOO_LONG")
    if asked.get("name", topic.name) == topic.name:
        raise refuse("TOPIC_NOT_MODIFIED")
    topic.name = asked["name"]
    return True

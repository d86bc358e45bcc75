"""The methods for links into a group, and for requests to join."""

from .telegram_account import Account, Methods, refuse
from .telegram_chats import Group
from .telegram_members import MONTH, InviteLink
from .telegram_people import Person
from .telegram_updates import Json

METHODS = Methods()


@METHODS.answers("createChatInviteLink")
def create_chat_invite_link(account: Account, asked: Json) -> Json:
    group = _inviting(account, asked)
    link = _added(group, _terms(asked))
    return _told(account, group, link)


@METHODS.answers("editChatInviteLink")
def edit_chat_invite_link(account: Account, asked: Json) -> Json:
    """A field that is not named again is removed."""
    group, link = _link(account, asked)
    if link.is_primary or link.is_revoked:
        raise refuse("INVITE_HASH_EXPIRED")
    for name, value in _terms(asked).items():
        setattr(link, name, value)
    return _told(account, group, link)


@METHODS.answers("revokeChatInviteLink")
def revoke_chat_invite_link(account: Account, asked: Json) -> Json:
    group, link = _link(account, asked)
    link.is_revoked = True
    if link.is_primary:
        link.is_primary = False
        _added(group, {"is_primary": True})
    return _told(account, group, link)


@METHODS.answers("exportChatInviteLink")
def export_chat_invite_link(account: Account, asked: Json) -> str:
    """The earlier primary link no longer works."""
    group = _inviting(account, asked)
    for link in group.links.values():
        link.is_revoked, link.is_primary = link.is_revoked or link.is_primary, False
    return _added(group, {"is_primary": True}).url


@METHODS.answers("createChatSubscriptionInviteLink")
def create_chat_subscription_invite_link(account: Account, asked: Json) -> Json:
    group = _inviting(account, asked)
    if group.type != "channel":
        raise refuse("CHANNEL_INVALID")
    if asked["subscription_period"] != MONTH:
        raise refuse("SUBSCRIPTION_PERIOD_INVALID")
    if not 1 <= asked["subscription_price"] <= 10_000:
        raise refuse("SUBSCRIPTION_PRICE_INVALID")
    terms = {"name": asked.get("name"), "subscription_price": asked["subscription_price"]}
    return _told(account, group, _added(group, terms))


@METHODS.answers("editChatSubscriptionInviteLink")
def edit_chat_subscription_invite_link(account: Account, asked: Json) -> Json:
    group, link = _link(account, asked)
    if link.subscription_price is None:
        raise refuse("INVITE_HASH_INVALID")
    link.name = asked.get("name")
    return _told(account, group, link)


def _inviting(account: Account, asked: Json) -> Group:
    return account.group(asked, "can_invite_users", "manage chat invite link")


def _link(account: Account, asked: Json) -> tuple[Group, InviteLink]:
    group = _inviting(account, asked)
    if asked["invite_link"] not in group.links:
        raise refuse("INVITE_HASH_EXPIRED")
    return group, group.links[asked["invite_link"]]


def _terms(asked: Json) -> Json:
    if asked.get("creates_join_request") and asked.get("member_limit"):
        raise refuse("member limit can't be specified for links requiring administrator approval")
    if not 1 <= asked.get("member_limit", 1) <= 99_999:
        raise refuse("member limit must be between 1 and 99999")
    if len(asked.get("name", "")) > 32:
        raise refuse("invite link name is too long")
    known = {name: asked.get(name) for name in ("name", "member_limit", "expire_date")}
    return known | {"creates_join_request": asked.get("creates_join_request", False)}


def _added(group: Group, terms: Json) -> InviteLink:
    link = InviteLink(url=f"https://t.me/+{-group.id:x}{len(group.links):04}", **terms)
    group.links[link.url] = link
    return link


def _told(account: Account, group: Group, link: InviteLink) -> Json:
    pending = sum(used is link for used in group.waiting.values())
    return link.wire(account.world.bot.wire(), pending)


@METHODS.answers("approveChatJoinRequest")
def approve_chat_join_request(account: Account, asked: Json) -> bool:
    group, person = _waiting(account, asked)
    return _decided(account, group, person, "approve")


@METHODS.answers("declineChatJoinRequest")
def decline_chat_join_request(account: Account, asked: Json) -> bool:
    group, person = _waiting(account, asked)
    return _decided(account, group, person, "decline")


@METHODS.answers("answerChatJoinRequestQuery")
def answer_chat_join_request_query(account: Account, asked: Json) -> bool:
    query, queries = asked["chat_join_request_query_id"], account.world.join_queries
    if query not in queries:
        raise refuse("query is too old and response timeout expired or query ID is invalid")
    if asked["result"] not in ("approve", "decline", "queue"):
        raise refuse("invalid query result specified")
    return _decided(account, *queries.pop(query), asked["result"])


def _decided(account: Account, group: Group, person: Person, result: str) -> bool:
    if result != "queue":
        link = group.waiting.pop(person.id, None)
        if result == "approve":
            account.world.joined(group, person, link, by=account.world.bot)
    return True


def _waiting(account: Account, asked: Json) -> tuple[Group, Person]:
    group = account.group(asked, "can_invite_users", "manage chat join requests")
    person = account.person(asked)
    if person.id not in group.waiting:
        raise refuse("USER_ALREADY_PARTICIPANT" if group.holds(person) else "HIDE_REQUESTER_MISSING")
    return group, person

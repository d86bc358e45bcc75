"""The methods for the topics of a forum, with its general one."""

from .telegram_account import Account, Methods, refuse
from .telegram_chats import Group
from .telegram_messages import TOPIC_COLOR, Topic
from .telegram_updates import Json

COLORS = (TOPIC_COLOR, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)
METHODS = Methods()


@METHODS.answers("createForumTopic")
def create_forum_topic(account: Account, asked: Json) -> Json:
    group, color = _forum(account, asked, "create a topic"), asked.get("icon_color", TOPIC_COLOR)
    if not 1 <= len(asked.get("name", "")) <= 128:
        raise refuse("TOPIC_TITLE_EMPTY")
    if color not in COLORS:
        raise refuse("TOPIC_ICON_COLOR_INVALID")
    icon = {"icon_color": color, **{name: asked[name] for name in ("icon_custom_emoji_id",) if asked.get(name)}}
    topic = group.topic(asked["name"], by=account.world.bot, **icon)
    return {"message_thread_id": topic.id, "name": topic.name, **icon}


@METHODS.answers("getForumTopicIconStickers")
def get_forum_topic_icon_stickers(_account: Account, _: Json) -> list[Json]:
    facts = {"type": "custom_emoji", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    shown = (("📰", "5434144690511290129"), ("💡", "5312536423851630001"), ("❓", "5377316857231450742"))
    return [
        {"file_id": f"icon{key}", "file_unique_id": f"icon{key}", "emoji": emoji, "custom_emoji_id": key, **facts}
        for emoji, key in shown
    ]


@METHODS.answers("editForumTopic")
def edit_forum_topic(account: Account, asked: Json) -> bool:
    group, topic = _topic(account, asked, "edit the topic")
    _named(asked)
    changed = {name: asked[name] for name in ("name", "icon_custom_emoji_id") if asked.get(name)}
    if not changed or changed == {"name": topic.name}:
        raise refuse("TOPIC_NOT_MODIFIED")
    topic.name = changed.get("name", topic.name)
    return _notice(account, group, topic, {"forum_topic_edited": changed})


@METHODS.answers("closeForumTopic")
def close_forum_topic(account: Account, asked: Json) -> bool:
    return _toggled(account, asked, closed=True)


@METHODS.answers("reopenForumTopic")
def reopen_forum_topic(account: Account, asked: Json) -> bool:
    return _toggled(account, asked, closed=False)


def _toggled(account: Account, asked: Json, *, closed: bool) -> bool:
    group, topic = _topic(account, asked, "close the topic" if closed else "reopen the topic")
    if topic.is_closed == closed:
        raise refuse("TOPIC_NOT_MODIFIED")
    topic.is_closed = closed
    return _notice(account, group, topic, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})


@METHODS.answers("deleteForumTopic")
def delete_forum_topic(account: Account, asked: Json) -> bool:
    """Its messages are deleted with it."""
    group = account.group(asked, "can_delete_messages", "delete the topic")
    topic = account.topic(group, asked["message_thread_id"])
    del group.topics[topic.id]
    for message in group.messages:
        message.is_deleted = message.is_deleted or message.topic is topic
    return True


@METHODS.answers("editGeneralForumTopic")
def edit_general_forum_topic(account: Account, asked: Json) -> bool:
    group = _forum(account, asked, "edit the topic")
    _named(asked)
    if group.general.name == asked["name"]:
        raise refuse("TOPIC_NOT_MODIFIED")
    group.general.name = asked["name"]
    return _notice(account, group, None, {"forum_topic_edited": {"name": asked["name"]}})


@METHODS.answers("closeGeneralForumTopic")
def close_general_forum_topic(account: Account, asked: Json) -> bool:
    return _general(account, asked, "is_closed", to=True, told="forum_topic_closed")


@METHODS.answers("reopenGeneralForumTopic")
def reopen_general_forum_topic(account: Account, asked: Json) -> bool:
    return _general(account, asked, "is_closed", to=False, told="forum_topic_reopened")


@METHODS.answers("hideGeneralForumTopic")
def hide_general_forum_topic(account: Account, asked: Json) -> bool:
    return _general(account, asked, "is_hidden", to=True, told="general_forum_topic_hidden")


@METHODS.answers("unhideGeneralForumTopic")
def unhide_general_forum_topic(account: Account, asked: Json) -> bool:
    return _general(account, asked, "is_hidden", to=False, told="general_forum_topic_unhidden")


def _general(account: Account, asked: Json, name: str, *, to: bool, told: str) -> bool:
    group = _forum(account, asked, "edit the topic")
    if getattr(group.general, name) == to:
        raise refuse("TOPIC_NOT_MODIFIED")
    setattr(group.general, name, to)
    return _notice(account, group, None, {told: {}})


def _forum(account: Account, asked: Json, purpose: str) -> Group:
    group = account.group(asked, "can_manage_topics", purpose)
    if not group.is_forum:
        raise refuse("the chat is not a forum")
    return group


def _topic(account: Account, asked: Json, purpose: str) -> tuple[Group, Topic]:
    group = account.group(asked, "can_manage_topics", purpose)
    return group, account.topic(group, asked["message_thread_id"])


def _named(asked: Json) -> None:
    if len(asked.get("name", "")) > 128:
        raise refuse("TOPIC_TITLE_TOO_LONG")


def _notice(account: Account, group: Group, topic: Topic | None, service: Json) -> bool:
    world = account.world
    world.tell("message", world.post(group, world.bot, topic=topic, service=service))
    return True

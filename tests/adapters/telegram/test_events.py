"""What updates mean: payloads as Telegram sends them, and the events they become."""

from typing import Any

import pytest
from telegram import User

from adapters.telegram.events import Json, Reader
from bot.kit.events import (
    CommandGiven,
    Event,
    MemberJoined,
    MemberLeft,
    MessageEdited,
    MessagePosted,
    PlaceFound,
    PlaceLost,
    PlaceMoved,
    ReachChanged,
    ReactionAdded,
    ReactionRemoved,
    Unrecognised,
)
from bot.kit.invocation import Line
from bot.kit.references import Message, Person, Spot

NOW = 1_800_000_000_000
AT = 1_799_999_990
ME = User(id=1, first_name="Hearth", is_bot=True, username="hearth_bot")
ANN = {
    "id": 11,
    "is_bot": False,
    "first_name": "Ann",
    "last_name": "Lee",
    "username": "ann",
    "language_code": "zh",
}
BOB = {"id": 12, "is_bot": False, "first_name": "Bob"}
US = {"id": 1, "is_bot": True, "first_name": "Hearth"}
GROUP = {"id": -100, "type": "supergroup", "title": "Hearth"}
PRIVATE = {"id": 11, "type": "private", "first_name": "Ann"}
SPOT = Spot("telegram", "-100", "chat", "Hearth")
ANN_HERE = Person("telegram", "11", "Ann Lee", "ann")


def message(text: str | None = "hello", **more: Any) -> Json:
    words: dict[str, Any] = {} if text is None else {"text": text}
    if text and text.startswith("/"):
        words["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
    return {"message_id": 5, "date": AT, "chat": GROUP, "from": ANN, **words, **more}


def reader() -> Reader:
    return Reader(frozenset({"points", "help"}), ME)


def read(**update: Any) -> list[Event]:
    return reader().read({"update_id": 9, **update}, NOW)


def line(**update: Any) -> Line:
    (event,) = read(**update)
    assert isinstance(event, CommandGiven)
    assert event.invocation.line
    return event.invocation.line


def test_a_message() -> None:
    """A message tells its author, place, time and length, and which message it answers."""
    answered = message("what?", message_id=4, **{"from": BOB})
    (event,) = read(message=message("hello", reply_to_message=answered))

    assert event == MessagePosted(
        cause="telegram:msg:-100:5",
        at=AT * 1000,
        who=ANN_HERE,
        spot=SPOT,
        about="telegram:msg:-100:4",
        target=Person("telegram", "12", "Bob"),
        length=5,
        text="hello",
        message="5",
    )


@pytest.mark.parametrize(
    "more",
    [
        {"from": {**BOB, "is_bot": True}},
        {"from": {**BOB, "id": 777000}},
        {"from": {**US, "id": 136817688}, "sender_chat": {"id": -200, "type": "channel", "title": "News"}},
        {"from": {**US, "id": 1087968824}, "sender_chat": GROUP},
        {"chat": PRIVATE},
        {"text": "", "pinned_message": message("old", message_id=2)},
    ],
    ids=["bot", "linked channel", "channel", "anonymous", "private", "service"],
)
def test_what_is_no_message_of_a_member(more: dict[str, Any]) -> None:
    """Bots, anonymous admins, private messages and notices are nobody's activity."""
    assert read(message=message(**more)) == []


@pytest.mark.parametrize(("words", "entities"), [("text", "entities"), ("caption", "caption_entities")])
def test_whom_a_message_names(words: str, entities: str) -> None:
    """A message names the people that Telegram itself tells; a username is looked up later."""
    named = {"type": "text_mention", "offset": 7, "length": 3, "user": BOB}
    typed = {"type": "mention", "offset": 11, "length": 4}
    (event,) = read(message={**message(None), words: "thanks Bob @eve", entities: [named, typed]})

    assert isinstance(event, MessagePosted)
    assert event.mentioned == (Person("telegram", "12", "Bob"),)
    assert event.text == "thanks Bob @eve"


@pytest.mark.parametrize(
    ("more", "pictured"),
    [
        ({"photo": [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]}, True),
        ({"document": {"file_id": "d", "file_unique_id": "d", "mime_type": "image/png"}}, True),
        ({"document": {"file_id": "d", "file_unique_id": "d", "mime_type": "text/plain"}}, False),
    ],
)
def test_a_picture_on_a_message(more: dict[str, Any], pictured: bool) -> None:
    """A photo or an image file counts, on the posted message and on the one it replies to."""
    (event,) = read(message=message(None, **more))
    assert isinstance(event, MessagePosted)
    assert event.pictured is pictured

    replied = line(message=message("/points", reply_to_message=message(None, **more))).replied
    assert replied
    assert replied.pictured is pictured


def test_code() -> None:
    """Code marks come beside the text, counted in UTF-16, and are put into the text."""
    marks = [
        {"type": "code", "offset": 6, "length": 5},
        {"type": "bold", "offset": 12, "length": 2},
        {"type": "pre", "offset": 15, "length": 8, "language": "python"},
    ]
    (event,) = read(message=message("😀 a: await or\nx = '😀'\n.", entities=marks))

    assert isinstance(event, MessagePosted)
    assert (event.text, event.length) == ("😀 a: `await` or\n```python\nx = '😀'\n```\n.", 23)


def test_a_topic() -> None:
    """A topic lies in its chat, and its messages do not count as replies to its opening."""
    opening = message(None, message_id=3, forum_topic_created={"name": "help", "icon_color": 7})
    (event,) = read(message=message(message_thread_id=3, is_topic_message=True, reply_to_message=opening))

    assert event.spot == Spot("telegram", "-100/3", "topic", "help", SPOT, dated=True)
    assert event.about is None


def test_an_opened_topic() -> None:
    """A topic opens with a message whose text is the topic's name."""
    opened = {"name": "help", "icon_color": 7}
    (event,) = read(message=message(None, message_thread_id=5, is_topic_message=True, forum_topic_created=opened))

    assert isinstance(event, MessagePosted)
    assert event.opens
    assert event.spot == Spot("telegram", "-100/5", "topic", "help", SPOT, dated=True)
    assert (event.cause, event.text, event.length, event.about) == ("telegram:msg:-100:5", "help", 4, None)


def test_an_edit() -> None:
    """An edit is about the message it changes."""
    (event,) = read(edited_message=message("hello!", edit_date=AT + 5))

    assert isinstance(event, MessageEdited)
    assert (event.cause, event.about, event.at) == ("telegram:update:9", "telegram:msg:-100:5", (AT + 5) * 1000)


def test_reactions() -> None:
    """A change of reactions becomes what was added and what was removed, emoji by emoji."""
    kinds = [{"type": "emoji", "emoji": "👍"}, {"type": "custom_emoji", "custom_emoji_id": "77"}]
    change = {"chat": GROUP, "message_id": 5, "date": AT, "user": ANN, "old_reaction": kinds[:1]}
    added, removed = read(message_reaction={**change, "new_reaction": kinds[1:]})

    assert isinstance(added, ReactionAdded)
    assert isinstance(removed, ReactionRemoved)
    assert (added.cause, added.about) == ("telegram:react:-100:5:11:77", "telegram:msg:-100:5")
    assert (removed.cause, removed.added) == ("telegram:react:-100:5:11:👍:gone", "telegram:react:-100:5:11:👍")


def test_an_anonymous_reaction() -> None:
    """An anonymous reaction belongs to nobody."""
    change = {"chat": GROUP, "message_id": 5, "date": AT, "old_reaction": [], "actor_chat": GROUP}

    assert read(message_reaction={**change, "new_reaction": [{"type": "emoji", "emoji": "👍"}]}) == []


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ({"status": "left"}, {"status": "member"}, [MemberJoined]),
        ({"status": "member"}, {"status": "left"}, [MemberLeft]),
        ({"status": "member"}, {"status": "kicked", "until_date": 0}, [MemberLeft]),
        ({"status": "member"}, {"status": "creator", "is_anonymous": False}, []),
    ],
)
def test_membership(before: Json, after: Json, kinds: list[type[Event]]) -> None:
    """Joins and leaves are told; a change of rank is neither."""
    change = {"chat": GROUP, "from": BOB, "date": AT}
    old, new = {**before, "user": ANN}, {**after, "user": ANN}
    events = read(chat_member={**change, "old_chat_member": old, "new_chat_member": new})

    assert [type(event) for event in events] == kinds
    assert all(event.who == ANN_HERE for event in events)


@pytest.mark.parametrize(("status", "reachable"), [("member", True), ("kicked", False)])
def test_reach(status: str, reachable: bool) -> None:
    """Blocking and unblocking the bot is told by the bot's own membership in private."""
    state = {"user": US, "until_date": 0}
    change = {"chat": PRIVATE, "from": ANN, "date": AT}
    old, new = {"status": "member", **state}, {"status": status, **state}
    (event,) = read(my_chat_member={**change, "old_chat_member": old, "new_chat_member": new})

    assert isinstance(event, ReachChanged)
    assert (event.reachable, event.who) == (reachable, ANN_HERE)


@pytest.mark.parametrize(("before", "after", "kind"), [("left", "member", PlaceFound), ("member", "kicked", PlaceLost)])
def test_a_group_lets_us_in_or_out(before: str, after: str, kind: type[Event]) -> None:
    """In a group our own membership says whether we may use the place."""
    state = {"user": US, "until_date": 0}
    change = {"chat": GROUP, "from": ANN, "date": AT}
    old, new = {"status": before, **state}, {"status": after, **state}
    (event,) = read(my_chat_member={**change, "old_chat_member": old, "new_chat_member": new})

    assert (type(event), event.spot) == (kind, SPOT)


def test_start() -> None:
    """`/start` opens the way for private messages, and asks for help."""
    reach, given = read(message=message("/start hello", chat=PRIVATE))

    assert isinstance(reach, ReachChanged)
    assert isinstance(given, CommandGiven)
    assert given.invocation.line
    assert list(given.invocation.line.pieces) == ["/help"]
    assert given.spot == Spot("telegram", "11", "dm", "Ann")
    assert reach.cause != given.cause


def test_a_command() -> None:
    """A command keeps its words as written, and the language and message it came in."""
    (event,) = read(message=message("/points@Hearth_Bot give “x”"))

    assert isinstance(event, CommandGiven)
    given = event.invocation
    assert given.line == Line(pieces=("/points give “x”",))
    assert (given.cause, given.locale, given.message, given.pressed) == ("telegram:msg:-100:5", "zh", "5", False)


@pytest.mark.parametrize("text", ["/points@other_bot give", "/roll 20"])
def test_a_command_of_another_bot(text: str) -> None:
    """A command for another bot is neither a command nor activity."""
    assert read(message=message(text)) == []


def test_mentions_without_a_username() -> None:
    """A member mentioned by name comes as a person; entities are counted in UTF-16 units."""
    text = "/points 🔥🔥 Bob 5"
    entities = [
        {"type": "bot_command", "offset": 0, "length": 7},
        {"type": "text_mention", "offset": 13, "length": 3, "user": BOB},
    ]

    assert line(message=message(text, entities=entities)).pieces == (
        "/points 🔥🔥 ",
        Person("telegram", "12", "Bob"),
        " 5",
    )


def test_replied_and_pictured() -> None:
    """A command says which message it answers, and that message's author unless it was a bot; it may be a caption."""
    sizes = [{"file_id": "s", "file_unique_id": "s", "width": 9, "height": 9, "file_size": 700}]
    command = {"caption": "/points", "caption_entities": [{"type": "bot_command", "offset": 0, "length": 7}]}
    pictured = line(message=message(None, photo=sizes, reply_to_message=message("?", **{"from": BOB}), **command))
    assert pictured.replied == Message("telegram:msg:-100:5", Person("telegram", "12", "Bob"), "?")
    assert pictured.picture
    assert (pictured.picture.id, pictured.picture.size) == ("s", 700)

    ours = line(message=message("/points", reply_to_message=message("!", **{"from": US}))).replied
    assert ours
    assert ours.author is None


def test_an_answer_to_us() -> None:
    """The event says which of our messages is answered, and by which member; it does not read a line from it."""
    question = message("How many?\n↳ /points give", message_id=4, **{"from": US})
    answer = message("5 thanks", reply_to_message=question)

    assert reader().answering({"update_id": 1, "message": answer}) == ("telegram:msg:-100:4", str(ANN["id"]))
    (event,) = read(message=answer)
    assert isinstance(event, MessagePosted)
    (completed,) = reader().read({"update_id": 1, "message": answer}, NOW, "/points give")
    assert isinstance(completed, CommandGiven)
    assert completed.invocation.line == Line(pieces=("/points give 5 thanks",))


@pytest.mark.parametrize(
    "update",
    [{}, {"message": None}, {"message": {"reply_to_message": 7}}, {"message": message("hello")}],
    ids=["empty", "none", "nonsense", "no answer"],
)
def test_no_answer_to_us(update: Json) -> None:
    """Other messages are looked up nowhere."""
    assert reader().answering(update) is None


def test_a_press() -> None:
    """A press is the button's line, its author and its message, even if that message is gone."""
    gone = {"chat": GROUP, "message_id": 4, "date": 0}
    query = {"id": "q", "from": ANN, "chat_instance": "i", "data": "/points list 2", "message": gone}
    (event,) = read(callback_query=query)

    assert isinstance(event, CommandGiven)
    given = event.invocation
    assert given.line == Line.of("/points list 2")
    assert (given.pressed, given.message, given.spot, given.at) == (True, "4", SPOT, NOW)


def test_an_anonymous_admin() -> None:
    """An administrator who writes as the group is marked as anonymous."""
    (event,) = read(message=message("/points", **{"from": {**US, "id": 1087968824}, "sender_chat": GROUP}))

    assert isinstance(event, CommandGiven)
    assert event.invocation.anonymous


def test_a_move() -> None:
    """A move is told twice and counts once; earlier messages belong to the chat under its new id."""
    old = {"id": -7, "type": "group", "title": "Hearth"}
    updates = [
        {"update_id": 1, "message": message("before", chat=old)},
        {"update_id": 2, "message": message(None, chat=old, migrate_to_chat_id=-100)},
        {"update_id": 3, "message": message(None, migrate_from_chat_id=-7)},
    ]
    reader = Reader(frozenset(), ME)
    reader.expect_moves(updates)
    said, there, here = [event for update in updates for event in reader.read(update, NOW)]

    assert isinstance(there, PlaceMoved)
    assert (said.cause, said.spot) == ("telegram:msg:-7:5", SPOT)
    assert (there.cause, there.old, there.spot) == ("telegram:moved:-7", "-7", SPOT)
    assert here == there


@pytest.mark.parametrize(
    "update",
    [
        {"levitation": {"height": 3}},
        {"message": {"message_id": 5}},
        {"pre_checkout_query": {"id": "p", "from": ANN, "currency": "XTR", "total_amount": 1, "invoice_payload": "x"}},
    ],
    ids=["unknown", "broken", "not yet handled"],
)
def test_what_cannot_be_read(update: Json) -> None:
    """Nothing is dropped: it is kept as it came, and can be read again."""
    (event,) = read(**update)

    assert isinstance(event, Unrecognised)
    assert (event.cause, event.platform) == ("telegram:update:9", "telegram")
    assert all(word in event.raw for word in update)


def test_what_says_nothing() -> None:
    """Known kinds that mean nothing to us are not kept as unreadable."""
    counted = {"chat": GROUP, "message_id": 5, "date": AT, "reactions": []}

    assert read(message_reaction_count=counted) == []


def test_spots_are_the_same_object() -> None:
    """A busy chat's spot is not made again for each message."""
    reader = Reader(frozenset(), ME)
    first, second = [reader.read({"update_id": n, "message": message(message_id=n)}, NOW)[0] for n in (1, 2)]

    assert first.spot is second.spot

"""The bot's account: what it may reach, how its texts are read, what it set about itself; methods are elsewhere."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .telegram_text import Entity, UnparsableError, find_entities, parse_html, trim
from .telegram_updates import BotApiError, Json
from .telegram_world import Chat, Group, Message, Person, Topic, World

Method = Callable[["Account", Json], Any]


class Methods(dict[str, Method]):
    """Answers by the lower-case name of their method."""

    def answers(self, name: str) -> Callable[[Method], Method]:
        def keep(answer: Method) -> Method:
            self[name.lower()] = answer
            return answer

        return keep


def refuse(description: str) -> BotApiError:
    return BotApiError(400, f"Bad Request: {description}")


_SAME = (
    "specified new message content and reply markup are exactly the same as a current content and reply markup"
    " of the message"
)
#: By a text's parameter: the parameters of its mode and entities, and the refusal of a long text.
_READING = {
    "text": ("parse_mode", "entities", "message is too long"),
    "caption": ("parse_mode", "caption_entities", "message caption is too long"),
    "explanation": ("explanation_parse_mode", "explanation_entities", "poll explanation is too long"),
}


@dataclass(slots=True)
class Account:
    """The world as the bot's account sees it, and what the account set about itself."""

    world: World
    #: By (scope, language): the scope is its type, then its ids, joined by colons; descriptions by command name.
    commands: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    #: By (method, language), as set by setMyName, setMyDescription and setMyShortDescription.
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    #: By private chat; the button of all others is at 0.
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    #: The rights the bot asks for when it is added; the key says whether to a channel.
    default_rights: dict[bool, frozenset[str]] = field(default_factory=dict)

    def chat(self, asked: Mapping[str, Any]) -> Chat:
        number = asked.get("chat_id")
        if number in self.world.moved:
            text = "group chat was upgraded to a supergroup chat"
            raise BotApiError(400, f"Bad Request: {text}", migrate_to_chat_id=self.world.moved[number])
        if number not in self.world.chats:
            raise refuse("chat not found" if number else "chat_id is empty")
        return self.world.chats[number]

    def open_chat(self, asked: Mapping[str, Any]) -> Chat:
        """A chat the bot may write in."""
        chat = self.chat(asked)
        chat.refuse_bot()
        return chat

    def group(self, asked: Mapping[str, Any], right: str = "", purpose: str = "") -> Group:
        """A group the bot is in, with the right that the method needs."""
        chat = self.open_chat(asked)
        if not isinstance(chat, Group):
            raise refuse("method is available for supergroup and channel chats only")
        if right and not chat.membership(self.world.bot).may(right):
            raise refuse(f"not enough rights to {purpose}")
        return chat

    def person(self, asked: Mapping[str, Any]) -> Person:
        if asked.get("user_id") not in self.world.people:
            raise refuse("user not found" if asked.get("user_id") else "invalid user_id specified")
        return self.world.people[asked["user_id"]]

    def own_message(self, asked: Mapping[str, Any]) -> Message:
        message = self.open_chat(asked).message(asked.get("message_id", 0))
        if message is None:
            raise refuse("message to edit not found")
        if message.sender is not self.world.bot:
            raise refuse("message can't be edited")
        return message

    def read(self, asked: Mapping[str, Any], name: str, limit: int) -> Json:
        """The text parameter as a message stores it."""
        mode_name, entities_name, too_long = _READING[name]
        source, mode = asked.get(name, ""), str(asked.get(mode_name, ""))
        if mode.lower() not in ("", "html"):
            raise refuse("unsupported parse_mode")
        try:
            given: list[Entity] = [*asked.get(entities_name, []), *find_entities(source)]
            text, entities = parse_html(source) if mode else trim(source, given)
        except UnparsableError as error:
            raise refuse(f"can't parse entities: {error}") from error
        if len(text) > limit:
            raise refuse(too_long)
        return {"text": text, "html": source, "entities": [self._known(entity) for entity in entities]}

    def _known(self, entity: Entity) -> Entity:
        named = re.fullmatch(r"tg://user\?id=(\d+)", entity.get("url", ""))
        if named and (person := self.world.people.get(int(named[1]))):
            place = {"offset": entity["offset"], "length": entity["length"]}
            return {"type": "text_mention", **place, "user": person.wire()}
        return entity

    def send(self, asked: Mapping[str, Any], content: Json) -> Json:
        return self.post(asked, content).wire()

    def post(self, asked: Mapping[str, Any], content: Json) -> Message:
        chat = self.open_chat(asked)
        if chat.type == "channel":
            self.group(asked, "can_post_messages", "send messages to the chat")
        number = asked.get("message_thread_id")
        topic = self._topic(chat, number) if number else None
        replied = _replied(chat, asked.get("reply_parameters", {}))
        content = {**content, "reply_to": replied, "topic": topic or (replied.topic if replied else None)}
        facts = facts_of(asked) | content.pop("facts", {})
        return self.world.post(chat, self.world.bot, markup=markup_of(asked), facts=facts, **content)

    def edit(self, message: Message, content: Json, markup: Json, *, is_new: bool = False) -> Json:
        same = (message.text, message.entities, message.markup) == (content["text"], content["entities"], markup)
        if same and not is_new:
            raise refuse(f"message is not modified: {_SAME}")
        message.text, message.html, message.entities = content["text"], content["html"], content["entities"]
        message.markup, message.edit_date = markup, self.world.now()
        return message.wire()

    def topic(self, group: Group, number: int) -> Topic:
        if number not in group.topics:
            raise refuse("TOPIC_ID_INVALID")
        return group.topics[number]

    def _topic(self, chat: Chat, number: int) -> Topic:
        if not isinstance(chat, Group) or number not in chat.topics:
            raise refuse("message thread not found")
        topic = chat.topics[number]
        if topic.is_closed and not chat.membership(self.world.bot).may("can_manage_topics"):
            raise refuse("TOPIC_CLOSED")
        return topic


def _replied(chat: Chat, to: Mapping[str, Any]) -> Message | None:
    replied = chat.message(to.get("message_id", 0)) if to else None
    if to and replied is None and not to.get("allow_sending_without_reply"):
        raise refuse("message to be replied not found")
    return replied


def facts_of(asked: Mapping[str, Any]) -> Json:
    """The fields of a request that a message keeps unchanged."""
    facts: Json = {"has_protected_content": True} if asked.get("protect_content") else {}
    shown = ("link_preview_options", "show_caption_above_media")
    return facts | {name: asked[name] for name in shown if asked.get(name)}


def markup_of(asked: Mapping[str, Any]) -> Json:
    markup: Json = asked.get("reply_markup", {})
    for button in (button for row in markup.get("inline_keyboard", ()) for button in row):
        if not button.get("text"):
            raise refuse("inline keyboard button text is empty")
        if not 1 <= len(button.get("callback_data", "-").encode()) <= 64:
            raise refuse("BUTTON_DATA_INVALID")
        if len(button) == 1:
            raise refuse("text buttons are unallowed in the inline keyboard")
    return markup

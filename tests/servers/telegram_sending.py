"""The methods that send neither text nor files: polls, places, contacts and dice."""

from .telegram_account import Account, Methods, markup_of, refuse
from .telegram_polls import Poll
from .telegram_updates import Json

#: How many sides each has.
DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
LOCATION = ("latitude", "longitude", "horizontal_accuracy")
VENUE = ("title", "address", "foursquare_id", "foursquare_type", "google_place_id", "google_place_type")
CONTACT = ("phone_number", "first_name", "last_name", "vcard")
METHODS = Methods()


@METHODS.answers("sendPoll")
def send_poll(account: Account, asked: Json) -> Json:
    account.open_chat(asked)
    return account.send(asked, {"poll": _poll(account, asked)})


def _poll(account: Account, asked: Json) -> Poll:
    options, kind = [option["text"] for option in asked["options"]], asked.get("type", "regular")
    correct = asked.get("correct_option_ids", [])
    _check(asked["question"], options, kind, correct)
    if "open_period" in asked and "close_date" in asked:
        raise refuse("can't use both open_period and close_date")
    period, explained = asked.get("open_period"), account.read(asked, "explanation", 200)
    return Poll(
        id=str(8_000_000_000 + len(account.world.messages)),
        question=asked["question"],
        options=options,
        kind=kind,
        is_anonymous=asked.get("is_anonymous", True),
        allows_multiple_answers=asked.get("allows_multiple_answers", False),
        allows_revoting=asked.get("allows_revoting", kind == "regular"),
        correct=correct,
        explanation=explained["text"],
        explanation_entities=explained["entities"],
        open_period=period,
        close_date=account.world.now() + period if period else asked.get("close_date"),
        is_stopped=asked.get("is_closed", False),
    )


def _check(question: str, options: list[str], kind: str, correct: list[int]) -> None:
    if not 1 <= len(question) <= 300:
        raise refuse("poll question must be non-empty" if not question else "poll question length must not exceed 300")
    if not 1 <= len(options) <= 12:
        raise refuse("poll must have at least 1 option" if not options else "poll can't have more than 12 options")
    if not all(1 <= len(option) <= 100 for option in options):
        raise refuse("poll options length must not exceed 100")
    if kind == "quiz" and not correct:
        raise refuse("wrong correct option ID specified")
    if any(number not in range(len(options)) for number in correct):
        raise refuse("wrong correct option ID specified")


@METHODS.answers("stopPoll")
def stop_poll(account: Account, asked: Json) -> Json:
    message = account.own_message(asked)
    if message.poll is None:
        raise refuse("message with poll to stop not found")
    if message.poll.is_closed(account.world.now()):
        raise refuse("poll has already been closed")
    message.markup = markup_of(asked)
    account.world.closes(message.poll)
    return message.poll.wire(account.world.now())


def _named(asked: Json, names: tuple[str, ...]) -> Json:
    return {name: asked[name] for name in names if name in asked}


@METHODS.answers("sendLocation")
def send_location(account: Account, asked: Json) -> Json:
    return account.send(asked, {"facts": {"location": _named(asked, LOCATION)}})


@METHODS.answers("sendVenue")
def send_venue(account: Account, asked: Json) -> Json:
    location = _named(asked, LOCATION)
    return account.send(
        asked, {"facts": {"location": location, "venue": {"location": location, **_named(asked, VENUE)}}}
    )


@METHODS.answers("sendContact")
def send_contact(account: Account, asked: Json) -> Json:
    return account.send(asked, {"facts": {"contact": _named(asked, CONTACT)}})


@METHODS.answers("sendDice")
def send_dice(account: Account, asked: Json) -> Json:
    """The throw follows from the message's number, so that tests know it."""
    emoji, chat = asked.get("emoji", "🎲"), account.open_chat(asked)
    if emoji not in DICE:
        raise refuse("DICE_EMOJI_INVALID")
    value = 1 + len(chat.messages) % DICE[emoji]
    return account.send(asked, {"facts": {"dice": {"emoji": emoji, "value": value}}})

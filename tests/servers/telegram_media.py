"""The methods for pictures, documents, clips and albums: send, fetch, caption and replace."""

from collections.abc import Callable

from .spec_telegram import Upload
from .telegram_account import Account, Methods, markup_of, refuse
from .telegram_messages import Clip, picture_size
from .telegram_updates import Json

KINDS = ("photo", "document", "voice", "audio", "video", "animation")
METHODS = Methods()


@METHODS.answers("getFile")
def get_file(account: Account, asked: Json) -> Json:
    """Its path is its id: the server's file address looks it up again."""
    name = asked.get("file_id", "")
    content = account.world.file(name)
    if content is None:
        raise refuse("wrong file_id or the file is temporarily unavailable")
    return {"file_id": name, "file_unique_id": name, "file_size": len(content), "file_path": name}


def _sends(kind: str) -> Callable[[Account, Json], Json]:
    def send(account: Account, asked: Json) -> Json:
        account.open_chat(asked)
        return account.send(asked, {**account.read(asked, "caption", 1024), **_file(account, kind, asked.get(kind))})

    return send


METHODS.update({f"send{kind}": _sends(kind) for kind in KINDS})


def _file(account: Account, kind: str, given: object) -> Json:
    """The content of a message of this kind, from an upload or from an earlier message."""
    named = account.world.document(given) if isinstance(given, str) else None
    content = bytes(given) if isinstance(given, Upload) else account.world.file(given)
    if content is None:
        raise refuse("wrong file identifier/HTTP URL specified" if given else f"there is no {kind} in the request")
    name = given.name if isinstance(given, Upload) else named[0] if named else kind
    if not content:
        raise refuse("file must be non-empty")
    if kind == "photo" and picture_size(content) is None:
        raise refuse("IMAGE_PROCESS_FAILED")
    if kind in ("photo", "document"):
        return {kind: content if kind == "photo" else (name, content)}
    return {"clip": Clip(kind=kind, name=name, content=content)}


def _attached(account: Account, asked: Json, item: Json) -> Json:
    """What an InputMedia says, with its file from the same request."""
    if item["type"] not in KINDS:
        raise refuse("type of media is invalid")
    given = item["media"]
    if isinstance(given, str) and given.startswith("attach://"):
        given = asked.get(given.removeprefix("attach://"))
    return {**account.read(item, "caption", 1024), **_file(account, item["type"], given)}


@METHODS.answers("sendMediaGroup")
def send_media_group(account: Account, asked: Json) -> list[Json]:
    account.open_chat(asked)
    kinds = {item["type"] for item in asked["media"]}
    if not 2 <= len(asked["media"]) <= 10:
        raise refuse("there must be from 2 to 10 media in an album")
    if len(kinds) > 1 and not kinds <= {"photo", "video"}:
        raise refuse("wrong media group: documents and audio can't be mixed with others")
    album = {"facts": {"media_group_id": str(9_000_000_000 + len(account.world.messages))}}
    contents = [_attached(account, asked, item) for item in asked["media"]]
    return [account.post(asked, {**content, **album}).wire() for content in contents]


@METHODS.answers("editMessageCaption")
def edit_message_caption(account: Account, asked: Json) -> Json:
    message = account.own_message(asked)
    if not message.is_captioned:
        raise refuse("there is no caption in the message to edit")
    return account.edit(message, account.read(asked, "caption", 1024), markup_of(asked))


@METHODS.answers("editMessageMedia")
def edit_message_media(account: Account, asked: Json) -> Json:
    message = account.own_message(asked)
    content = _attached(account, asked, asked["media"])
    if message.service or message.poll or message.invoice:
        raise refuse("message can't be edited")
    for name in ("photo", "document", "clip"):
        setattr(message, name, content.pop(name, None))
    return account.edit(message, content, markup_of(asked), is_new=True)

"""A reply as the server takes it: plain words, buttons with their lines, pictures and files as base64."""

from base64 import b64encode
from typing import Any

from bot.kit import Reply


def wire(reply: Reply) -> dict[str, Any]:
    return {
        "text": reply.plain,
        "buttons": [[button.label, button.line] for button in reply.buttons],
        "picture": b64encode(reply.picture.png).decode() if reply.picture else "",
        "file": b64encode(reply.document.content).decode() if reply.document else "",
    }

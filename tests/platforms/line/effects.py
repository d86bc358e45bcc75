"""What is owed, as requests to the server: the key makes each safe to repeat."""

from typing import Any

from bot.kit import Post, React, Tell, Withdraw
from bot.kit.errors import Refused
from bot.kit.platform import Delivery

from .replies import wire


def request(delivery: Delivery) -> dict[str, Any]:
    match delivery.effect:
        case Post(reply=reply, replaces=replaces, to=to) if delivery.place:
            only = to if reply.private else None
            return wire(reply) | {"do": "say", "room": delivery.place.external_id, "only": only, "replaces": replaces}
        case Tell(reply=reply) if delivery.account:
            name = delivery.account.external_id
            return wire(reply) | {"do": "say", "room": f"@{name}", "only": name, "replaces": None}
        case Withdraw(message=message):
            return {"do": "withdraw", "on": message}
        case React(message=message, emoji=emoji, shown=shown):
            return {"do": "sign", "on": message, "emoji": emoji, "shown": shown}
    raise Refused("unsupported", type(delivery.effect).__name__)

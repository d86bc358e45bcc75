"""Shows effects in the scene: each effect becomes at most one entry, however often it is performed."""

from dataclasses import dataclass

from adapters.console.replies import first_line, inline, render
from adapters.console.scene import HOME, Order, Said, Scene, channel, private
from bot.kit import GrantRole, Post, React, Reply, TakeRole, Tell, Withdraw
from bot.kit.errors import Refused
from bot.kit.platform import Delivery
from bot.kit.references import Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    #: the text to show; empty when nothing changed
    text: str
    message: str | None = None
    reply: Reply | None = None


def perform(scene: Scene, delivery: Delivery, order: Order) -> Shown:
    match delivery.effect:
        case Post(reply=reply, replaces=replaces, to=to) if delivery.place:
            spot = HOME if delivery.place.external_id == HOME.id else channel(delivery.place.external_id)
            return say(scene, Said(id=delivery.key, order=order, spot=spot, reply=reply, to=to), replaces)
        case Tell(reply=reply) if delivery.account:
            name = delivery.account.external_id
            return say(scene, Said(id=delivery.key, order=order, spot=private(name), reply=reply, only=name, to=name))
        case Withdraw(message=message):
            gone = scene.messages.pop(message, None)
            return Shown(text=f"* deleted {gone.where}: {first_line(gone.reply)}" if gone else "")
        case React(message=message, emoji=emoji, shown=shown):
            about, sign = scene.mark(message, emoji, shown=shown), f"{inline(emoji)}{'' if shown else ' ✗'}"
            return Shown(text=f"* {sign} on what {about.who} said in {about.where}" if about else "")
        case (GrantRole() | TakeRole()) as effect if delivery.account:
            return _role(scene, effect, delivery.account.external_id)
    raise Refused("unsupported", type(delivery.effect).__name__)


def answer(scene: Scene, reply: Reply, to: str, spot: Spot, *, order: Order, id: str, pressed: str | None) -> Shown:
    """The reply to a command; only its author sees it if it is private or was asked in private."""
    only = to if reply.private or spot.kind == "dm" else None
    said = Said(id=id, order=order, spot=spot, reply=reply, only=only, to=to)
    return say(scene, said, pressed if reply.replaces else None)


def say(scene: Scene, said: Said, replaces: str | None = None) -> Shown:
    if replaces and (changed := scene.replace(replaces, said.reply)):
        text = render(f"✎ {changed.where}", said.reply)
        return Shown(text=text, message=replaces, reply=said.reply)
    scene.put(said)
    return Shown(text=render(f"→ {said.where}", said.reply), message=said.id, reply=said.reply)


def _role(scene: Scene, effect: GrantRole | TakeRole, name: str) -> Shown:
    held = (effect.role, name) in scene.roles
    if isinstance(effect, GrantRole):
        scene.roles.add((effect.role, name))
        return Shown(text="" if held else f"* role {inline(effect.name)} → {name}")
    scene.roles.discard((effect.role, name))
    return Shown(text=f"* role {inline(effect.name)} ✗ {name}" if held else "")

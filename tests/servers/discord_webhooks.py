"""The routes by which a bot answers an interaction: its first response, edits of it and follow-ups."""

from tests.servers.discord_hooks import executed, written_by
from tests.servers.discord_interactions import COMPONENT, Answer, First
from tests.servers.discord_parts import Json, numbered
from tests.servers.discord_records import EPHEMERAL, LOADING, Message
from tests.servers.discord_rest import Call, RefusedError, Rest, refused, route


@route("POST", "/interactions/*/*/callback")
async def respond(call: Call, key: str, token: str) -> Json | None:
    answer = call.rest.interactions.answers.get(token)
    if answer is None or answer.id != key or answer.failed:
        raise RefusedError(10062)
    if answer.response:
        raise RefusedError(40060)
    perform(call, answer, call.body.get("data") or {})
    answer.response = call.body["type"]
    answer.changed.set()
    if call.query.get("with_response") not in ("1", "true"):
        return None
    response: Json = {"interaction": answer.json()}
    if answer.message and answer.response != First.PROMISED_UPDATE:
        shown = First.UPDATE if answer.response == First.UPDATE else First.REPLY  # also a deferred one
        response["resource"] = {"type": shown, "message": answer.message.json()}
    return response


def perform(call: Call, answer: Answer, data: Json) -> None:
    """Perform a first response, by its type."""
    match call.body["type"]:
        case First.REPLY:
            answer.message = say(call.rest, answer, call.rest.sendable(call, data))
        case First.PROMISED_REPLY:
            answer.message = say(call.rest, answer, data | {"flags": data.get("flags", 0) | LOADING})
        case First.PROMISED_UPDATE:
            answer.message = answer.source or refused(50035)
        case First.UPDATE:
            answer.message = call.rest.world.edit(answer.source or refused(50035), call.rest.written(call, data))
        case First.SUGGEST:
            answer.choices = data["choices"]
        case First.MODAL:
            answer.modal = data | {"components": numbered(data["components"])}
        case _:
            raise RefusedError(50035)


def metadata(answer: Answer) -> Json:
    """The command and its author, as in a message that answers it."""
    asked: Json = {"id": answer.id, "type": answer.kind, "user": answer.member.user.json()}
    asked["authorizing_integration_owners"] = {"0": answer.channel.guild.id if answer.channel.guild else "0"}
    if answer.source and answer.kind == COMPONENT:
        asked["interacted_message_id"] = answer.source.id
    if answer.opener:
        asked["triggering_interaction_metadata"] = metadata(answer.opener)
    return asked


def say(rest: Rest, answer: Answer, body: Json) -> Message:
    """Post a message that belongs to an interaction; only the asking member sees a private one."""
    flags = body.get("flags", 0)
    whom = answer.member.user if flags & EPHEMERAL else None
    more: Json = {"flags": flags, "only_for": whom, "interaction": metadata(answer)}
    return rest.world.post(answer.channel, rest.world.bot, body, **more)


def acted(answer: Answer) -> None:
    answer.acts += 1
    answer.changed.set()


def spoken(rest: Rest, token: str, key: str) -> tuple[Answer, Message]:
    answer = rest.answer(token)
    wanted = [answer.message] if key == "@original" else [one for one in answer.messages if one.id == key]
    if not wanted or wanted[0] is None or wanted[0] not in wanted[0].channel.messages:
        raise RefusedError(10008)
    return answer, wanted[0]


@route("POST", "/webhooks/*/*")
async def follow_up(call: Call, key: str, token: str) -> Json | None:
    if key in call.rest.world.hooks:
        return await executed(call, key, token)
    answer = call.rest.answer(token)
    if not answer.response:
        raise RefusedError(10015)
    body = call.rest.sendable(call, call.body)
    if answer.message and answer.message.loading:  # the first one replaces "thinking…"
        answer.message.flags &= ~LOADING
        message = call.rest.world.edit(answer.message, body)
    else:
        message = say(call.rest, answer, body)
        answer.followups.append(message)
    acted(answer)
    return message.json()


@route("GET", "/webhooks/*/*/messages/*")
async def answer_message(call: Call, hook: str, token: str, key: str) -> Json:
    if hook in call.rest.world.hooks:
        return written_by(call.rest, hook, token, key).json()
    return spoken(call.rest, token, key)[1].json()


@route("PATCH", "/webhooks/*/*/messages/*")
async def edit_answer(call: Call, hook: str, token: str, key: str) -> Json:
    if hook in call.rest.world.hooks:
        posted = written_by(call.rest, hook, token, key)
        return call.rest.world.edit(posted, call.rest.written(call, call.body)).json()
    answer, message = spoken(call.rest, token, key)
    body = call.rest.written(call, call.body)
    message.flags = message.flags & ~LOADING | body.get("flags", 0)
    call.rest.world.edit(message, body)
    acted(answer)
    return message.json()


@route("DELETE", "/webhooks/*/*/messages/*")
async def delete_answer(call: Call, hook: str, token: str, key: str) -> None:
    if hook in call.rest.world.hooks:
        call.rest.world.delete(written_by(call.rest, hook, token, key))
        return
    answer, message = spoken(call.rest, token, key)
    call.rest.world.delete(message)
    if message is answer.message:
        answer.message = None
    else:
        answer.followups.remove(message)
    acted(answer)

"""Reads a method's parameters, however they were sent: in the address, as a form, in parts or as JSON."""

import json
from typing import Any

from aiohttp import web

from .spec_telegram import Upload
from .telegram_updates import Json

#: Parameters that are texts in every method; all others are JSON.
TEXTS = frozenset(
    {
        *("text", "caption", "parse_mode", "language_code", "description", "short_description", "callback_query_id"),
        *("name", "tag", "url", "file_id", "secret_token", "photo", "document", "invite_link", "action", "title"),
        *("question", "explanation", "explanation_parse_mode", "type", "emoji", "custom_title", "result", "ip_address"),
        *("address", "foursquare_id", "foursquare_type", "google_place_id", "google_place_type", "phone_number"),
        *("first_name", "last_name", "vcard", "payload", "currency", "provider_token", "provider_data", "photo_url"),
        *("start_parameter", "error_message", "pre_checkout_query_id", "telegram_payment_charge_id"),
        *("chat_join_request_query_id", "icon_custom_emoji_id", "voice", "audio", "video", "animation", "thumbnail"),
    }
)


async def parameters(request: web.Request) -> Json:
    """Query, form, multipart or JSON."""
    asked: Json = dict(request.query)
    if request.content_type == "application/json":
        return asked | (await request.json() if request.can_read_body else {})
    for name, value in (await request.post()).items():
        asked[name] = Upload.of(value.filename, value.file.read()) if isinstance(value, web.FileField) else value
    return asked


def decoded(asked: Json) -> Json:
    """Form values are JSON unless they are texts."""
    return {name: value if name in TEXTS else _from_json(value) for name, value in asked.items()}


def _from_json(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value

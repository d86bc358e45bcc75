"""No log line of any library, level or form has a secret in it."""

import json
import logging
from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote

import pytest
import structlog

from bot.host.logs import STRUCK, set_up

TOKEN = "123456:AAE-very_secret"
PASSWORD = 'pä"ss\\w/rd'
SECRETS = (TOKEN, PASSWORD)
FORMS: tuple[Literal["text", "json"], ...] = ("text", "json")


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def fail(secret: str) -> None:
    """Fails deep inside, with the secret in a local variable, in the message and in the cause."""
    url = f"https://host/bot{secret}/send"
    try:
        raise OSError(f"no way to {url}")  # noqa: TRY301 - the test needs a failure with a cause
    except OSError as error:
        raise RuntimeError("x" * 90 + url) from error


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_leaves(secret: str, form: Literal["text", "json"], capsys: pytest.CaptureFixture[str]) -> None:
    """In messages, fields, nested fields, exceptions, tracebacks and lines of other libraries."""
    set_up("debug", form, SECRETS)
    log = structlog.get_logger("bot.somewhere")
    log.info(secret, url=f"https://host/bot{secret}/", nested={"a": [secret]}, text="x" * 90 + secret)
    log.debug("details", secret=secret, raw=secret.encode())
    for name in ("httpx", "telegram.Bot", "discord.gateway", "asyncio", "aiosqlite", "urllib3"):
        logging.getLogger(name).debug("POST https://host/bot%s/send %r", secret, {"token": secret})
        logging.getLogger(name).error("failed at %s", quote(secret, safe=""), extra={"token": secret})
    try:
        fail(secret)
    except RuntimeError:
        log.exception("failed", token=secret)
        logging.getLogger("discord.client").exception("failed")

    said = capsys.readouterr().err

    assert STRUCK in said
    assert "discord.gateway" in said
    for shape in shapes(secret):
        assert shape not in said
    assert secret[:8] not in said


def shapes(secret: str) -> set[str]:
    """The secret as it is, and as JSON, Python and URLs write it."""
    return {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], repr(secret.encode())[2:-1], quote(secret, safe="")}


@pytest.mark.parametrize("form", FORMS)
def test_no_variable_of_a_frame_is_shown(form: Literal["text", "json"], capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback tells where, and nothing that members wrote."""
    set_up("info", form, ())
    written = str(("what", "somebody", "wrote"))
    try:
        int(written[:0])
    except ValueError:
        structlog.get_logger("bot").exception("failed")

    said = capsys.readouterr().err

    assert "ValueError" in said
    assert written not in said


def test_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line is one object with its fields, even after a secret was removed and after a failure."""
    set_up("info", "json", SECRETS)
    try:
        fail(PASSWORD)
    except RuntimeError:
        structlog.get_logger("bot.x").exception("failed", token=PASSWORD, count=3)

    (line,) = capsys.readouterr().err.splitlines()
    shown = json.loads(line)

    assert (shown["event"], shown["token"], shown["count"], shown["level"]) == ("failed", STRUCK, 3, "error")
    assert "RuntimeError" in shown["exception"]


def test_a_level_is_a_floor(capsys: pytest.CaptureFixture[str]) -> None:
    """Lower levels are silent; loggers that show tokens in URLs stay silent even at debug."""
    set_up("warning", "text", ())
    structlog.get_logger("bot").info("quiet")
    logging.getLogger("other").info("quiet")
    structlog.get_logger("bot").warning("loud")
    set_up("debug", "text", ())
    logging.getLogger("httpx").info("quiet")
    logging.getLogger("httpx").warning("louder")

    said = capsys.readouterr().err

    assert "quiet" not in said
    assert "loud" in said
    assert "louder" in said

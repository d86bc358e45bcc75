"""Logs of every library through one formatter, which is also the one place where secrets are struck out."""

import json
import logging
import sys
from collections.abc import Iterable
from typing import Literal
from urllib.parse import quote, unquote

import structlog
from structlog.typing import Processor

STRUCK = "[secret]"
#: these tell tokens in URLs, every frame, or whatever we send, unless they are told not to
QUIET = ("httpx", "httpcore", "aiosqlite", "apscheduler", "asyncio", "telegram")

_SHARED: list[Processor] = [
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


class _Redacting(logging.Formatter):
    """Whatever was logged, by whom and at what level: no line leaves with a secret in it."""

    def __init__(self, inner: logging.Formatter, secrets: Iterable[str]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = sorted({each for secret in secrets for each in _spellings(secret)}, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, STRUCK)
        return line


def _spellings(secret: str) -> Iterable[str]:
    """As it is, and as a URL, Python and JSON write it: a password may hold what they escape."""
    for plain in {secret, unquote(secret)} - {""}:
        for written in (plain, quote(plain), quote(plain, safe=""), repr(plain)[1:-1], repr(plain.encode())[2:-1]):
            yield from (written, json.dumps(written)[1:-1])


def set_up(level: str, form: Literal["text", "json"], secrets: Iterable[str]) -> None:
    last = (
        structlog.processors.JSONRenderer()
        if form == "json"
        # not the tracebacks of rich, which show every variable of every frame
        else structlog.dev.ConsoleRenderer(
            colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
        )
    )
    tail = [structlog.processors.format_exc_info, last] if form == "json" else [last]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *tail]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(formatter, secrets))
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )

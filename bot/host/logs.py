"""Formats the logs of every library in one place, which also removes secrets."""

import json
import logging
import re
import sys
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Literal
from urllib.parse import quote, unquote

import structlog
from structlog.typing import EventDict, ExcInfo, Processor

from bot.host.adapters import module, with_module
from bot.host.section import PlatformSection
from bot.kit.wordless import traced

STRUCK = "[secret]"
#: a name and a password before a host name
_ASKING = re.compile(r"(?<=://)[^\s/@:]+:[^\s/@]*@")
#: our own messages contain no word of a member, at any level
OURS = ("bot", "adapters", "models")

_SHARED: list[Processor] = [
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


class Eraser:
    """Removes secrets in every spelling, and the parts of an address that authenticate the caller."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted({each for secret in secrets for each in _spellings(secret)}, key=len, reverse=True)

    def strike(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, STRUCK)
        return _ASKING.sub(f"{STRUCK}@", line)


class _Redacting(logging.Formatter):
    """Cleans every line, whichever library logs it and at whichever level."""

    def __init__(self, inner: logging.Formatter, secrets: Iterable[str]) -> None:
        super().__init__()
        self._inner = inner
        self._eraser = Eraser(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return self._eraser.strike(self._inner.format(record))


def _spellings(secret: str) -> Iterable[str]:
    """The secret as it is, and as URLs, Python and JSON write it, since they escape some characters."""
    for plain in {secret, unquote(secret)} - {""}:
        for written in (plain, quote(plain), quote(plain, safe=""), repr(plain)[1:-1], repr(plain.encode())[2:-1]):
            yield from (written, json.dumps(written)[1:-1])


def _first_line(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Keep the first line only: below it libraries show the data they had in hand."""
    event["event"] = str(event.get("event")).partition("\n")[0]
    return event


def _traced(exc_info: ExcInfo) -> str:
    return traced(exc_info[1])


def _ended(_kind: type[BaseException], error: BaseException, _trace: object) -> None:
    """Log an exception that nobody caught in our format, instead of Python's."""
    structlog.get_logger(__name__).critical("broke", exc_info=error)


def _foreign() -> Mapping[str, int]:
    """What adapters declare of their libraries, which log what they send and receive, some of it as a warning."""
    sections: list[type[PlatformSection]] = [module(each, "config").Section for each in with_module("config")]
    return dict(chain.from_iterable(each.loggers.items() for each in sections))


def set_up(level: str, form: Literal["text", "json"], secrets: Iterable[str]) -> None:
    last = (
        structlog.processors.JSONRenderer()
        if form == "json"
        # not rich's tracebacks, which show every variable of every frame
        else structlog.dev.ConsoleRenderer(
            colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
        )
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_first_line, *_SHARED],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(_traced),
            last,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(formatter, secrets))
    floor = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(handlers=[handler], level=max(floor, logging.WARNING), force=True)
    for name, least in [*dict.fromkeys(OURS, logging.NOTSET).items(), *_foreign().items()]:
        logging.getLogger(name).setLevel(max(floor, least))
    sys.excepthook = _ended
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

"""Fetches files that members hand in from Telegram, before the core reads them."""

from dataclasses import replace

import structlog
from telegram import Bot
from telegram.error import TelegramError

from adapters.telegram.reading import Haste, read
from bot.kit.capability import Command
from bot.kit.invocation import Invocation
from bot.kit.options import Kind
from bot.kit.references import UPLOAD_BYTES, Upload

log = structlog.get_logger(__name__)


#: seconds for a small file, even if it comes slowly
FETCHING = 5.0


async def fetched(bot: Bot, haste: Haste, command: Command | None, given: Invocation) -> Invocation:
    """The same command with the content of its file, if its author may give the command."""
    line = given.line
    if command is None or line is None or line.file is None or given.access < command.access:
        return given
    if not any(option.kind is Kind.FILE for option in command.options):
        return given
    try:
        async with haste.about(given.spot.root.id):
            content = await _content(bot, line.file)
    except TelegramError as error:
        log.info("file not fetched", error=type(error).__name__)
        content = None
    return replace(given, line=replace(line, file=replace(line.file, content=content)))


async def _content(bot: Bot, handed: Upload) -> bytes | None:
    """The content; Telegram gives the address for its own file id, so a member cannot make us fetch another address."""
    if handed.size > UPLOAD_BYTES:
        return None
    file = await read(bot.get_file(handed.id))
    return bytes(await read(file.download_as_bytearray()))

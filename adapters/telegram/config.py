"""Declares what can be configured about Telegram."""

import logging
from typing import ClassVar, Literal

from pydantic import HttpUrl, SecretStr

from bot.host.section import ApiUrl, PlatformSection


class Section(PlatformSection):
    """The token is from @BotFather."""

    #: it logs a whole answer that it cannot read
    loggers: ClassVar = {"telegram": logging.CRITICAL + 1}

    #: poll needs no public address; webhook needs [web] public_url
    mode: Literal["poll", "webhook"] = "poll"
    #: the secret that Telegram must show at our webhook; made at each start if it is missing
    webhook_secret: SecretStr | None = None
    api_url: ApiUrl = HttpUrl("https://api.telegram.org")

    @property
    def called(self) -> str | None:
        return 'telegram.mode = "webhook"' if self.mode == "webhook" else None

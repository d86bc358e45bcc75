"""What Hearth can be told about Telegram."""

from typing import Literal

from pydantic import HttpUrl, SecretStr

from bot.host.section import ApiUrl, PlatformSection


class Section(PlatformSection):
    """The token is from @BotFather."""

    #: poll needs no public address; webhook needs [web] public_url
    mode: Literal["poll", "webhook"] = "poll"
    #: what Telegram must show at our webhook; made anew at each start when absent
    webhook_secret: SecretStr | None = None
    api_url: ApiUrl = HttpUrl("https://api.telegram.org")

    @property
    def called(self) -> str | None:
        return 'telegram.mode = "webhook"' if self.mode == "webhook" else None

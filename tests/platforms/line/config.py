"""The configuration of Line."""

from pydantic import Field

from bot.host.section import PlatformSection


class Section(PlatformSection):
    """The token is the one that the server was started with."""

    host: str = "127.0.0.1"
    port: int = Field(0, ge=0, le=65_535)

"""Defines the parts of a configuration section; each adapter declares its platform's own in `config.py`."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, HttpUrl, SecretStr


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class PlatformSection(Section):
    """If the section is there and has a token, its platform is served."""

    #: how grave a line of its client library must be to be logged, by logger; other libraries log warnings and above
    loggers: ClassVar[Mapping[str, int]] = {}

    token: SecretStr | None = None

    @property
    def secret(self) -> str:
        return self.token.get_secret_value() if self.token else ""

    @property
    def called(self) -> str | None:
        """The setting that makes the platform call us, if any is set: then we need a public address."""
        return None


def _bare(address: HttpUrl) -> HttpUrl:
    """A base address: paths are added after it."""
    if address.query or address.fragment:
        raise ValueError("nothing may follow its path")
    return address


def _unasked(address: HttpUrl) -> HttpUrl:
    if address.username or address.password:
        raise ValueError("no name and no password can stand in it, for the token goes where they would")
    return address


ApiUrl = Annotated[HttpUrl, AfterValidator(_bare)]
#: an address to which we send our token in the place where a name and a password would go
OpenApiUrl = Annotated[ApiUrl, AfterValidator(_unasked)]

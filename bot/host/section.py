"""What a section of the configuration is made of; each platform's own is declared by its adapter, in `config.py`."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, HttpUrl, SecretStr


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class PlatformSection(Section):
    """Where it stands its platform is served, if there is a token."""

    token: SecretStr | None = None

    @property
    def secret(self) -> str:
        return self.token.get_secret_value() if self.token else ""

    @property
    def called(self) -> str | None:
        """What was said that makes the platform call us, if anything was: then we need a public address."""
        return None


def _bare(address: HttpUrl) -> HttpUrl:
    """What is asked for is written after it."""
    if address.query or address.fragment:
        raise ValueError("nothing may follow its path")
    return address


def _unasked(address: HttpUrl) -> HttpUrl:
    if address.username or address.password:
        raise ValueError("no name and no password can stand in it, for the token goes where they would")
    return address


ApiUrl = Annotated[HttpUrl, AfterValidator(_bare)]
#: what we are known by goes before the address
OpenApiUrl = Annotated[ApiUrl, AfterValidator(_unasked)]

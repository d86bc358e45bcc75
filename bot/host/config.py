"""The configuration: TOML and environment, every key declared, and an exact word about whatever is wrong in it."""

import os
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import parse_qsl
from urllib.request import getproxies

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

#: where `hearth` looks when it is told nothing
FILE = Path("config.toml")
#: yes, no, or as far as the platform grants it
Told = bool | Literal["auto"]
#: what is shorter proves nothing to anybody, and would be struck out of every log
SECRET = 6
Port = Annotated[int, Field(ge=0, le=65_535)]


class ConfigError(Exception):
    """Wrong configuration, as lines of file, key and reason; never the value of a secret."""


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


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Store(_Section):
    #: sqlite:///path or postgresql://user:password@host/database
    url: SecretStr = SecretStr("sqlite:///data/hearth.db")
    #: where copies are made by themselves: beside the SQLite file, else in data/, unless it is absolute; "" for none
    backups: str = "backups"
    #: so many of each night, and so many of before each change of the schema
    keep: int = Field(7, ge=1, le=1000)


class Discord(_Section):
    #: from the developer portal, Bot, Token
    token: SecretStr | None = None
    #: from the developer portal, General Information
    application_id: int | None = Field(None, gt=0)
    #: how many gateway connections; 1 is right below some 1,000 guilds
    shards: int = Field(1, ge=1, le=1024)
    #: be told who joins and leaves; "auto": where Discord allows it
    members: Told = "auto"
    #: read the words of messages, which Discord lets bots do that it allows to (thanks are found so)
    message_content: Told = False
    #: catch up on this many messages a channel after being away
    backfill: int = Field(1_000, ge=0, le=100_000)
    api_url: Annotated[ApiUrl, AfterValidator(_unasked)] = HttpUrl("https://discord.com/api/v10")
    gateway_url: str = Field("wss://gateway.discord.gg/", pattern=r"^wss?://\S+$")


class Telegram(_Section):
    #: from @BotFather
    token: SecretStr | None = None
    #: poll needs no public address; webhook needs [web] public_url
    mode: Literal["poll", "webhook"] = "poll"
    #: what Telegram must show at our webhook; made anew at each start when absent
    webhook_secret: SecretStr | None = None
    api_url: ApiUrl = HttpUrl("https://api.telegram.org")


class Web(_Section):
    #: where webhooks are taken, and nothing else; bound only when a platform is to call us
    host: str = "127.0.0.1"
    #: 0 takes any free port
    port: Port = 8080
    #: under which the outside world reaches host and port
    public_url: HttpUrl | None = None
    #: what stands in front of host and port: limits for each address do not hold for these
    proxies: tuple[IPvAnyNetwork, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
    #: /health, /ready and /metrics, for operators alone
    health_host: str = "127.0.0.1"
    #: left out, the one after port
    health_port: Port | None = None

    @property
    def pages_port(self) -> int:
        """Any free one when the port of webhooks is any free one."""
        return self.health_port if self.health_port is not None else self.port and self.port % 65_535 + 1


class Log(_Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Config(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="HEARTH_", env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )
    file: ClassVar[Path | None] = None

    store: Store = Store()
    discord: Discord | None = None
    telegram: Telegram | None = None
    web: Web = Web()
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings, file_secret_settings
        file = (TomlConfigSettingsSource(settings_cls, cls.file),) if cls.file else ()
        return (init_settings, env_settings, *file)

    @model_validator(mode="after")
    def _complete(self) -> "Config":
        for name, section in (("discord", self.discord), ("telegram", self.telegram)):
            if section and not (section.token and section.token.get_secret_value()):
                raise ValueError(f"{name}.token: missing; set it here or as HEARTH_{name.upper()}__TOKEN")
        if self.telegram and self.telegram.mode == "webhook" and not self.web.public_url:
            raise ValueError('web.public_url: missing; telegram.mode = "webhook" needs an address to be called at')
        return self

    @property
    def platforms(self) -> tuple[str, ...]:
        return tuple(name for name in ("discord", "telegram") if getattr(self, name))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that must never be shown, the store's password among them."""
        sections = [section for section in (self.discord, self.telegram, self.web) if section]
        values = [value for section in sections for value in dict(section).values()]
        found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        addresses = [self.store.url.get_secret_value(), *_addresses(values), *getproxies().values()]
        hidden = [secret for address in addresses for secret in _hidden(address)]
        return tuple(dict.fromkeys(secret for secret in (*hidden, *found) if secret))


def shown(address: str) -> str:
    """An address as it may be told: without what proves to it who asks."""
    scheme, mark, rest = address.partition("://")
    before, query, _ = rest.partition("?")
    return f"{scheme}{mark}{before.rpartition('@')[2]}{'?…' if query else ''}"


def _addresses(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, HttpUrl) or (isinstance(value, str) and "://" in value):
            yield str(value)


def _hidden(address: str) -> Iterator[str]:
    """The password, or on the web the name that stands in its place, and the values of a query."""
    rest = address.partition("://")[2]
    name, _, password = rest.rpartition("@")[0].partition(":")
    yield password or (name if address.startswith(("http", "ws")) else "")
    yield from (value for _, value in parse_qsl(rest.partition("?")[2]) if len(value) >= SECRET)


def load(file: Path | None = None, store: str | None = None) -> Config:
    """From the file named, else from config.toml if it is there, over it the environment, over that `store`."""
    path = file or (FILE if FILE.exists() else None)
    if file and not file.is_file():
        raise ConfigError(f"{file}: there is no such file")
    try:
        values = {"store": {"url": store}} if store else {}
        loaded: Config = type("_Config", (Config,), {"file": path, "__module__": __name__})(**values)
    except ValidationError as error:
        raise ConfigError("\n".join(_lines(error, path))) from None
    except ValueError as error:
        raise ConfigError(f"{path or 'environment'}: {error}") from None
    except RecursionError:
        raise ConfigError(f"{path or 'environment'}: it is nested too deeply") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    return loaded


#: what is wrong with a value, by what pydantic calls it
_REASONS = {
    "extra_forbidden": "unknown key",
    "int_parsing": "write a whole number",
    "int_type": "write a whole number",
    "int_from_float": "write a whole number",
    "greater_than": "it must be more than {gt}",
    "greater_than_equal": "it must be at least {ge}",
    "less_than_equal": "it must be at most {le}",
    "string_type": "write text, in quotes",
    "bool_parsing": "write true or false",
    "bool_type": "write true or false",
    "literal_error": "write one of {expected}",
    "url_parsing": "write an address, such as https://hearth.example.org",
    "url_scheme": "write an address that begins with {expected_schemes}",
    "string_pattern_mismatch": "it is not of the form {pattern}",
    "model_type": "write a section, such as [store]",
    "tuple_type": 'write a list, such as ["10.0.0.0/8"]',
}


def _lines(error: ValidationError, path: Path | None) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for each in error.errors(include_input=False, include_url=False):
        ours = _REASONS.get(each["type"])
        reason = ours.format_map(each.get("ctx", {})) if ours else each["msg"].removeprefix("Value error, ")
        # What may be of two kinds is wrong as each of them, below its key.
        reasons.setdefault(".".join(map(str, each["loc"][:2])), []).append(reason)
    return [
        ": ".join(part for part in (_where(key, path), key, " or ".join(why)) if part) for key, why in reasons.items()
    ]


def _where(key: str, path: Path | None) -> str:
    """The source a key came from: the environment wins over the file."""
    variable = "HEARTH_" + key.upper().replace(".", "__")
    return variable if variable in os.environ else str(path or "environment")


def keys(section: type[BaseModel] = Config, above: str = "") -> dict[str, Any]:
    """Every key with its default, for whoever checks that they are documented."""
    found: dict[str, Any] = {}
    for name, each in section.model_fields.items():
        inner = next((kind for kind in _models(each.annotation)), None)
        if inner:
            found |= keys(inner, f"{above}{name}.")
        else:
            found[f"{above}{name}"] = each.default
    return found


def _models(annotation: Any) -> list[type[BaseModel]]:
    kinds = [annotation, *getattr(annotation, "__args__", ())]
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]

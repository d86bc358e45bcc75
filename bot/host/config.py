"""Reads the configuration: TOML and environment, with every key declared, and tells exactly what is wrong in it."""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar
from urllib.parse import parse_qsl
from urllib.request import getproxies

from pydantic import (
    BaseModel,
    Field,
    HttpUrl,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    create_model,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.host.adapters import module, with_module
from bot.host.section import PlatformSection, Section

#: where `hearth` looks if no file is named
FILE = Path("config.toml")
#: a shorter secret proves nothing, and logs would strike it out everywhere
SECRET = 6
Port = Annotated[int, Field(ge=0, le=65_535)]
Declared = TypeVar("Declared", bound=Section)


class ConfigError(Exception):
    """Wrong configuration, as lines of file, key and reason; never the value of a secret."""


class Store(Section):
    #: sqlite:///path or postgresql://user:password@host/database
    url: SecretStr = SecretStr("sqlite:///data/hearth.db")
    #: where backups are made: beside the SQLite file, else in data/, unless it is absolute; "" for none
    backups: str = "backups"
    #: how many nightly backups to keep, and how many made before a change of the schema
    keep: int = Field(7, ge=1, le=1000)


class Web(Section):
    #: where webhooks arrive, and nothing else; bound only when a platform is to call us
    host: str = "127.0.0.1"
    #: 0 takes any free port
    port: Port = 8080
    #: the address by which the outside world reaches host and port
    public_url: HttpUrl | None = None
    #: the proxies before host and port: limits for each address do not apply to these
    proxies: tuple[IPvAnyNetwork, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
    #: /health, /ready and /metrics, for operators only
    health_host: str = "127.0.0.1"
    #: if left out, the port after `port`
    health_port: Port | None = None

    @property
    def pages_port(self) -> int:
        """Any free port when the port of webhooks is any free port."""
        return self.health_port if self.health_port is not None else self.port and self.port % 65_535 + 1


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Config(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="HEARTH_", env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )
    file: ClassVar[Path | None] = None

    store: Store = Store()
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
        for name, section in self._served():
            if not section.secret:
                raise ValueError(f"{name}.token: missing; set it here or as HEARTH_{name.upper()}__TOKEN")
            if section.called and not self.web.public_url:
                raise ValueError(f"web.public_url: missing; {section.called} needs an address to be called at")
        return self

    def _served(self) -> list[tuple[str, PlatformSection]]:
        return [(name, section) for name, section in self if isinstance(section, PlatformSection)]

    @property
    def platforms(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self._served())

    def of(self, kind: type[Declared]) -> Declared:
        """The section that an adapter declares."""
        return next(section for _, section in self if isinstance(section, kind))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that must never be shown, including the store's password."""
        values = [value for section in (*dict(self._served()).values(), self.web) for value in dict(section).values()]
        found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        addresses = [self.store.url.get_secret_value(), *_addresses(values), *getproxies().values()]
        hidden = [secret for address in addresses for secret in _hidden(address)]
        return tuple(dict.fromkeys(secret for secret in (*hidden, *found) if secret))


@cache
def whole() -> type[Config]:
    """The type of the configuration, with a section for every platform that has an adapter."""
    platforms: Any = {name: (module(name, "config").Section | None, None) for name in with_module("config")}
    return create_model("Config", __base__=Config, **platforms)


def shown(address: str) -> str:
    """An address that is safe to show: without the parts that authenticate the caller."""
    scheme, mark, rest = address.partition("://")
    before, query, _ = rest.partition("?")
    return f"{scheme}{mark}{before.rpartition('@')[2]}{'?…' if query else ''}"


def _addresses(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, HttpUrl) or (isinstance(value, str) and "://" in value):
            yield str(value)


def _hidden(address: str) -> Iterator[str]:
    """The parts to hide: the password, or on the web the name that stands in its place, and the values of a query."""
    rest = address.partition("://")[2]
    name, _, password = rest.rpartition("@")[0].partition(":")
    yield password or (name if address.startswith(("http", "ws")) else "")
    yield from (value for _, value in parse_qsl(rest.partition("?")[2]) if len(value) >= SECRET)


def load(file: Path | None = None, store: str | None = None) -> Config:
    """Load the named file, else config.toml if it exists; the environment overrides it, and `store` overrides both."""
    path = file or (FILE if FILE.exists() else None)
    if file and not file.is_file():
        raise ConfigError(f"{file}: there is no such file")
    try:
        values = {"store": {"url": store}} if store else {}
        loaded: Config = type("_Config", (whole(),), {"file": path, "__module__": __name__})(**values)
    except ValidationError as error:
        raise ConfigError("\n".join(_lines(error, path))) from None
    except ValueError as error:
        raise ConfigError(f"{path or 'environment'}: {error}") from None
    except RecursionError:
        raise ConfigError(f"{path or 'environment'}: it is nested too deeply") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    return loaded


#: the messages for wrong values, by pydantic's names for them
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
        # If a value may be of two kinds, pydantic reports an error for each, below its key.
        reasons.setdefault(".".join(map(str, each["loc"][:2])), []).append(reason)
    return [
        ": ".join(part for part in (_where(key, path), key, " or ".join(why)) if part)
        for key, why in sorted(reasons.items())
    ]


def _where(key: str, path: Path | None) -> str:
    """The source of a key: the environment overrides the file."""
    variable = "HEARTH_" + key.upper().replace(".", "__")
    return variable if variable in os.environ else str(path or "environment")


def keys(section: type[BaseModel] | None = None, above: str = "") -> dict[str, Any]:
    """Every key with its default, so that a check can compare them with the documentation."""
    found: dict[str, Any] = {}
    for name, each in (section or whole()).model_fields.items():
        inner = next((kind for kind in _models(each.annotation)), None)
        if inner:
            found |= keys(inner, f"{above}{name}.")
        else:
            found[f"{above}{name}"] = each.default
    return found


def _models(annotation: Any) -> list[type[BaseModel]]:
    kinds = [annotation, *getattr(annotation, "__args__", ())]
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]

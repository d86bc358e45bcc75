"""Opens adapters by name: the one place from which the house reaches for one."""

from importlib import import_module
from types import ModuleType

from bot.core.core import Core
from bot.host.config import Config
from bot.kit.platform import Platform


def module(adapter: str, name: str) -> ModuleType:
    """A module of an adapter, imported by the process that uses it and by no other."""
    return import_module(f"adapters.{adapter}.{name}")


def open_adapter(name: str, core: Core, config: Config) -> Platform:
    adapter: Platform = module(name, "client").open(core, config)
    return adapter

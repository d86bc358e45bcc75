"""Finds adapters and imports them by name: the one place from which the house reaches for one."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType


def module(adapter: str, name: str) -> ModuleType:
    """A module of an adapter, imported by the process that uses it and by no other."""
    return import_module(f"adapters.{adapter}.{name}")


def with_module(name: str) -> list[str]:
    """The adapters that have such a module, in the order of their names."""
    found = sorted(each.name for each in iter_modules(import_module("adapters").__path__))
    return [each for each in found if find_spec(f"adapters.{each}.{name}")]

"""Finds adapters and imports them by name; no other part of the house imports an adapter."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType


def module(adapter: str, name: str) -> ModuleType:
    """Import a module of an adapter; only the process that uses it does so."""
    return import_module(f"adapters.{adapter}.{name}")


def with_module(name: str) -> list[str]:
    """The adapters that have such a module, sorted by name."""
    found = sorted(each.name for each in iter_modules(import_module("adapters").__path__))
    return [each for each in found if find_spec(f"adapters.{each}.{name}")]

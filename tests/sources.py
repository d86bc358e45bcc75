"""Our own sources as trees, for tests that read the code itself."""

import ast
import gc
from functools import cache
from pathlib import Path


@cache
def tree(file: Path) -> ast.Module:
    """Parsed while nothing is collected: a finalizer that runs meanwhile makes CPython 3.11 lose count (gh-106905)."""
    gc.disable()
    try:
        return ast.parse(file.read_text(encoding="utf-8"))
    finally:
        gc.enable()

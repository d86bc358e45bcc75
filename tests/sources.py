"""Our own sources as syntax trees, for tests that read the code itself."""

import ast
import gc
from functools import cache
from pathlib import Path


@cache
def tree(file: Path) -> ast.Module:
    """Parsed without garbage collection: a finalizer that runs meanwhile makes CPython 3.11 miscount (gh-106905)."""
    gc.disable()
    try:
        return ast.parse(file.read_text(encoding="utf-8"))
    finally:
        gc.enable()

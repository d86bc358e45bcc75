"""Writes docs/licences.md: every package that running Hearth installs, and the licence it says it has."""  # noqa: INP001 - a program, of no package

import re
import sys
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKED = re.compile(r"^([\w.-]+)==(\S+)(?: ; ([^\\]+?))? \\$", re.MULTILINE)
OPENING = """# What runs with Hearth

`make run` installs these packages and no others, at these versions, each checked against its hash in
[requirements.lock](../requirements.lock). `make licences` writes this page from what they say of themselves. Hearth
itself is under the [MIT licence](../LICENSE), and the fonts it draws with are under the
[SIL Open Font License](../adapters/worker/fonts/OFL.txt).

| package | version | licence | only where |
|---|---|---|---|
"""


def main() -> None:
    sys.stdout.write(OPENING)
    rows = dict(re.findall(r"^\| ([\w.-]+) (\|.*)$", read("docs/licences.md"), re.MULTILINE))
    for name, version, where in LOCKED.findall(read("requirements.lock")):
        try:
            row = f"| {version} | {licence(metadata(name))} | {f'`{where}`' if where else ''} |"
        except PackageNotFoundError:
            row = rows[name]  # what another system installs stays as it was told there
        sys.stdout.write(f"| {name} {row}\n")


def licence(told: PackageMetadata) -> str:
    """As an SPDX expression where there is one, else as the package is classified, else in its own words."""
    if expression := told["License-Expression"]:
        return str(expression)
    kinds = [kind.split(" :: ")[-1] for kind in told.get_all("Classifier") or [] if kind.startswith("License ::")]
    return " or ".join(kinds) or str(told["License"] or "not told").splitlines()[0]


def read(name: str) -> str:
    file = ROOT / name
    return file.read_text(encoding="utf-8") if file.exists() else ""


if __name__ == "__main__":
    main()

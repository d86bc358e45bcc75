"""The command line: start, look, repair. Every problem is one sentence and an exit code, never a traceback."""

import asyncio
import re
import sys
from collections.abc import Coroutine, Iterable
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import __version__
from bot.host import config as configuration
from bot.host import logs
from bot.host.config import Config, ConfigError, shown

if TYPE_CHECKING:
    from bot.host.export import Wanted

#: wrong configuration, wrong script, wrong use
MISUSED = 2
#: Hearth could not go on
FAILED = 1

cli = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
exports = typer.Typer(no_args_is_help=True, help="Write out what was asked and answered, as its authors let it be.")
cli.add_typer(exports, name="export")
ConfigFile = Annotated[Path | None, typer.Option("--config", help="The configuration; config.toml when left out.")]


def main() -> None:
    cli(prog_name="hearth")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hearth {__version__}")
        raise typer.Exit


@cli.callback(help="Hearth keeps a knowledge community on Discord and Telegram.")
def hearth(
    *, _: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which.")] = False
) -> None: ...


@cli.command(help="Serve the platforms of the configuration; with none, open the console.")
def run(config: ConfigFile = None) -> None:
    loaded = _load(config)
    _start(_run(loaded) if loaded.platforms else _console(loaded))


@cli.command(help="Talk to Hearth here, or let it read a script of acts.")
def console(
    store: Annotated[str | None, typer.Option(help="sqlite:///file or postgresql://…")] = None,
    script: Annotated[str | None, typer.Option(help="A file of acts, or - for standard input.")] = None,
    now: Annotated[datetime | None, typer.Option(help="Where the script's clock starts (UTC).")] = None,
    images: Annotated[Path | None, typer.Option(help="A folder for pictures and documents.")] = None,
    config: ConfigFile = None,
) -> None:
    loaded = _load(config, store=store)
    _start(_console(loaded, script, now, images))


@cli.command(help="Look at the configuration, the database and the tokens, and say what to mend.")
def check(
    config: ConfigFile = None,
    *,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="Prove every balance from the entries of the ledger.")
    ] = False,
) -> None:
    from bot.host.check import check_all  # noqa: PLC0415 - starting must not pay for checking

    loaded = _load(config)
    findings = asyncio.run(check_all(loaded, ledger=ledger))
    eraser = logs.Eraser(loaded.secrets)
    for finding in findings:
        typer.echo(eraser.strike(finding.line))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(FAILED)


@cli.command(help="Bring the database to this version's schema.")
def migrate(config: ConfigFile = None) -> None:
    _start(_migrate(_load(config)))


@cli.command(help="Copy the database, also while Hearth runs, and prove the copy.")
def backup(
    to: Annotated[
        Path | None, typer.Option(help="A file that is not there yet; in [store] backups when left out.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    _start(_backup(_load(config), to))


@cli.command(help="Put a copy in the place of the database, which is kept beside it.")
def restore(
    file: Annotated[
        Path | None, typer.Argument(help="What `hearth backup` made; left out, those that are there are named.")
    ] = None,
    config: ConfigFile = None,
    *,
    resend: Annotated[
        bool, typer.Option("--resend", help="Send the messages that were owed when the copy was made.")
    ] = False,
) -> None:
    loaded = _load(config)
    if file is None:
        _name_copies(loaded)
        raise typer.Exit(MISUSED)
    _start(_restore(loaded, file, resend=resend))


@cli.command(help="Tell the listeners again what they failed at.")
def replay(config: ConfigFile = None) -> None:
    _start(_replay(_load(config)))


class Format(Enum):
    JSON = "json"
    MARKDOWN = "md"


Community = Annotated[
    str | None, typer.Option("--community", help="Its number or its name; needed where there are several.")
]


@exports.command("questions", help="Solved questions with their answers, for other programs or to read.")
def export_questions(
    form: Annotated[Format, typer.Option("--format", help="One JSON document, or a Markdown file each.")] = Format.JSON,
    output: Annotated[
        Path | None, typer.Option(help="A file for JSON, standard output when left out; a folder for Markdown.")
    ] = None,
    community: Community = None,
    config: ConfigFile = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also what was answered and is not solved.")] = False,
) -> None:
    from bot.host.export import Wanted  # noqa: PLC0415 - as above

    wanted = Wanted(kind=form.value, output=output, community=community, everything=everything)
    _start(_export(_load(config), wanted))


def _address(given: str | None) -> str | None:
    """The address where a site will be found; pages are named below it."""
    if given and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", given):
        raise typer.BadParameter("an address such as https://answers.example.org")
    return given.rstrip("/") if given else None


@exports.command("site", help="Solved questions as a site that needs no server but one for files.")
def export_site(
    output: Annotated[Path, typer.Option(help="A folder; of an earlier export it takes the place.")],
    url: Annotated[
        str | None, typer.Option(callback=_address, help="Where it will be found; with it comes a site map.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="The community's name when left out.")] = None,
    community: Community = None,
    config: ConfigFile = None,
) -> None:
    from bot.host.export import Wanted  # noqa: PLC0415 - as above

    _start(_export(_load(config), Wanted(kind="site", output=output, community=community, title=title, url=url)))


async def _run(config: Config) -> None:
    from bot.host.app import App, open_core  # noqa: PLC0415 - `--help` must not pay for the house

    async with open_core(config) as (core, holding):
        await App(core, holding, config).run()


async def _console(
    config: Config, script: str | None = None, now: datetime | None = None, images: Path | None = None
) -> None:
    from bot.host.app import open_console  # noqa: PLC0415 - as above

    await open_console(config, script, now.replace(tzinfo=UTC) if now else None, images)


async def _migrate(config: Config) -> None:
    from bot.host.app import open_core  # noqa: PLC0415 - as above
    from models.engines import open_store  # noqa: PLC0415 - as above
    from models.migrate import pending  # noqa: PLC0415 - as above

    store = await open_store(config.store.url.get_secret_value())
    try:
        missing = await pending(store)
    finally:
        await store.close()
    async with open_core(config):
        _say(f"applied {name}" for name in missing or ["nothing: the schema is this version's already"])


async def _backup(config: Config, to: Path | None) -> None:
    from bot.core.clock import SystemClock  # noqa: PLC0415 - as above
    from bot.host.backup import ASKED, Backups  # noqa: PLC0415 - as above

    file, books = await Backups(config, SystemClock()).make(ASKED, to)
    _say([f"copied to {file} ({file.stat().st_size / 1e6:.1f} MB)", books.word])
    if not books.sound:
        raise typer.Exit(FAILED)


def _name_copies(config: Config) -> None:
    from bot.core.clock import SystemClock  # noqa: PLC0415 - as above
    from bot.host.backup import Backups  # noqa: PLC0415 - as above

    backups = Backups(config, SystemClock())
    made = [f"  hearth restore {each.file}" for each in backups.made()] if backups.folder else []
    _complain(
        "\n".join(["say which copy, with Hearth stopped", *(made or ["there is none; `hearth backup` makes one"])])
    )


async def _restore(config: Config, file: Path, *, resend: bool) -> None:
    from bot.host.restore import restore  # noqa: PLC0415 - as above

    url = config.store.url.get_secret_value()
    restored = await restore(url, file, resend=resend)
    _say([f"restored from {file} to {shown(url)}", restored.books.word])
    if restored.kept:
        _say([f"what was there before is kept as {restored.kept}"])
    if restored.void:
        _say([f"messages that were owed and are not sent: {restored.void}; --resend would have sent them"])


async def _replay(config: Config) -> None:
    from bot.host.app import open_core  # noqa: PLC0415 - as above
    from bot.host.replay import replay  # noqa: PLC0415 - as above

    async with open_core(config) as (core, _):
        done, left = await replay(core, config)
        _say([f"replayed {done}, still failing {left}"])


async def _export(config: Config, wanted: "Wanted") -> None:
    from bot.host.export import export  # noqa: PLC0415 - as above

    count = await export(config, wanted)
    if wanted.output:
        _say([f"questions written to {wanted.output}: {count}"])


def _load(file: Path | None, store: str | None = None) -> Config:
    try:
        loaded = configuration.load(file, store)
    except ConfigError as error:
        _complain(str(error))
        raise typer.Exit(MISUSED) from None
    logs.set_up(loaded.log.level, loaded.log.format, loaded.secrets)
    return loaded


def _start(work: Coroutine[Any, Any, None]) -> None:
    """Run it, and turn an expected failure into a sentence."""
    from bot.host.app import NotServed, ScriptRefused  # noqa: PLC0415 - as above
    from bot.host.lease import AlreadyHeld  # noqa: PLC0415 - as above
    from bot.knowledge.archive.views import ExportRefused  # noqa: PLC0415 - as above
    from models.packing import CopyRefused  # noqa: PLC0415 - as above
    from models.store import Fenced, StoreAway, StoreBroken  # noqa: PLC0415 - as above

    try:
        asyncio.run(work)
    except (ScriptRefused, ExportRefused) as error:
        _complain(str(error))
        raise typer.Exit(MISUSED) from None
    except (StoreBroken, StoreAway, Fenced, AlreadyHeld, NotServed, CopyRefused) as error:
        _complain(str(error))
        raise typer.Exit(FAILED) from None
    except KeyboardInterrupt:
        raise typer.Exit(FAILED) from None


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


def _complain(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 - the logs may not be set up yet

"""The command line as an operator meets it: exit codes, one clear sentence, and never a traceback."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import __version__
from models.engines import open_store
from models.migrate import migrate
from tests.servers.discord import DiscordServer
from tests.servers.telegram import TelegramServer

HERE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Ended:
    code: int | None
    out: str
    err: str


async def hearth(folder: Path, *words: str, text: str = "", **environment: str) -> Ended:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(HERE), **environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate(text.encode())
    ended = Ended(process.returncode, out.decode(), err.decode())
    assert "Traceback" not in ended.out + ended.err
    return ended


async def test_it_says_which_it_is(tmp_path: Path) -> None:
    """--version is the version of the package."""
    assert (await hearth(tmp_path, "--version")).out == f"hearth {__version__}\n"


async def test_a_newcomer_without_a_terminal(tmp_path: Path) -> None:
    """Without a configuration `run` reads acts until they end, on a database in the data folder, and exits 0."""
    ended = await hearth(tmp_path, "run", text="ann: hello\nann: /ping\n")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("→ #general: I am here.")
    assert (tmp_path / "data" / "hearth.db").exists()


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ('[discrod]\ntoken = "x"', "discrod: unknown key"),
        ("[discord]\nshards = 2", "discord.token: missing"),
        ('[log]\nlevel = "loud"', "log.level: "),
        ("[web\n", "hearth.toml: "),
        (f"a = {'[' * 5000}", "hearth.toml: it is nested too deeply"),
    ],
)
async def test_a_wrong_configuration(tmp_path: Path, config: str, said: str) -> None:
    """File, key and reason, and exit 2."""
    (tmp_path / "hearth.toml").write_text(config, encoding="utf-8")
    ended = await hearth(tmp_path, "run", "--config", "hearth.toml")

    assert ended.code == 2
    assert "hearth.toml" in ended.err
    assert said in ended.err


@pytest.mark.parametrize("script", ["ann: hello\nann sings\n", None])
async def test_a_script_that_cannot_be_performed(tmp_path: Path, script: str | None) -> None:
    """It names the line, or the missing file, and exits 2."""
    if script:
        (tmp_path / "acts.txt").write_text(script, encoding="utf-8")
    ended = await hearth(tmp_path, "console", "--store", "sqlite:///talk.db", "--script", "acts.txt")

    assert ended.code == 2
    assert ended.err.startswith("acts.txt: line 2: " if script else "acts.txt: ")


async def test_a_store_that_cannot_be_used(tmp_path: Path) -> None:
    """One sentence says that it is no database, and it exits 1."""
    (tmp_path / "talk.db").write_bytes(b"this is a diary, not a database" * 100)
    ended = await hearth(tmp_path, "console", "--store", "sqlite:///talk.db", text="ann: hello\n")

    assert ended.code == 1
    assert "is not a database" in ended.err
    long = await hearth(tmp_path, "migrate", HEARTH_STORE__URL=f"sqlite:///{'a' * 300}.db")
    assert (long.code, "cannot be opened: File name too long." in long.err) == (1, True)


async def test_the_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    """`migrate` says once what it applied; `check` asks for it before, and says after it that all is well."""
    there = {"HEARTH_STORE__URL": "sqlite:///hearth.db"}

    await (await open_store(f"sqlite:///{tmp_path}/hearth.db")).close()
    before = await hearth(tmp_path, "check", **there)
    assert (before.code, "run `hearth migrate`" in before.out) == (1, True)
    assert "applied 0001_house" in (await hearth(tmp_path, "migrate", **there)).out
    assert "nothing" in (await hearth(tmp_path, "migrate", **there)).out
    after = await hearth(tmp_path, "check", "--ledger", **there)
    assert (after.code, "FIX" in after.out) == (0, False)


async def test_who_looks_makes_nothing(tmp_path: Path) -> None:
    """A misspelt path leaves no empty database behind."""
    there = {"HEARTH_STORE__URL": "sqlite:///hearht/hearth.db"}

    looked = await hearth(tmp_path, "check", "--ledger", **there)
    exported = await hearth(tmp_path, "export", "questions", "--output", "out.json", **there)

    assert (looked.code, "ok   store: There is no database hearht/hearth.db yet" in looked.out) == (0, True)
    assert (exported.code, "There is no database hearht/hearth.db yet" in exported.err) == (1, True)
    assert list(tmp_path.iterdir()) == []


async def test_a_copy_and_back(tmp_path: Path) -> None:
    """`backup` names its own file beside the database, `check` tells the age of the last, `restore` needs a file."""
    there = {"HEARTH_STORE__URL": "sqlite:///data/hearth.db"}
    assert (await hearth(tmp_path, "backup", **there)).code == 1
    assert not (tmp_path / "data").exists(), "nothing is made of nothing"
    await hearth(tmp_path, "migrate", **there)
    assert "ok   backup: none yet" in (await hearth(tmp_path, "check", **there)).out

    copied = await hearth(tmp_path, "backup", **there)
    (file,) = (tmp_path / "data" / "backups").iterdir()
    assert (copied.code, copied.out.splitlines()[0].startswith(f"copied to data/backups/{file.name}")) == (0, True)
    assert "ok   backup: the last was made less than an hour ago" in (await hearth(tmp_path, "check", **there)).out

    named = await hearth(tmp_path, "restore", **there)
    assert (named.code, f"hearth restore data/backups/{file.name}" in named.err) == (2, True)
    restored = await hearth(tmp_path, "restore", f"data/backups/{file.name}", **there)
    assert restored.out.startswith(f"restored from data/backups/{file.name} to sqlite:///data/hearth.db\n")
    assert (restored.code, "what was there before is kept as data/hearth.db.replaced-" in restored.out) == (0, True)
    file.unlink()
    assert "there is none; `hearth backup` makes one" in (await hearth(tmp_path, "restore", **there)).err
    unnamed = await hearth(tmp_path, "backup", "--to", "", **there)
    assert (unnamed.code, unnamed.err) == (1, ". is a folder. Name a file in it that is not there yet.\n")
    missing = await hearth(tmp_path, "restore", "data/none.gz", **there)
    assert (missing.code, missing.err) == (1, "data/none.gz: No such file or directory.\n")


async def test_a_copy_that_is_old(tmp_path: Path) -> None:
    """After two days without a copy there is something to fix; a copy from the future does not count."""
    there = {"HEARTH_STORE__URL": "sqlite:///hearth.db"}
    store = await open_store(f"sqlite:///{tmp_path}/hearth.db")
    await migrate(store)
    async with store.write() as tx:
        await tx.run("UPDATE schema_version SET applied_at = 0")
    await store.close()
    assert "FIX  backup: none yet" in (await hearth(tmp_path, "check", **there)).out

    await hearth(tmp_path, "backup", **there)
    (file,) = (tmp_path / "backups").iterdir()
    file.rename(file.with_name("hearth-20200101T034000.000Z-nightly.db.gz"))
    old = await hearth(tmp_path, "check", **there)

    assert (old.code, "FIX  backup: the last was made " in old.out, "days ago" in old.out) == (1, True, True)
    for name in ("hearth-20990101T034000.000Z-nightly.db.gz", "hearth-20269999T999999.999Z-nightly.db.gz"):
        (tmp_path / "backups" / name).touch()
    assert (await hearth(tmp_path, "check", **there)).out == old.out


async def test_nothing_to_replay(tmp_path: Path) -> None:
    """Without dead letters `replay` says so and exits 0."""
    ended = await hearth(tmp_path, "replay", HEARTH_STORE__URL="sqlite:///hearth.db")

    assert (ended.code, ended.out) == (0, "replayed 0, still failing 0\n")


async def test_the_platforms_are_checked(tmp_path: Path) -> None:
    """`check` logs in: it says what is well, names a refused token as something to fix, and shows no token."""
    store = await open_store(f"sqlite:///{tmp_path}/hearth.db")
    await migrate(store)
    await store.close()
    async with DiscordServer() as discord, TelegramServer() as telegram:
        there = {
            "HEARTH_STORE__URL": "sqlite:///hearth.db",
            "HEARTH_DISCORD__API_URL": discord.api_url,
            "HEARTH_DISCORD__GATEWAY_URL": discord.gateway_url,
            "HEARTH_TELEGRAM__API_URL": telegram.api_url,
            "HEARTH_TELEGRAM__TOKEN": telegram.token,
        }
        well = await hearth(tmp_path, "check", HEARTH_DISCORD__TOKEN=discord.token, **there)
        wrong = await hearth(tmp_path, "check", HEARTH_DISCORD__TOKEN="wrong.token", **there)
        tokens = (discord.token, telegram.token)

    assert well.code == 0, well.out
    assert wrong.code == 1
    assert "FIX  discord: " in wrong.out
    assert "ok   telegram: " in wrong.out
    assert not [token for token in tokens if token in well.out + well.err + wrong.out + wrong.err]

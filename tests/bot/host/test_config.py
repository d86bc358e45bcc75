"""A wrong configuration is reported exactly: file, key, reason, and never the value of a secret."""

import re
from pathlib import Path

import pytest

from adapters.telegram.config import Section as Telegram
from bot.host.config import ConfigError, keys, load, shown

TOKEN = "MTA4.very-secret-token"  # a value that no message may repeat


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Removes this machine's variables, and hides a config.toml that lies around."""
    import os  # noqa: PLC0415 - only to know which variables to remove

    for name in [name for name in os.environ if name.upper().startswith("HEARTH_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "hearth.toml"


def complaint(file: Path, text: str) -> str:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load(file)
    return str(error.value)


def test_nothing_is_needed() -> None:
    """Without a file and without variables there is a console on SQLite, and every key has its default."""
    config = load()

    assert config.platforms == ()
    assert config.store.url.get_secret_value() == "sqlite:///data/hearth.db"
    assert config.web.host == "127.0.0.1"
    assert config.secrets == ()


def test_config_toml_is_found() -> None:
    """`config.toml` in the working folder is read without being named."""
    Path("config.toml").write_text('[telegram]\ntoken = "1:x"\n', encoding="utf-8")

    assert load().platforms == ("telegram",)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[discord]\ntokn = "{secret}"', "discord.tokn: unknown key"),
        ('[dicsord]\ntoken = "{secret}"', "dicsord: unknown key"),
        ('colour = "{secret}"', "colour: unknown key"),
        ('[discord]\ntoken = "{secret}"\nshards = "many"', "discord.shards: write a whole number"),
        ('[discord]\ntoken = "{secret}"\nshards = 0', "discord.shards: it must be at least 1"),
        ('[discord]\ntoken = "{secret}"\napplication_id = -1', "discord.application_id: it must be more than 0"),
        ('[discord]\ntoken = ["{secret}"]', "discord.token: write text, in quotes"),
        (
            '[discord]\ntoken = "{secret}"\ngateway_url = "http://{secret}"',
            "discord.gateway_url: it is not of the form",
        ),
        ('[telegram]\ntoken = "{secret}"\nmode = "{secret}"', "telegram.mode: write one of 'poll' or 'webhook'"),
        ('[telegram]\ntoken = "{secret}"\nmode = "webhook"', "web.public_url: missing"),
        ('[telegram]\ntoken = "{secret}"\napi_url = "{secret}"', "telegram.api_url: write an address"),
        (
            '[telegram]\ntoken = "{secret}"\napi_url = "https://host/?key={secret}"',
            "telegram.api_url: nothing may follow",
        ),
        (
            '[discord]\ntoken = "{secret}"\napi_url = "https://me:{secret}@host/"',
            "discord.api_url: no name and no passw",
        ),
        ("[discord]\nshards = 1", "discord.token: missing; set it here or as HEARTH_DISCORD__TOKEN"),
        ('[telegram]\ntoken = ""', "telegram.token: missing; set it here or as HEARTH_TELEGRAM__TOKEN"),
        ('[web]\nhost = "x"\nproxies = "{secret}"', "web.proxies: write a list"),
        (
            '[discord]\ntoken = "{secret}"\nmessage_content = "maybe"',
            "discord.message_content: write true or false or write one of 'auto'",
        ),
        ('web = "{secret}"', "web: write a section, such as [store]"),
        ("[web]\nport = 70000", "web.port: it must be at most 65535"),
        ('[log]\nlevel = "loud"', "log.level: write one of 'debug', 'info', 'warning' or 'error'"),
    ],
)
def test_what_is_wrong_is_said(file: Path, text: str, line: str) -> None:
    """The message has file, key and reason, and does not repeat the value."""
    said = complaint(file, text.replace("{secret}", TOKEN))

    assert said.startswith(f"{file}: {line}")
    assert TOKEN not in said
    assert "\n" not in said


def test_everything_wrong_is_said_at_once(file: Path) -> None:
    """One line each, so that one start shows all that must be fixed."""
    said = complaint(file, '[discord]\ntokn = "x"\nshards = "y"\n[web]\nport = "z"\n')

    assert [line.split(": ")[1] for line in said.splitlines()] == ["discord.shards", "discord.tokn", "web.port"]


@pytest.mark.parametrize("text", [f'[discord\ntoken = "{TOKEN}"', f"[discord]\ntoken = {TOKEN}", "a = 1\na = 2"])
def test_broken_toml_is_said_with_its_line(file: Path, text: str) -> None:
    """It names the place of the error, not its text."""
    said = complaint(file, text)

    assert said.startswith(f"{file}: ")
    assert re.search(r"line \d|end of document", said)
    assert TOKEN not in said


def test_text_that_is_no_text_is_said(file: Path) -> None:
    """A file in another encoding gets a plain sentence too."""
    file.write_bytes(b'[discord]\ntoken = "\xff\xfe"\n')

    with pytest.raises(ConfigError, match=r"hearth\.toml"):
        load(file)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A named file must exist; a folder is none."""
    for missing in (tmp_path / "nowhere.toml", tmp_path):
        with pytest.raises(ConfigError, match=re.escape(f"{missing}: there is no such file")):
            load(missing)


def test_the_environment_wins(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable changes its own key and leaves the others as the file has them."""
    file.write_text('[telegram]\ntoken = "from-file"\nmode = "poll"\n[log]\nlevel = "error"\n', encoding="utf-8")
    monkeypatch.setenv("HEARTH_TELEGRAM__TOKEN", TOKEN)
    monkeypatch.setenv("HEARTH_LOG__FORMAT", "json")

    config = load(file)

    assert config.of(Telegram).secret == TOKEN
    assert (config.log.level, config.log.format) == ("error", "json")


def test_a_wrong_variable_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in the environment is not blamed on the file."""
    file.write_text('[discord]\ntoken = "x"\nshards = 2\n', encoding="utf-8")
    monkeypatch.setenv("HEARTH_DISCORD__SHARDS", TOKEN)

    with pytest.raises(ConfigError) as error:
        load(file)

    assert str(error.value).startswith("HEARTH_DISCORD__SHARDS: discord.shards: ")
    assert TOKEN not in str(error.value)


def test_a_variable_that_cannot_be_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole section may come as JSON; if it is not JSON, its text is not repeated."""
    monkeypatch.setenv("HEARTH_DISCORD", f'{{"token": "{TOKEN}"')

    with pytest.raises(ConfigError) as error:
        load()

    assert "discord" in str(error.value)
    assert TOKEN not in str(error.value)


def test_a_store_may_be_named_at_the_door() -> None:
    """The command line's database wins over everything."""
    assert load(store="sqlite:///other.db").store.url.get_secret_value() == "sqlite:///other.db"


@pytest.mark.parametrize(
    ("url", "secrets"),
    [
        ("sqlite:///data/hearth.db", ()),
        ("postgresql://me@host/db", ()),
        ("postgresql://me:pa:ss@host/db", ("pa:ss",)),
        ("postgresql://me:p@ss@host/db", ("p@ss",)),
        ("postgresql://host/db?user=me&password=hidden-one&sslmode=off", ("hidden-one",)),
    ],
)
def test_every_secret_is_known(url: str, secrets: tuple[str, ...], file: Path) -> None:
    """Tokens, webhook secrets and the store's password: what the logs must never show."""
    file.write_text(
        '[discord]\ntoken = "d"\n[telegram]\ntoken = "t"\nwebhook_secret = "w"\n',
        encoding="utf-8",
    )

    config = load(file, store=url)

    assert sorted(config.secrets) == sorted((*secrets, "d", "t", "w"))


def test_an_address_may_hold_secrets(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password, a name in its place, a proxy's, and a key; but never the address itself."""
    monkeypatch.setenv("HTTPS_PROXY", "http://me:of-the-proxy@proxy:3128")
    file.write_text(
        '[discord]\ntoken = "d"\ngateway_url = "wss://host/?v=10&key=of-the-gateway"\n'
        '[telegram]\ntoken = "t"\napi_url = "https://me:of-telegram@host/there"\n'
        '[web]\npublic_url = "https://instead-of-a-password@host/"\n',
        encoding="utf-8",
    )

    secrets = {*load(file).secrets}

    assert secrets == {"d", "t", "of-the-proxy", "of-the-gateway", "of-telegram", "instead-of-a-password"}


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://me:secret@host:81/there", "https://host:81/there"),
        ("https://host/?key=secret", "https://host/?…"),
        ("https://host", "https://host"),
    ],
)
def test_an_address_is_told_without_them(address: str, told: str) -> None:
    """It says where, and not as which user."""
    assert shown(address) == told


def test_a_config_shown_shows_no_secret(file: Path) -> None:
    """Neither as text nor as a representation, wherever it may be printed."""
    file.write_text(f'[discord]\ntoken = "{TOKEN}"\n', encoding="utf-8")

    config = load(file, store=f"postgresql://me:{TOKEN}@host/db")

    assert TOKEN not in f"{config!s} {config!r} {config.model_dump()} {config.model_dump_json()}"


def test_every_key_is_known_with_its_default() -> None:
    """A writer of documentation gets all of them."""
    found = keys()

    assert {"store.url", "discord.token", "telegram.mode", "web.public_url", "log.level"} <= set(found)
    assert found["telegram.mode"] == "poll"
    assert found["discord.token"] is None

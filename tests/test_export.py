"""Exports as an operator meets them: files are whole or absent, and one clear sentence explains a failure."""

import json
from pathlib import Path
from subprocess import CompletedProcess

import jsonschema
import pytest

from tests.test_docs import HERE, blocks, hearth

TALK = """
admin owner
ann: hello
bob: hello
ann: /consent named
ann: /ask How do I cancel a task in asyncio? #python
bob: /answer 1 Call `task.cancel()`, @ann. Yours, bob
ann: /accept 2
ann: /ask Where is the tea kept?
bob: /answer 3 In the kitchen.
"""
NOW = "2026-03-01T12:00:00"


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database with answered questions."""
    folder = tmp_path_factory.mktemp("talk")
    console = ("console", "--store", "sqlite:///talk.db", "--script", "-", "--now", NOW)
    assert hearth(*console, cwd=folder, text=TALK).returncode == 0
    return (folder / "talk.db").read_bytes()


@pytest.fixture
def folder(tmp_path: Path, talk: bytes) -> Path:
    (tmp_path / "talk.db").write_bytes(talk)
    (tmp_path / "config.toml").write_text('[store]\nurl = "sqlite:///talk.db"\n', encoding="utf-8")
    return tmp_path


def exports(folder: Path, *words: str) -> "CompletedProcess[str]":
    done = hearth("export", *words, cwd=folder)
    assert "Traceback" not in done.stderr
    return done


def files(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_questions_as_json(folder: Path) -> None:
    """One document, as docs/archive.md describes it; on standard output, or whole in a file; the same each time."""
    (schema,) = blocks(HERE / "docs" / "archive.md", "json")
    ended = exports(folder, "questions")
    again = exports(folder, "questions", "--format", "json", "--output", "new/questions.json")

    assert (ended.returncode, ended.stderr) == (0, "")
    found = json.loads(ended.stdout)
    jsonschema.validate(found, json.loads(schema))
    assert [each["number"] for each in found["questions"]] == [1]
    assert found["questions"][0]["author"] == "ann"
    assert found["questions"][0]["answers"][0]["text"] == "Call `task.cancel()`, @ann. Yours, a member"
    assert again.stdout == "questions written to new/questions.json: 1\n"
    assert files(folder / "new") == {"questions.json": ended.stdout.encode()}


def test_questions_as_markdown(folder: Path) -> None:
    """One file for each and an index, the same each time; questions no longer published are gone."""
    assert (exports(folder, "questions", "--all", "--format", "md", "--output", "out")).returncode == 0
    every = files(folder / "out")
    (folder / ".out.new").mkdir()
    assert (exports(folder, "questions", "--format", "md", "--output", "out")).returncode == 0
    solved = files(folder / "out")

    tea = "3-where-is-the-tea-kept.md"
    assert sorted(every) == [".hearth-export", "1-how-do-i-cancel-a-task-in-asyncio.md", tea, "index.md"]
    assert every.keys() - solved.keys() == {tea}
    assert {name for name in solved if solved[name] != every[name]} == {"index.md"}
    assert not [each.name for each in folder.iterdir() if each.name.startswith(".out")]


def test_questions_as_a_site(folder: Path) -> None:
    """With the given title and address; without a title, the community's name."""
    done = exports(folder, "site", "--output", "site", "--url", "https://a.example/qa/", "--title", "Tea & <co>")
    page = (folder / "site" / "questions" / "1.html").read_text(encoding="utf-8")

    assert (done.returncode, done.stdout) == (0, "questions written to site: 1\n")
    assert "<title>How do I cancel a task in asyncio? · Tea &amp; &lt;co&gt;</title>" in page
    assert "https://a.example/qa/questions/1.html" in page
    assert "Yours, a member" in page
    assert exports(folder, "site", "--output", "site").returncode == 0
    assert "asyncio? · Hearth</title>" in (folder / "site" / "questions" / "1.html").read_text(encoding="utf-8")


def test_what_is_documented_can_be_typed(folder: Path) -> None:
    """The commands of docs/archive.md write what they say, one after the other."""
    (commands,) = blocks(HERE / "docs" / "archive.md", "sh")
    for line in commands.splitlines():
        done = exports(folder, *line.removeprefix("hearth export ").split())
        assert done.returncode == 0, done.stderr

    assert sorted(each.name for each in folder.iterdir() if each.name[:4] in ("ques", "site")) == [
        "questions", "questions.json", "site",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("questions", "--format", "md"), "say where to with --output"),
        (("questions", "--format", "md", "--output", "mine"), "is not empty, and no export of ours"),
        (("questions", "--format", "md", "--output", "mixed"), "holds notes.txt, which no export put there"),
        (("questions", "--format", "md", "--output", "talk.db"), "is a file; name a folder"),
        (("questions", "--output", "mine"), "is a folder; name a file"),
        (("questions", "--output", "talk.db/x.json"), "talk.db: "),
        (("questions", "--community", "5"), "say which community with --community and its number: "),
        (("questions", "--format", "pdf"), "--format"),
        (("site",), "--output"),
        (("site", "--output", "mine"), "is not empty, and no export of ours"),
        (("site", "--output", "mixed"), "holds notes.txt, which no export put there"),
        (("site", "--output", "fresh"), ".fresh.old holds notes.txt, which no export put there"),
        (("site", "--output", "new", "--url", "javascript:alert(1)"), "an address such as https://"),
        (("site", "--output", "new", "--url", "https://a.example/?x"), "an address such as https://"),
    ],
)
def test_what_cannot_be_exported(folder: Path, words: tuple[str, ...], said: str) -> None:
    """One sentence says so, with exit 2, and nothing is touched."""
    for name in ("mine/notes.txt", "mixed/notes.txt", "mixed/.hearth-export", ".fresh.old/notes.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    before = files(folder)
    ended = exports(folder, *words)

    assert ended.returncode == 2
    assert said in ended.stderr
    assert {name: text for name, text in files(folder).items() if not name.startswith("talk.db-")} == before


def test_nothing_to_export(tmp_path: Path) -> None:
    """A database that is not migrated, or that nobody ever used."""
    (tmp_path / "config.toml").write_text('[store]\nurl = "sqlite:///talk.db"\n', encoding="utf-8")
    (tmp_path / "talk.db").touch()
    before = exports(tmp_path, "questions")
    hearth("migrate", cwd=tmp_path)
    after = exports(tmp_path, "questions")

    assert (before.returncode, "run `hearth migrate`" in before.stderr) == (2, True)
    assert (after.returncode, "there is no community yet" in after.stderr) == (2, True)

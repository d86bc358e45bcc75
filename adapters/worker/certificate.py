"""Draws the certificate: the member, the reason, the community, and the code that proves it, as a picture or a page."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from math import cos, pi, sin
from typing import Any

from PIL import Image

from adapters.worker.lettering import REGULAR, STRONG, Glyph, fitted, glyphs, width, write
from adapters.worker.shapes import THEMES, Theme, polygon, rounded

#: A4 landscape, at so many dots per inch
WIDTH, HEIGHT, DENSITY = 1684, 1190, 144
#: where the frame begins, how thick it is, and where words may begin
FRAME, LINE, MARGIN = 56, 6, 150
MIDDLE = WIDTH / 2
ROOM = WIDTH - 2 * MARGIN
#: sizes of the name, as long as it fits; then it is cut
SIZES = (104, 92, 80, 68, 58)
#: sizes of the reason: the largest that fits on so many lines
TITLES = ((54, 1), (46, 2), (38, 3), (32, 4))
#: of the seal: how far out its points are, and how many
SEAL, POINTS = 58, 24
#: JPEG quality of the page: letters stay sharp
QUALITY = 92


def draw(values: Mapping[str, Any]) -> bytes:
    theme = THEMES.get(values["theme"], THEMES["light"])
    canvas = Image.new("RGB", (WIDTH, HEIGHT), theme.ground)
    _frame(canvas, theme)
    _centred(canvas, 190, glyphs(values["community"], STRONG), 40, theme.quiet)
    _centred(canvas, 296, glyphs(values["heading"], STRONG), 84, theme.accent)
    _centred(canvas, 388, glyphs(values["to"]), 34, theme.quiet)
    _name(canvas, values["name"], theme)
    _centred(canvas, 600, glyphs(values["for"]), 34, theme.quiet)
    _title(canvas, values["title"], theme)
    _seal(canvas, theme)
    _foot(canvas, values, theme)
    out = BytesIO()
    if values.get("media") == "application/pdf":
        canvas.save(
            out, "PDF", resolution=DENSITY, quality=QUALITY, title=values["about"], creationDate=None, modDate=None
        )
    else:
        canvas.save(out, "PNG", optimize=True)
    return out.getvalue()


def _frame(canvas: Image.Image, theme: Theme) -> None:
    """Draw two lines, the inner one thin."""
    for inset, thick, colour in ((FRAME, LINE, theme.accent), (FRAME + 20, 2, theme.quiet)):
        rounded(canvas, (inset, inset, WIDTH - inset, HEIGHT - inset), 22, colour)
        inner = inset + thick
        rounded(canvas, (inner, inner, WIDTH - inner, HEIGHT - inner), 22 - thick, theme.ground)


def _centred(canvas: Image.Image, baseline: int, line: Sequence[Glyph], size: int, colour: str) -> None:
    write(canvas, (MIDDLE, baseline), fitted(line, size, ROOM), size, colour, "m")


def _name(canvas: Image.Image, name: str, theme: Theme) -> None:
    line = glyphs(name, STRONG)
    size = next((size for size in SIZES if width(line, size) <= ROOM), SIZES[-1])
    _centred(canvas, 516, line, size, theme.words)


def _title(canvas: Image.Image, title: str, theme: Theme) -> None:
    """Draw the title around one height, as far as there is room above it."""
    line = glyphs(title, STRONG)
    size, most = next((each for each in TITLES if len(_lines(line, each[0])) <= each[1]), TITLES[-1])
    lines = _lines(line, size)
    if len(lines) > most:
        rest = [glyph for each in lines[most - 1 :] for glyph in (*each, Glyph(" ", REGULAR[0]))]
        lines = [*lines[: most - 1], rest]
    step = round(size * 1.4)
    top = max(704 - step * (len(lines) - 1) // 2, 664)
    for number, each in enumerate(lines):
        _centred(canvas, top + number * step, each, size, theme.words)


def _lines(line: Sequence[Glyph], size: int) -> list[list[Glyph]]:
    """Break text into lines between words, and inside text without spaces, such as Chinese."""
    lines: list[list[Glyph]] = [[]]
    room = ROOM * 0.9
    for word in _words(line):
        if lines[-1] and width([*lines[-1], *word], size) > room:
            lines.append([])
        lines[-1] += word if lines[-1] else [glyph for glyph in word if glyph.text != " "]
    return [each for each in lines if each] or [[]]


def _words(line: Sequence[Glyph]) -> list[list[Glyph]]:
    """Words, each with the blank before it; a Chinese character or an emoji is a word."""
    words: list[list[Glyph]] = []
    for before, glyph in zip([None, *line], line, strict=False):
        alone = any(each is None or each.font not in (*REGULAR[:1], *STRONG[:1]) for each in (before, glyph))
        if glyph.text == " " or (alone and not (before and before.text == " ")):
            words.append([glyph])
        else:
            words[-1].append(glyph)
    return words


def _seal(canvas: Image.Image, theme: Theme) -> None:
    """Draw a star with many points and a star in it, like a stamp."""
    middle = MIDDLE, 888.0
    polygon(canvas, _star(middle, SEAL, SEAL - 8, POINTS), theme.accent)
    rounded(canvas, _round(middle, SEAL - 15), SEAL - 15, theme.ground)
    rounded(canvas, _round(middle, SEAL - 18), SEAL - 18, theme.accent)
    polygon(canvas, _star(middle, 26, 11, 5), theme.ground)


def _star(middle: tuple[float, float], far: float, near: float, points: int) -> list[tuple[float, float]]:
    turns = [(pi * number / points, near if number % 2 else far) for number in range(points * 2)]
    return [(middle[0] + sin(turn) * away, middle[1] - cos(turn) * away) for turn, away in turns]


def _round(middle: tuple[float, float], radius: float) -> tuple[int, int, int, int]:
    x, y = middle
    return round(x - radius), round(y - radius), round(x + radius), round(y + radius)


def _foot(canvas: Image.Image, values: Mapping[str, Any], theme: Theme) -> None:
    """Draw the day on the left; on the right the code, and how to look it up."""
    half = ROOM / 2 - 100
    write(canvas, (MARGIN, 1052), fitted(glyphs(values["date"]), 32, half), 32, theme.words)
    code = fitted(glyphs(values["code"], STRONG), 36, half)
    write(canvas, (WIDTH - MARGIN, 1004), code, 36, theme.words, "r")
    write(canvas, (WIDTH - MARGIN, 1052), fitted(glyphs(values["how"]), 24, half), 24, theme.quiet, "r")

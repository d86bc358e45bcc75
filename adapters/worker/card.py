"""Draws the rank card: the member, the level, the points to the next, and their badges; its words come as values."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from typing import Any

from PIL import Image

from adapters.worker.lettering import REGULAR, STRONG, Glyph, fitted, glyphs, width, write
from adapters.worker.shapes import THEMES, Theme, rounded

WIDTH, HEIGHT, FOOT = 960, 288, 84
MARGIN = 48
#: the disc with the first letter of the name, and where the words beside it begin
DISC = 152
LEFT = MARGIN + DISC + 40
RIGHT = WIDTH - MARGIN
BAR_TOP, BAR_HEIGHT = 178, 18
#: sizes of the name, as long as it fits; then it is cut
SIZES = (46, 42, 38, 34)
#: the width for the level's number and its word
CORNER = 240
BADGES = 6


#: a line and its colour
Words = tuple[Sequence[Glyph], str]


#: colours of discs, all equally dark, on which white is readable in either theme
DISCS = ("#b4552d", "#a3691f", "#5d7a2e", "#2e7d5b", "#27788c", "#3f66b0", "#6a55b5", "#a24a86")


def draw(values: Mapping[str, Any]) -> bytes:
    theme = THEMES.get(values["theme"], THEMES["dark"])
    chips = _chips(values)
    canvas = Image.new("RGB", (WIDTH, HEIGHT + (FOOT if chips else 0)), theme.ground)
    _disc(canvas, values)
    level = _level(canvas, values, theme)
    _name(canvas, values["name"], theme, RIGHT - level - 32)
    _progress(canvas, values, theme)
    _foot(canvas, chips, theme)
    out = BytesIO()
    canvas.save(out, "PNG", optimize=True)
    return out.getvalue()


def _disc(canvas: Image.Image, values: Mapping[str, Any]) -> None:
    colour = DISCS[sha256(str(values["seed"]).encode(errors="replace")).digest()[0] % len(DISCS)]
    top = (HEIGHT - DISC) // 2
    rounded(canvas, (MARGIN, top, MARGIN + DISC, top + DISC), DISC / 2, colour)
    first = next((glyph for glyph in glyphs(values["name"].upper(), STRONG) if glyph.text.strip()), None)
    if first:
        size = 72 if first.font else 78
        write(canvas, (MARGIN + DISC / 2, HEIGHT / 2 + size * 0.36), [first], size, "#ffffff", "m")


def _level(canvas: Image.Image, values: Mapping[str, Any], theme: Theme) -> float:
    """Draw the level in the upper right corner; return its width."""
    number: Sequence[Glyph] = glyphs(values["level"], STRONG)
    size = next((size for size in (64, 52, 40, 30) if width(number, size) <= CORNER), 24)
    number = fitted(number, size, CORNER)
    label = fitted(glyphs(values["level_label"]), 24, CORNER)
    drawn = write(canvas, (RIGHT, 104), number, size, theme.accent, "r")
    return drawn + 12 + write(canvas, (RIGHT - drawn - 12, 104), label, 24, theme.quiet, "r")


def _name(canvas: Image.Image, name: str, theme: Theme, right: float) -> None:
    line, room = glyphs(name, STRONG), right - LEFT
    size = next((size for size in SIZES if width(line, size) <= room), SIZES[-1])
    write(canvas, (LEFT, 104), fitted(line, size, room), size, theme.words)


def _progress(canvas: Image.Image, values: Mapping[str, Any], theme: Theme) -> None:
    _pair(canvas, 156, (glyphs(values["rank"]), theme.quiet), (glyphs(values["score"]), theme.quiet))
    _bar(canvas, values["permille"], theme)
    done, missing = glyphs(values["done"], STRONG), glyphs(values["missing"])
    _pair(canvas, BAR_TOP + BAR_HEIGHT + 38, (done, theme.words), (missing, theme.quiet))


def _pair(canvas: Image.Image, baseline: int, left: Words, right: Words) -> None:
    """Draw a pair at both ends of a line: each may have half of it, and what the other leaves free."""
    whole = RIGHT - LEFT - 24
    size = next((size for size in (25, 21) if width(left[0], size) + width(right[0], size) <= whole), 18)
    begun = fitted(left[0], size, max(whole / 2, whole - width(right[0], size)))
    write(canvas, (LEFT, baseline), begun, size, left[1])
    ended = fitted(right[0], size, whole - width(begun, size))
    write(canvas, (RIGHT, baseline), ended, size, right[1], "r")


def _bar(canvas: Image.Image, permille: int, theme: Theme) -> None:
    """Draw the bar; it is never shorter than it is high, except at zero, when there is none."""
    rounded(canvas, (LEFT, BAR_TOP, RIGHT, BAR_TOP + BAR_HEIGHT), BAR_HEIGHT / 2, theme.raised)
    if permille > 0:
        length = max(BAR_HEIGHT, round((RIGHT - LEFT) * min(permille, 1000) / 1000))
        rounded(canvas, (LEFT, BAR_TOP, LEFT + length, BAR_TOP + BAR_HEIGHT), BAR_HEIGHT / 2, theme.accent)


def _chips(values: Mapping[str, Any]) -> list[Sequence[Glyph]]:
    badges = [f"{badge['emoji']} {badge['name']}" for badge in values.get("badges", [])[:BADGES]]
    said = [text for text in (values.get("streak"), *badges) if text]
    return [fitted(glyphs(text, REGULAR), 24, 250) for text in said]


def _foot(canvas: Image.Image, chips: Sequence[Sequence[Glyph]], theme: Theme) -> None:
    """Draw as many of them as fit on one line."""
    x, top = MARGIN, HEIGHT - 8
    for chip in chips:
        right = x + round(width(chip, 24)) + 36
        if right > RIGHT:
            break
        rounded(canvas, (x, top, right, top + 48), 24, theme.raised)
        write(canvas, (x + 18, top + 33), chip, 24, theme.words)
        x = right + 12

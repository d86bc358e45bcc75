"""Words set in type: any text becomes glyphs of the fonts we carry, small pictures for emoji, and nothing else.

Nothing is asked of the machine's own fonts or of a shaping library, so that a picture is the same wherever it is made.
"""

import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).with_name("fonts")
HAN = "NotoSansCJKsc-Regular.otf"
#: the first that has a character draws it
REGULAR = ("NotoSans-Regular.ttf", HAN)
STRONG = ("NotoSans-Bold.ttf", HAN)
#: there is no strong cut of Han among them, for its size; this share of the size is drawn around it instead
STRENGTH = 0.016
#: stands for what no font of ours can draw
UNKNOWN = "·"
MORE = "…"
#: beyond so many marks on one letter it is no writing
MARKS = 2
#: longer texts are cut before anything is measured: no more than this could be seen
LONGEST = 200
#: what follows an emoji without being one: how it is shown, and the tones of its skin
SHOWN_AS = frozenset({"\ufe0e", "\ufe0f", *map(chr, range(0x1F3FB, 0x1F400))})
AS_PICTURE = "\ufe0f"
#: below it a character is writing first, such as a digit or ©, unless it asks for its picture
PICTURES = "\U0001f000"
#: an emoji is set a little larger than the letters beside it
EMOJI_SCALE = 1.16


@dataclass(frozen=True, slots=True)
class Glyph:
    """One thing to draw: writing in one font, or the picture of an emoji."""

    text: str
    #: a file of ours; None for an emoji
    font: str | None
    strong: bool = False


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _has(name: str, character: str) -> bool:
    """A character that a font does not have is drawn as its missing glyph, which no other looks like."""
    font = _font(name, 24)
    return bytes(font.getmask(character)) != bytes(font.getmask("\U0010ffff")) or not character.strip()


@cache
def _emoji() -> dict[str, str]:
    """The sequences that have a picture, and the entry of the archive that holds it."""
    with zipfile.ZipFile(FONTS / "emoji.zip") as archive:
        names = archive.namelist()
    return {"".join(chr(int(code, 16)) for code in name.removesuffix(".png").split("-")): name for name in names}


@cache
def _picture(sequence: str, size: int) -> Image.Image:
    with zipfile.ZipFile(FONTS / "emoji.zip") as archive, archive.open(_emoji()[sequence]) as entry:
        image = Image.open(BytesIO(entry.read())).convert("RGBA")
    return image.resize((size, round(size * image.height / image.width)), Image.Resampling.LANCZOS)


def glyphs(text: str, fonts: Sequence[str] = REGULAR) -> list[Glyph]:
    """What can be seen of a text, in the order it was written; what steers, hides or turns text around is left out."""
    return list(_glyphs(unicodedata.normalize("NFC", " ".join(text[:LONGEST].split())), fonts))


def _glyphs(text: str, fonts: Sequence[str]) -> Iterator[Glyph]:
    at, marks = 0, 0
    while at < len(text):
        sequence, end = _longest_emoji(text, at)
        if sequence and _is_picture(text[at:end], sequence, fonts):
            yield Glyph(sequence, None)
            at = end
            continue
        character, at = text[at], at + 1
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category[0] == "C" or category in ("Zl", "Zp") or character in SHOWN_AS or marks > MARKS:
            continue
        font = next((name for name in fonts if _has(name, character)), None)
        if font or not marks:
            yield Glyph(character, font, fonts is STRONG) if font else Glyph(UNKNOWN, fonts[0])


def _longest_emoji(text: str, at: int) -> tuple[str, int]:
    """The longest sequence with a picture that begins here, and where it ends; tones of skin and the like are skipped.

    What is joined to it and has no picture in that company shows by itself: the parts of a family beside one another.
    """
    found, end, sequence = "", at, ""
    for position in range(at, min(at + 24, len(text))):
        character = text[position]
        if character in SHOWN_AS and sequence:
            end = position + 1 if found == sequence else end
            continue
        sequence += character
        if sequence in _emoji():
            found, end = sequence, position + 1
        elif not any(known.startswith(sequence) for known in _starting(sequence[0])):
            break
    return found, end


@cache
def _starting(character: str) -> tuple[str, ...]:
    return tuple(sequence for sequence in _emoji() if sequence[0] == character)


def _is_picture(written: str, sequence: str, fonts: Sequence[str]) -> bool:
    if len(sequence) > 1 or AS_PICTURE in written or sequence >= PICTURES:
        return True
    return not any(_has(name, sequence) for name in fonts)


def _width(glyph: Glyph, size: int) -> float:
    return _font(glyph.font, size).getlength(glyph.text) if glyph.font else size * EMOJI_SCALE


def width(line: Sequence[Glyph], size: int) -> float:
    return sum(_width(glyph, size) for glyph in line)


def fitted(line: Sequence[Glyph], size: int, room: float) -> Sequence[Glyph]:
    """As much of it as there is room for, and a sign that there is more."""
    if width(line, size) <= room:
        return line
    more = Glyph(MORE, REGULAR[0])
    kept, left = list[Glyph](), room - _width(more, size)
    for glyph in line:
        left -= _width(glyph, size)
        if left < 0:
            break
        kept.append(glyph)
    while kept and kept[-1].text == " ":
        kept.pop()
    return [*kept, more]


def write(
    canvas: Image.Image, at: tuple[float, float], line: Sequence[Glyph], size: int, colour: str, anchor: str = "l"
) -> float:
    """Set the line with its baseline there, from the left, to the right or around the middle; how wide it came."""
    drawn = width(line, size)
    x, baseline = at[0] - {"l": 0.0, "m": drawn / 2, "r": drawn}[anchor], at[1]
    pen = ImageDraw.Draw(canvas)
    for glyph in line:
        if glyph.font:
            around = size * STRENGTH if glyph.strong and glyph.font == HAN else 0
            pen.text((x, baseline), glyph.text, colour, _font(glyph.font, size), anchor="ls", stroke_width=around)
        else:
            picture = _picture(glyph.text, round(size * EMOJI_SCALE * 0.94))
            top = baseline - size * 0.36 - picture.height / 2
            canvas.paste(picture, (round(x + size * EMOJI_SCALE * 0.03), round(top)), picture)
        x += _width(glyph, size)
    return drawn

"""Sets words in type: any text becomes glyphs of the fonts we carry, and small pictures for emoji.

It uses neither the machine's own fonts nor a shaping library, so that a picture is the same on every machine.
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
#: the first font that has a character draws it
REGULAR = ("NotoSans-Regular.ttf", HAN)
STRONG = ("NotoSans-Bold.ttf", HAN)
#: there is no bold Han font among them, because of its size; instead we draw an outline of this share of the size
STRENGTH = 0.016
#: replaces what none of our fonts can draw
UNKNOWN = "·"
MORE = "…"
#: with more marks on one letter it is not writing
MARKS = 2
#: longer texts are cut before they are measured, since no more could be seen
LONGEST = 200
#: characters that follow an emoji without being one: how to show it, and skin tones
SHOWN_AS = frozenset({"\ufe0e", "\ufe0f", *map(chr, range(0x1F3FB, 0x1F400))})
AS_PICTURE = "\ufe0f"
#: characters below it are writing first, such as a digit or ©, unless they ask for their picture
PICTURES = "\U0001f000"
#: an emoji is slightly larger than the letters beside it
EMOJI_SCALE = 1.16


@dataclass(frozen=True, slots=True)
class Glyph:
    """One thing to draw: text in one font, or the picture of an emoji."""

    text: str
    #: one of our font files; None for an emoji
    font: str | None
    strong: bool = False


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _has(name: str, character: str) -> bool:
    """Whether the font has the character; if not, it draws its missing glyph, which looks like no other."""
    font = _font(name, 24)
    return bytes(font.getmask(character)) != bytes(font.getmask("\U0010ffff")) or not character.strip()


@cache
def _emoji() -> dict[str, str]:
    """The sequences that have a picture, and the archive's entry that holds it."""
    with zipfile.ZipFile(FONTS / "emoji.zip") as archive:
        names = archive.namelist()
    return {"".join(chr(int(code, 16)) for code in name.removesuffix(".png").split("-")): name for name in names}


@cache
def _picture(sequence: str, size: int) -> Image.Image:
    with zipfile.ZipFile(FONTS / "emoji.zip") as archive, archive.open(_emoji()[sequence]) as entry:
        image = Image.open(BytesIO(entry.read())).convert("RGBA")
    return image.resize((size, round(size * image.height / image.width)), Image.Resampling.LANCZOS)


def glyphs(text: str, fonts: Sequence[str] = REGULAR) -> list[Glyph]:
    """The visible glyphs of a text, in the order written; control, hidden and direction characters are left out."""
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
    """The longest sequence with a picture that begins here, and where it ends; skin tones and the like are skipped.

    If joined emoji have no picture together, each shows its own: the members of a family beside one another.
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
    """As much of it as fits, and a sign that there is more."""
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
    """Draw the line with its baseline there, from the left, to the right or centred; return its width."""
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

"""Draws what all pictures share besides words: the colours of the theme, and shapes with smooth edges."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

#: shapes are drawn so many times larger and then made smaller, which makes their edges smooth
FINE = 4


@dataclass(frozen=True, slots=True)
class Theme:
    ground: str
    raised: str
    words: str
    quiet: str
    accent: str


THEMES = {
    "dark": Theme("#17181d", "#282a32", "#f3f3f5", "#a3a6b1", "#f2a65a"),
    "light": Theme("#fbfaf8", "#eceae5", "#1e1f24", "#62656f", "#b85c12"),
}


def rounded(canvas: Image.Image, box: tuple[int, int, int, int], radius: float, colour: str) -> None:
    left, top, right, bottom = box
    size = right - left, bottom - top
    mask = Image.new("L", (size[0] * FINE, size[1] * FINE))
    corner = (0, 0, mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(corner, radius * FINE, fill=255)
    _paint(canvas, mask, (left, top), colour)


def polygon(canvas: Image.Image, corners: Sequence[tuple[float, float]], colour: str) -> None:
    left, top = (int(min(each[axis] for each in corners)) for axis in (0, 1))
    right, bottom = (int(max(each[axis] for each in corners)) + 1 for axis in (0, 1))
    mask = Image.new("L", ((right - left) * FINE, (bottom - top) * FINE))
    ImageDraw.Draw(mask).polygon([((x - left) * FINE, (y - top) * FINE) for x, y in corners], fill=255)
    _paint(canvas, mask, (left, top), colour)


def _paint(canvas: Image.Image, mask: Image.Image, at: tuple[int, int], colour: str) -> None:
    size = mask.width // FINE, mask.height // FINE
    canvas.paste(Image.new("RGB", size, colour), at, mask.resize(size, Image.Resampling.LANCZOS))

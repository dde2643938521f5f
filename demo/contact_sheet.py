"""Pictures made smaller, and all of them on one sheet."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

TILE_HEIGHT = 420
CAPTION_HEIGHT = 30
GAP = 24
SHEET_WIDTH = 2400
PAPER = "#D5DED8"
INK = "#0A1B15"


def shrink(path: Path, *, colours: int = 256) -> None:
    """Save a PNG with a palette: a third of the bytes, and hardly a difference to see."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(colours, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def compose(pictures: Sequence[Path], out: Path) -> None:
    """One sheet with every picture in rows, each with its name below."""
    tiles = [(path.stem, _tile(path)) for path in pictures]
    rows = _rows([tile.width for _, tile in tiles])
    height = GAP + len(rows) * (TILE_HEIGHT + CAPTION_HEIGHT + GAP)
    sheet = Image.new("RGB", (SHEET_WIDTH, height), PAPER)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(18)
    for line, row in enumerate(rows):
        left, top = GAP, GAP + line * (TILE_HEIGHT + CAPTION_HEIGHT + GAP)
        for index in row:
            name, tile = tiles[index]
            sheet.paste(tile, (left, top))
            pen.text((left, top + TILE_HEIGHT + 6), name, fill=INK, font=font)
            left += tile.width + GAP
    sheet.save(out)
    shrink(out)


def _tile(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        scale = TILE_HEIGHT / picture.height
        width = max(1, min(SHEET_WIDTH - 2 * GAP, round(picture.width * scale)))
        return picture.convert("RGB").resize((width, TILE_HEIGHT), Image.Resampling.LANCZOS)


def _rows(widths: Sequence[int]) -> list[list[int]]:
    rows: list[list[int]] = [[]]
    left = GAP
    for index, width in enumerate(widths):
        if rows[-1] and left + width + GAP > SHEET_WIDTH:
            rows.append([])
            left = GAP
        rows[-1].append(index)
        left += width + GAP
    return rows

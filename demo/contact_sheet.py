"""Pictures made smaller, and all of them on one sheet."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

GAP = 24
CAPTION_HEIGHT = 30
PAPER = "#D5DED8"
INK = "#0A1B15"


def shrink(path: Path, *, max_bytes: int | None = None) -> None:
    """Save a PNG with a palette: a third of the bytes, and hardly a difference to see.

    With `max_bytes`, with as many colours as fit into them, 16 at least.
    """
    with Image.open(path) as picture:
        whole = picture.convert("RGB")
    for colours in (256, 128, 64, 32, 16):
        small = whole.quantize(colours, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        small.save(path, optimize=True)
        if max_bytes is None or path.stat().st_size <= max_bytes:
            break


def compose(
    pictures: Sequence[Path],
    out: Path,
    *,
    width: int = 2400,
    tile_height: int = 420,
    has_names: bool = True,
) -> None:
    """One sheet, no wider than this, with every picture in rows, each with its name below."""
    tiles = [_tile(path, tile_height, width - 2 * GAP) for path in pictures]
    rows = _rows([tile.width for tile in tiles], width)
    wide = max(sum(tiles[index].width + GAP for index in row) for row in rows)
    line_height = GAP + tile_height + (CAPTION_HEIGHT if has_names else 0)
    sheet = Image.new("RGB", (GAP + wide, GAP + len(rows) * line_height), PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(18)
    for line, row in enumerate(rows):
        left, top = GAP, GAP + line * line_height
        for index in row:
            sheet.paste(tiles[index], (left, top))
            if has_names:
                name = pictures[index].stem
                pen.text((left, top + tile_height + 6), name, fill=INK, font=font)
            left += tiles[index].width + GAP
    sheet.save(out)
    shrink(out)


def _tile(path: Path, height: int, max_width: int) -> Image.Image:
    with Image.open(path) as picture:
        width = min(max_width, max(1, round(picture.width * height / picture.height)))
        return picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)


def _rows(widths: Sequence[int], sheet_width: int) -> list[list[int]]:
    rows: list[list[int]] = [[]]
    left = GAP
    for index, width in enumerate(widths):
        if rows[-1] and left + width + GAP > sheet_width:
            rows.append([])
            left = GAP
        rows[-1].append(index)
        left += width + GAP
    return rows

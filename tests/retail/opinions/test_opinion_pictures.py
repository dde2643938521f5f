"""A picture from somebody's phone comes out upright, small and bare, or is refused."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from core.errors import Invalid
from retail.opinions import pictures
from tests.builders.opinions import a_photo

ORIENTATION, CAMERA = 0x0112, 0x010F


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = 6, "Nina's phone"
    exif.get_ifd(0x8825)[1] = "N"
    return a_photo(width=400, height=300, exif=exif)


def header_of(width: int, height: int) -> bytes:
    """A PNG that says it is this big, and holds next to nothing."""
    about = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", about), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def test_it_is_turned_upright_and_nothing_of_where_and_with_what_is_left() -> None:
    sent = with_exif()
    assert b"Nina's phone" in sent
    made = pictures.remade(sent)
    assert opened(made).size == (300, 400)
    assert not opened(made).getexif()
    assert b"Exif" not in made
    assert b"Nina" not in made


def test_it_is_at_most_so_long_a_side() -> None:
    assert opened(pictures.remade(a_photo(width=3200, height=800))).size == (1600, 400)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_kind_comes_out_as_a_jpeg(kind: str) -> None:
    assert opened(pictures.remade(a_photo(kind))).format == "JPEG"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        a_photo("GIF"),
        a_photo(width=200, height=200)[:200],
        a_photo("PNG")[:60],
    ],
)
def test_what_is_broken_or_of_another_kind_is_refused(sent: bytes) -> None:
    with pytest.raises(Invalid, match="We can’t read this picture"):
        pictures.remade(sent)


@pytest.mark.parametrize("size", [(8000, 6251), (12_000, 12_000), (60_000, 60_000)])
def test_a_bomb_is_refused_by_what_it_says_before_it_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(Invalid, match="too big"):
        pictures.remade(header_of(*size))


def test_a_heavy_file_is_refused_unread() -> None:
    with pytest.raises(Invalid, match="at most 10 MB"):
        pictures.remade(bytes(pictures.MOST_BYTES + 1))

"""A picture from somebody's phone comes out upright, small and bare, or is refused."""

import contextlib
import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

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


def test_odd_metadata_spoil_no_picture() -> None:
    """A maker of phones that says its name in numbers."""
    odd = with_exif().replace(b"\x01\x0f\x00\x02", b"\x01\x0f\x00\x03")
    assert odd != with_exif()
    assert opened(pictures.remade(odd)).size == (300, 400)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_to_hold_a_phone_is_turned_upright(orientation: int) -> None:
    exif, buffer = Image.Exif(), BytesIO()
    exif[ORIENTATION] = orientation
    lain = Image.new("L", (40, 30), "white")
    lain.paste("black", (0, 0, 20, 15))
    lain.save(buffer, "JPEG", exif=exif)
    seen = opened(pictures.remade(buffer.getvalue())).convert("1", dither=Image.Dither.NONE)
    upright = ImageOps.exif_transpose(opened(buffer.getvalue()))
    assert seen.size == upright.size
    assert seen.tobytes() == upright.convert("1", dither=Image.Dither.NONE).tobytes()


_DAMAGE = st.lists(st.tuples(st.integers(0, 700), st.binary(max_size=4)), max_size=8)
_WHOLE = [with_exif(), a_photo(), a_photo("PNG"), a_photo("WEBP")]


# What decoders grumble about and read all the same is no concern of a shopper.
@pytest.mark.filterwarnings("ignore::UserWarning")
@given(st.sampled_from(_WHOLE), _DAMAGE)
def test_a_damaged_picture_is_remade_or_refused_and_nothing_else(
    whole: bytes, damage: list[tuple[int, bytes]]
) -> None:
    for place, garbage in damage:
        whole = whole[:place] + garbage + whole[place + len(garbage) :]
    with contextlib.suppress(Invalid):
        assert opened(pictures.remade(whole)).format == "JPEG"


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

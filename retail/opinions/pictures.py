"""Pictures from members' own phones, made anew: nothing of the file that was sent is kept. Pure."""

from io import BytesIO

from PIL import ExifTags, Image

from core.errors import Invalid

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1600
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 84
# How each orientation of a camera is undone.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def remade(sent: bytes) -> bytes:
    """The picture as a JPEG of at most 1600 pixels a side, upright, with no metadata.

    Its size is read before it is decoded. Raises Invalid for what is too big, no picture of a kind
    that we read, or broken.
    """
    if len(sent) > MOST_BYTES:
        raise too_big()
    try:
        with Image.open(BytesIO(sent), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise too_big()
            # JPEGs are decoded no bigger than needed.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = _turned(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _as_jpeg(upright)
    except Invalid:
        raise
    except _BOMBS:
        raise too_big() from None
    except Exception:  # noqa: BLE001 (whatever a decoder says to it, it is no picture)
        sentence = "We can’t read this picture. Choose a JPEG, PNG or WebP."
        raise _refused("picture_unreadable", sentence) from None


def too_big() -> Invalid:
    """The refusal of what would take too much room."""
    return _refused("picture_too_big", "This picture is too big. Choose one of at most 10 MB.")


def _turned(image: Image.Image) -> Image.Image:
    # Only this is read of the metadata: to write the rest anew would fail on what is odd in it.
    turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    return image if turn is None else image.transpose(turn)


def _as_jpeg(image: Image.Image) -> bytes:
    # On white, and as bare pixels: whatever else the file carried stays behind.
    seen = image.convert("RGBA")
    bare = Image.new("RGB", seen.size, "#FFFFFF")
    bare.paste(seen, mask=seen.getchannel("A"))
    buffer = BytesIO()
    bare.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


def _refused(code: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={"picture": [sentence]})

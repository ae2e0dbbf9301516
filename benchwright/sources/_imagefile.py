"""A picture that is a file of its own: its name says which it is, ``fig_IIa.png`` or ``pregunta 12.jpg``."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Final

import regex

from benchwright.schemas.papers import MediaSink, PaperJob, PictureEntry
from benchwright.schemas.signature import signature
from benchwright.sources._imagenames import names_in
from benchwright.sources._omrkey import open_image

__all__ = ["read_image_file"]

_VERSION: Final = 1
_PARTED: Final = regex.compile(r"[_\-. ]+")
_LAST: Final = regex.compile(r"(?<![\p{L}\p{Nd}])0*(\p{Nd}{1,3}[a-h]?)$", regex.IGNORECASE)
_GLUED: Final = regex.compile(r"(?<=\p{L}{2})(?=\p{Nd})")


def read_image_file(path: Path, job: PaperJob, media: MediaSink) -> list[PictureEntry]:
    """Return the one picture of a file; box and size are in pixels.

    Args:
        path: the picture.
        job: its name says number or question.
        media: where it is kept, as it is.

    Raises:
        InputError: the file is no picture.
    """
    from PIL import Image

    picture = open_image(path, job.file)
    with Image.open(path) as opened:
        media_type = opened.get_format_mimetype() or "image/png"
    sha256, name = media.put(path.read_bytes(), media_type)
    caption = _GLUED.sub(" ", _PARTED.sub(" ", PurePosixPath(job.file).stem))
    found = names_in(caption)
    bare = _LAST.search(caption) if not found else None
    return [
        PictureEntry(
            file=job.file, part=job.part or None, language=job.language or None, page=1,
            x0=0.0, y0=0.0, x1=float(picture.width), y1=float(picture.height), caption=PurePosixPath(job.file).name,
            pictures=tuple(one.number for one in found if one.kind == "picture"),
            questions=tuple(one.number for one in found if one.kind == "question"),
            bare=(bare[1].casefold(),) if bare else (), sha256=sha256, media_type=media_type, media=name,
            parser=signature("imagefile", version=_VERSION),
        )
    ]  # fmt: skip

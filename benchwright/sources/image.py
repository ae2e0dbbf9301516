"""Answer keys that are pictures: optical-mark forms, ruled tables, printed lists."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benchwright.schemas.papers import KeySheet, PaperJob
from benchwright.schemas.signature import signature
from benchwright.sources._omrkey import IMAGE_SUFFIXES, key_of_picture

__all__ = ["KEYS"]

_VERSION: Final = 1


class ImageKeys:
    """Reads the picture of a key; boxes are in pixels of the picture, from the top left corner."""

    name = "image"
    suffixes = IMAGE_SUFFIXES

    @property
    def signature(self) -> str:
        """Name and version."""
        return signature("image", version=_VERSION)

    def read_key(self, path: Path, job: PaperJob) -> KeySheet:
        """Return the key in a picture; a doubtful answer has status unknown.

        Raises:
            InputError: the file is no picture, or no key is in it.
            MissingDependencyError: the OCR engine is not installed.
        """
        return key_of_picture(path, job, self.signature)


KEYS: Final = ImageKeys()

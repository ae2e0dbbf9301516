"""Ids: a group names a question independent of language, an id names one language version of it.

``group`` is ``<exam>/<edition>/<part>/<number>``; ``id`` is ``<group>@<language>``, and ``#<variant>`` when one
language has several versions. Case-sensitive ASCII; other letters are percent-encoded.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

__all__ = ["ID_PATTERN", "make_group", "make_id", "segment", "split_group", "split_id"]

_SAFE = "-._~+,=()!*'$"
_SEGMENT = r"(?:[A-Za-z0-9._~+,=()!*'$-]|%[0-9A-F]{2})+"
GROUP_PATTERN = rf"{_SEGMENT}(?:/{_SEGMENT})+"
ID_PATTERN = rf"(?:{GROUP_PATTERN})@[A-Za-z0-9-]+(?:#{_SEGMENT})?"
_NUMBER = re.compile(r"\d+")


def segment(text: str) -> str:
    """Return a text as one segment of a group: ASCII, everything else percent-encoded.

    An empty text and the dot names of file systems become percent-encoded too, so that a segment is always
    a plain name.
    """
    encoded = quote(text, safe=_SAFE)
    if encoded in {".", ".."}:
        return encoded.replace(".", "%2E")
    return encoded or "%00"


def make_group(exam: str, edition: str, part: str, number: str) -> str:
    """Return the group of a question; a plain number is padded to three digits so that ids sort."""
    padded = number.zfill(3) if _NUMBER.fullmatch(number) and number.isascii() else number
    return "/".join(segment(text) for text in (exam, edition, part, padded))


def split_group(group: str) -> tuple[str, ...]:
    """Return the decoded segments of a group."""
    return tuple(unquote(text) if text != "%00" else "" for text in group.split("/"))


def make_id(group: str, language: str, variant: str | None = None) -> str:
    """Return the id of one language version of a group."""
    return f"{group}@{language}" + (f"#{segment(variant)}" if variant else "")


def split_id(item_id: str) -> tuple[str, str, str | None]:
    """Return group, language and variant of an id."""
    group, _, rest = item_id.rpartition("@")
    language, _, variant = rest.partition("#")
    return group, language, unquote(variant) if variant else None

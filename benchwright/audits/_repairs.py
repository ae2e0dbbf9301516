"""Kit: repairs that are safe, by the code of the finding: a text in, the mended text out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from html import unescape
from typing import Final

__all__ = ["REPAIRS"]

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ufffe\uffff\ufdd0-\ufdef]")
_ESCAPED: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})")
_LABEL: Final = re.compile(r"^\s{0,20}[(\[（【]?\s{0,3}[^\W_]\s{0,3}[)\].:、．）】]\s{0,20}")
_SPACES: Final = re.compile(r"(?<=[^\s]) {2,}(?=[^\s])")
_RUN: Final = re.compile(r"[\u0080-\u00ff\u0100-\u017f\u0192\u02c6\u02dc\u2010-\u203a\u20ac\u2122]{2,}")


def _without_controls(text: str) -> str:
    return _CONTROL.sub("", text)


def _unescaped(text: str) -> str:
    """Resolve escapes once; what would become a control character or half of a pair stays as it is."""

    def letter(found: re.Match[str]) -> str:
        sign = chr(int(found[1] or found[2], 16))
        return sign if unicodedata.category(sign)[0] != "C" else found[0]

    return unescape(_ESCAPED.sub(letter, text))


def _decoded(text: str) -> str:
    """Decode runs of letters that are UTF-8 read as windows-1252 or Latin-1; all others stay."""

    def run(found: re.Match[str]) -> str:
        for encoding in ("cp1252", "latin-1"):
            try:
                return found[0].encode(encoding).decode("utf-8")
            except (UnicodeEncodeError, UnicodeDecodeError):
                continue
        return found[0]

    return _RUN.sub(run, text)


def _without_label(text: str) -> str:
    """Take away a label in brackets, or with its stop, before an option; an option of a label alone stays."""
    rest = _LABEL.sub("", text, count=1)
    return rest if rest.strip() else text


def _single_spaces(text: str) -> str:
    """Take away spaces at the ends and, in a text of one line, all but one between words: a table may need them."""
    return (text if "\n" in text or "\t" in text else _SPACES.sub(" ", text)).strip(" \u00a0")


REPAIRS: Final[Mapping[str, Callable[[str], str]]] = {
    "S108": _without_label,
    "S213": _without_controls,
    "S214": _unescaped,
    "S215": _decoded,
    "S217": _single_spaces,
}
"""Only what cannot change a meaning: every other finding goes to a person."""

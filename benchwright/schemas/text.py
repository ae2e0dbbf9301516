"""Normal forms of text, for comparison only: the stored text is never changed by them."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import Any

import regex

__all__ = ["canonical_json", "collapse", "comparable", "sha256_of", "sha256_text"]

_NOT_LETTER_OR_NUMBER = regex.compile(r"[\p{Z}\p{C}\p{P}\p{S}]+")
_SPACE = regex.compile(r"\s+")


def collapse(text: str) -> str:
    """Return the text with every run of white space as one space, without any at the ends."""
    return _SPACE.sub(" ", text).strip()


def comparable(text: str) -> str:
    """Return the form in which two transcriptions of a text are compared.

    NFKC, case-folded, without spaces, control characters, punctuation and symbols. Marks and digits stay.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_LETTER_OR_NUMBER.sub("", unicodedata.normalize("NFKC", folded))


def canonical_json(value: Any) -> str:
    """Return one spelling of a JSON value: sorted keys, no spaces, no escapes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256_text(text: str) -> str:
    """Return the SHA-256 of the UTF-8 bytes of a text, in hex; unpaired surrogates are kept apart."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def sha256_of(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of a value, in hex."""
    return sha256_text(canonical_json(value))

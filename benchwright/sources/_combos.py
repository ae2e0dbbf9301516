"""Combination options: ``1 and 3``, ``only II and III are correct``, over numbered statements in the stem."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

import regex

from benchwright.schemas.item import Item
from benchwright.schemas.parts import Label
from benchwright.sources._kindwords import kind_words
from benchwright.sources._words import fold

__all__ = ["combination_labels", "statement_signs"]

_NUMBERS: Final = r"\p{Nd}{1,2}|[ivx]{1,4}|[IVX]{1,4}|[Ⅰ-Ⅹ]|[ⅰ-ⅹ]|[①-⑩]"
_LETTERS: Final = r"[a-h]|[A-H]|[а-еА-Е]|[α-ε]|[ㄱ-ㅁ가-마]|[甲乙丙丁戊]"
_SIGN: Final = rf"(?P<sign>{_NUMBERS}|{_LETTERS})"
_STATEMENT: Final = regex.compile(rf"^\s*[(\[（]?{_SIGN}(?:\s?[.)\]）:、-]|(?<=[①-⑩Ⅰ-Ⅹⅰ-ⅹ])|(?<=\p{{Nd}})\s)\s*(?=\S)")
_WORDS: Final = regex.compile(r"[\p{L}\p{M}']+|\p{N}+|[①-⑩Ⅰ-Ⅹⅰ-ⅹ]")


def statement_signs(stem: str) -> tuple[str, ...]:
    """Return the signs of the numbered statements in a stem, each on its own line; empty for fewer than two."""
    signs: list[str] = []
    for line in stem.split("\n")[1:]:
        found = _STATEMENT.match(line)
        if found and _plain(found["sign"]) not in signs:
            signs.append(_plain(found["sign"]))
    return tuple(signs) if len(signs) >= 2 else ()


def _plain(sign: str) -> str:
    return unicodedata.normalize("NFKC", sign).casefold()


@lru_cache(maxsize=1)
def _link_words() -> frozenset[str]:
    return frozenset(word for phrase in kind_words("list_words") for word in phrase.split())


def combination_labels(item: Item) -> list[Label]:
    """Return one label for each option that names statements of the stem: ``B=1+3``; empty unless all options do.

    One option may say all of them or none of them.
    """
    signs = statement_signs(item.stem)
    if not signs or len(item.options) < 2:
        return []
    named = [_named(option.text, signs) for option in item.options]
    if any(one is None for one in named) or sum(bool(one) and len(one or ()) < len(signs) for one in named) < 2:
        return []
    return [
        Label(
            taxonomy="combination", value=f"{option.id}={'+'.join(one) if one else 'none'}", source="printed",
            evidence=option.text,
        )
        for option, one in zip(item.options, named, strict=True)
        if one is not None
    ]  # fmt: skip


def _named(text: str, signs: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the statements that an option names, in the order of the stem; None when it says anything else."""
    words = [_plain(word) for word in _WORDS.findall(unicodedata.normalize("NFKC", text))]
    members = [word for word in words if word in signs]
    span = _span(text, signs)
    others = [word for word in words if word not in signs]
    if span and not others:
        return span
    if members:
        ambiguous = {"a", "e", "i", "y", "o"} & set(members)
        if ambiguous and len(set(members)) > 1 and all(len(sign) == 1 and sign.isalpha() for sign in signs):
            members = _without_links(text, signs) or members
        known = all(fold(word) in _link_words() or fold(word) in kind_words("all") for word in others)
        return tuple(sign for sign in signs if sign in members) if known else None
    folded = fold(text)
    if any(regex.search(rf"(?<!\p{{L}}){regex.escape(word)}(?!\p{{L}})", folded) for word in kind_words("none")):
        return ()
    if any(regex.search(rf"(?<!\p{{L}}){regex.escape(word)}(?!\p{{L}})", folded) for word in kind_words("all")):
        return signs
    return None


def _span(text: str, signs: tuple[str, ...]) -> tuple[str, ...] | None:
    found = regex.match(r"^\s*(\w{1,4})\s?[-–—]\s?(\w{1,4})\.?\s*$", unicodedata.normalize("NFKC", text))
    if not found:
        return None
    first, last = _plain(found[1]), _plain(found[2])
    if first in signs and last in signs and signs.index(first) < signs.index(last):
        return (first, last) if signs.index(last) == signs.index(first) + 1 else None
    return None


def _without_links(text: str, signs: tuple[str, ...]) -> list[str]:
    """Return the members of ``a e c``: every second word of a list of letters joined by one-letter words."""
    words = [_plain(word) for word in _WORDS.findall(unicodedata.normalize("NFKC", text))]
    return [word for k, word in enumerate(words) if word in signs and not (k % 2 and len(words) % 2 and len(words) > 2)]

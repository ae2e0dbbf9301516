"""Postal addresses: streets with a number, and what a word announces as an address."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import regex

from benchwright.audits._pii.model import Hit
from benchwright.audits._pii.words import alternation, pieces

__all__ = ["find_places", "gate_patterns"]

_CAPITAL: Final = r"\p{Lu}[\p{L}\p{M}'’.\-]{0,24}"
_SMALL: Final = r"(?:de|del|la|las|los|el|da|do|das|dos|du|des|di|van|von|der|den|le|les|of|the|y|e|und|i)"
_WORDS: Final = rf"(?:\d{{1,3}}(?:-?(?:st|nd|rd|th|го|й|я|а|е))? (?:{_SMALL} )?)?{_CAPITAL}(?:[ \-](?:{_SMALL} ){{0,2}}{_CAPITAL}){{0,3}}"
_NUMBER: Final = r"\d{1,5}(?:[ \-/]?[A-Za-zА-Яа-я])?(?![\p{L}\d])(?:[/\-]\d{1,4})?"
# What goes on after the street: a floor, a postcode, a town. A piece on a new line counts where it holds a digit.
_PIECE: Final = regex.compile(
    rf"(?:,[ ]?\n?|[ ]?\n[ ]?|[ ]-[ ]|[ ](?=(?:[A-Z]{{1,3}}-?)?\d{{3,6}}\b|[A-Z]{{1,2}}\d|(?i:apt|apartment|suite|unit|flat|floor|piso|apto|depto|esc|kv|кв|d\.)\b)|،[ ]?)"
    rf"(?:(?i:apt|apartment|suite|unit|flat|floor|piso|apto|depto|esc|bajo|puerta|kat|daire|bl\.|sc\.|et\.|ap\.|кв\.?|bte|appt|étage|lok\.|m\.)\.? ?#?[\dA-Za-z]{{1,5}}º?"
    rf"|(?:[A-Z]{{1,3}}-? ?)?\d{{2,6}}(?:[- ]\d{{2,4}})?(?: ?[A-Z]{{2}})?(?:[ ](?:{_CAPITAL})(?:[ \-](?:{_SMALL} )?{_CAPITAL}){{0,2}})?"
    rf"|[A-Z]{{1,2}}\d[\dA-Z]? ?\d[A-Z]{{2}}"
    rf"|(?:{_CAPITAL})(?:[ \-](?:{_SMALL} )?{_CAPITAL}){{0,3}}(?:,? (?:[A-Z]{{2}},? )?[A-Z]{{0,2}}\d[\dA-Z]{{0,4}}(?:[ -]\d?[\dA-Z]{{2,4}})?)?"
    r"|[\p{Arabic}]{2,15}(?: [\p{Arabic}]{2,15}){0,2})(?![\p{L}\d])"
)
_PIECES: Final = 4
_TOGETHER: Final = 8
"""Forms of one automaton: few are many passes, many are an automaton that does not fit its memory."""
_LONGEST: Final = 140
_NEAR: Final = 50
_END: Final = regex.compile(
    r"\n\s*\n|(?<=[\p{L}\p{M}]{4}|\d|[A-Z]{2})[.;!?](?=\s|$|\p{Lo})|[。！？]|(?:です|입니다|이에요)"
)
_COLON: Final = regex.compile(r"[ ]{0,2}[:：]")


@lru_cache(maxsize=1)
def _streets() -> Any:
    return regex.compile(_street(_WORDS, _CAPITAL, _NUMBER))


@lru_cache(maxsize=1)
def _labels() -> tuple[Any, Any]:
    """Return what announces an address, and what announces a telephone number after it."""
    return (
        regex.compile(alternation("words.toml", "address")),
        regex.compile(
            rf"[ ,;]*(?:\b(?:and|y|et|und|e|i|en|и|та)\b )?(?:\b(?:my|mi|mon|meine?|meu|mijn)\b )?{alternation('words.toml', 'phone')}"
        ),
    )


def _street(words: str, capital: str, number: str) -> str:
    streets = "|".join(
        piece.replace("{W}", words).replace("{C}", capital).replace("{N}", number)
        for piece in pieces("streets.toml", "street")
    )
    return rf"(?<![\p{{L}}\p{{M}}\d.,/])(?:{streets})|(?:{'|'.join(_unspaced())})"


def gate_patterns() -> dict[str, tuple[str, ...]]:
    """Return what must occur in a text for each rule, one of several: for a street, any letters where a name may be.

    Of a name at the beginning of a form its last letter is enough, of a number at the end its first digit.
    """
    letter = r"[\p{L}\p{M}\d'’.\-]"
    forms = []
    for piece in (*pieces("streets.toml", "street"), *_unspaced()):
        head = regex.sub(r"^\{[WC]\}", lambda _: letter, piece)
        whole = regex.sub(r"\{N\}$", lambda _: r"\d", head)
        forms.append(
            whole.replace("{W}", f"[ {letter[1:]}+")
            .replace("{C}", f"[ {letter[1:]}+")
            .replace("{N}", r"\d[\d /A-Za-zА-Яа-я\-]*")
        )
    together = ("|".join(forms[place : place + _TOGETHER]) for place in range(0, len(forms), _TOGETHER))
    return {"street": tuple(together), "address": (alternation("words.toml", "address"),)}


def _unspaced() -> list[str]:
    """Return the forms of scripts without spaces, which need no space before them."""
    return [piece for piece in pieces("streets.toml", "street") if "Han}" in piece or "Thai" in piece]


def find_places(folded: str, rule: str) -> Iterator[Hit]:
    """Yield postal addresses: a ``street`` with its number, or what a word announces as an ``address``."""
    if rule == "street":
        for match in _streets().finditer(folded):
            yield Hit(match.start(), _extended(folded, match.end()), "ADDRESS", "street", 50)
        return
    label, phone = _labels()
    for match in label.finditer(folded):
        colon = _COLON.match(folded, match.end())
        start = colon.end() if colon else match.end()
        while start < len(folded) and folded[start] in " :,-\n是はは为：":
            start += 1
        end = min(len(folded), start + _LONGEST)
        stop = _END.search(folded, start, end)
        end = stop.start() if stop else end
        newline = folded.find("\n", start, end)
        end = _extended(folded, newline) if newline >= 0 else end
        call = phone.search(folded, start, end)
        end = call.start() if call else end
        value = folded[start:end].rstrip(" ,;.-\n")
        if _is_place(value, bool(colon)):
            yield Hit(start, start + len(value), "ADDRESS", "address", 48)


def _is_place(value: str, colon: bool) -> bool:
    """Tell whether a digit stands near, beside a name or in a script without capitals."""
    head = value[:_NEAR]
    digits = regex.search(r"\d", head)
    named = regex.search(r"\p{Lu}\p{Ll}|\p{Lo}{2}", head)
    net = regex.search(r"@|://|\d{1,3}\.\d{1,3}\.\d{1,3}", head)
    return bool(digits and named and not net) and (
        colon or bool(regex.match(r"\p{Lu}|\d|\p{Lo}|(?:rue|avenue|calle|ul\.|ул|via|rua|al\.|c/)", head))
    )


def _extended(folded: str, end: int) -> int:
    """Return where the address ends: after the last piece that has a digit, or that a comma joins."""
    sure = end
    for _ in range(_PIECES):
        match = _PIECE.match(folded, end)
        if match is None:
            break
        end = match.end()
        piece = match.group()
        if any(sign.isdigit() for sign in piece) or ("\n" not in piece and piece[0] in ",،"):
            sure = end
    return sure

"""Numbers that name a person: personal numbers, telephones, cards and accounts.

A number is looked at where at least seven digits stand together, with single separators between them. What it is,
follows from its form, from its check digits, and from the nearest word before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import regex

from benchwright.audits._pii import europe, overseas
from benchwright.audits._pii.model import Hit, Kind
from benchwright.audits._pii.words import alternation, beside, table

__all__ = ["find_mixed", "find_numbers"]

_CLUSTER: Final = regex.compile(r"[+(]{0,2}[0-9](?:[ .\-/()]{0,3}+[0-9])*+")
_SEVEN: Final = 7
_SHORT_CARD: Final = 14
_BEFORE: Final = 40
_AFTER: Final = 14
_LEFT: Final = r"(?<![0-9A-Za-z_+=#])(?<![0-9][.,\-/])"
_RIGHT: Final = r"(?![0-9A-Za-wyz_]|x(?![0-9]))(?![.,\-/][0-9])"
# Numbers of science and trade, and sums of money; and what is measured.
_NOT_AFTER: Final = regex.compile(
    r"(?:\b(?:pmid|pmcid|pmc|doi|isbn|issn|nct|omim|mim|cas|ec|icd|snomed|loinc|umls|atc|lot|ndc|eudract|isrctn|version|"
    r"usd|eur|gbp|n|p|rs|chr\w*|pp?|vol|art)[ .:#=]{0,3}|[$£€¥₹₽₺₩=<>~^×*±≤≥])$",
    regex.IGNORECASE,
)
_NOT_BEFORE: Final = regex.compile(
    r" ?(?:[%‰°×^]|[µμ]|x ?10|e[+-]?[0-9]|mg|mcg|ng|pg|kg|g|ml|dl|l|mm|cm|nm|m|iu|ui|u|ie|me|bpm|kcal|cal|kj|mmol|mol|mmhg|"
    r"meq|cells?|copies|cop[iy]as?|cfu|ufc|units?|unidades|euros?|dollars?|usd|rupees|people|persons?|years|patients|"
    r"células|leucocitos|plaquetas|/ ?(?:mm|ml|µl|μl|ul|l|dl|hpf|campo|kg|min|day|h))(?![\p{L}\p{N}])",
    regex.IGNORECASE,
)
_ROUND: Final = regex.compile(r"0{5,}$|^([0-9])\1+$")
_EXTENSION: Final = regex.compile(
    r"(?i: ?(?:x|ext\.?|extension|int\.?|poste|anexo|ramal|durchwahl|dw|toestel) ?)[0-9]{1,6}"
)
_LONGEST: Final = 15
_PLAIN: Final = str.maketrans("", "", " .-/()+")
Check = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Id:
    code: str
    pattern: Any
    check: Check | None
    free: bool
    label: Any


@lru_cache(maxsize=1)
def _ids() -> tuple[tuple[_Id, ...], tuple[_Id, ...]]:
    """Return the numbers whose digits stand together, and those with letters among them."""
    checks: dict[str, Check] = {**europe.CHECKS, **overseas.CHECKS}
    apart: tuple[list[_Id], list[_Id]] = ([], [])
    for entry in table("ids.toml")["id"]:
        check = checks[entry["check"]] if "check" in entry else None
        one = _Id(
            entry["code"],
            regex.compile(f"{_LEFT}(?:{entry['shape']}){_RIGHT}"),
            check,
            entry["needs"] == "check",
            regex.compile(
                f"(?i:{beside(tuple(entry['label'].split('|')))})"
                if "(" not in entry["label"]
                else rf"(?i:(?<![\p{{L}}\p{{M}}\p{{N}}])(?:{entry['label']}))"
            ),
        )
        apart[bool(entry.get("mixed"))].append(one)
    return tuple(apart[0]), tuple(apart[1])


@lru_cache(maxsize=1)
def _phones() -> tuple[Any, Any, Any, dict[str, tuple[int, int]]]:
    data = table("phones.toml")
    free = "|".join(data["free"].values())
    codes: dict[str, tuple[int, int]] = {}
    for part in data["calling"]["codes"].split():
        code, span = part.split(":")
        low, high = span.split("-")
        codes[code] = (int(low), int(high))
    international = r"(?<![0-9A-Za-z_+])(?:\+|00|\(\+|\+\()[ ]?[1-9](?:[ .\-/()]{0,2}[0-9]){6,15}(?![0-9])"
    return (
        regex.compile(f"(?p){_LEFT}(?:{free}){_RIGHT}"),
        regex.compile(rf"{_LEFT}(?:{data['labelled']['any']}){_RIGHT}"),
        regex.compile(international),
        codes,
    )


@lru_cache(maxsize=1)
def _phone_words() -> Any:
    return regex.compile(alternation("words.toml", "phone"))


def _nearest(label: Any, text: str, start: int, edge: int) -> int | None:
    """Return how far before a number its word stands, or None."""
    low = max(edge, start - _BEFORE)
    last = None
    for match in label.finditer(text, low, start):
        last = match
    return None if last is None else start - last.end()


def _measured(text: str, start: int, end: int) -> bool:
    return bool(_NOT_AFTER.search(text, max(0, start - 14), start) or _NOT_BEFORE.match(text, end))


def find_numbers(text: str, folded: str) -> Iterator[Hit]:
    """Yield personal numbers, telephones and cards."""
    edge = 0
    for match in _CLUSTER.finditer(folded):
        start, end = match.span()
        if sum(sign.isdigit() for sign in match.group()) < _SEVEN:
            continue
        yield from _telephones(text, folded, start, end, edge)
        yield from _personal(folded, start, end, edge)
        yield from _cards(folded, start, end)
        edge = end


def _personal(folded: str, start: int, end: int, edge: int) -> Iterator[Hit]:
    low, high = max(0, start - 8), min(len(folded), end + 8)
    for one in _ids()[0]:
        for match in one.pattern.finditer(folded, low, high):
            hit = _judged(one, folded, match.start(), match.end(), edge)
            if hit is not None:
                yield hit


def _judged(one: _Id, folded: str, start: int, end: int, edge: int) -> Hit | None:
    number = folded[start:end].translate(_PLAIN).upper() if one.code != "fi-hetu" else folded[start:end]
    valid = one.check is None or one.check(number)
    away = _nearest(one.label, folded, start, edge)
    if away is None and one.label.search(folded, end, min(len(folded), end + _AFTER)):
        away = _AFTER
    if away is not None:
        return Hit(start, end, "ID", one.code, 85 - away / 50 + (1 if valid else 0))
    if one.free and valid and not _measured(folded, start, end) and not _ROUND.search(number):
        return Hit(start, end, "ID", one.code, 75)
    return None


def _telephones(text: str, folded: str, start: int, end: int, edge: int) -> Iterator[Hit]:
    free, labelled, international, codes = _phones()
    limit = min(len(folded), end + 8)
    away = _nearest(_phone_words(), text, start, edge)
    if away is None and _phone_words().search(text, end, min(len(text), end + _AFTER)):
        away = _AFTER
    for match in international.finditer(folded, start, limit):
        digits = match.group().translate(_PLAIN)
        digits = digits.removeprefix("00") if "+" not in match.group() else digits
        if _calls(digits, codes) and not _measured(folded, *match.span()):
            yield _phone(folded, match, "phone-international", 78 if away is None else 86)
    for match in free.finditer(folded, start, limit):
        digits = match.group().translate(_PLAIN)
        if len(digits) >= _SEVEN and not _ROUND.search(digits) and not _measured(folded, *match.span()):
            yield _phone(folded, match, "phone-national", 60 if away is None else 85 - away / 50)
    if away is not None:
        match = labelled.search(folded, start, limit)
        if (
            match
            and _SEVEN <= sum(sign.isdigit() for sign in match.group()) <= _LONGEST
            and not _is_date(match.group())
            and not _ROUND.search(match.group().translate(_PLAIN))
            and not _measured(folded, *match.span())
        ):
            yield _phone(folded, match, "phone-labelled", 85.5 - away / 50)


def _phone(folded: str, match: Any, rule: str, weight: float) -> Hit:
    """Return the number with the extension that may follow it."""
    more = _EXTENSION.match(folded, match.end())
    return Hit(match.start(), more.end() if more else match.end(), "PHONE", rule, weight)


def _is_date(text: str) -> bool:
    text = text.replace(" ", "")
    return bool(
        regex.fullmatch(
            r"[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[./-](?:[0-9]{1,2}[./-][0-9]{1,2}|(?:19|20)[0-9]{2})",
            text,
        )
    )


def _calls(digits: str, codes: dict[str, tuple[int, int]]) -> bool:
    for length in (3, 2, 1):
        if digits[:length] in codes:
            low, high = codes[digits[:length]]
            rest = len(digits) - length
            # A trunk zero in brackets, as +44 (0)20, makes it one longer.
            return low <= rest <= high + 1
    return False


def _cards(folded: str, start: int, end: int) -> Iterator[Hit]:
    for match in _CARD.finditer(folded, start, min(len(folded), end + 1)):
        if overseas.CHECKS["card"](match.group().translate(_PLAIN)):
            yield Hit(*match.span(), "CARD", "card", 80 if len(match.group()) > _SHORT_CARD else 70)


_CARD: Final = regex.compile(
    rf"{_LEFT}(?:[2-6][0-9]{{3}}([ -]?)[0-9]{{4}}\1[0-9]{{4}}\1[0-9]{{1,7}}|3[47][0-9]{{2}}([ -]?)[0-9]{{6}}\2[0-9]{{5}}){_RIGHT}"
)
_ACCOUNT: Final = regex.compile(r"(?<![0-9A-Za-z])[A-Z]{2}[0-9]{2}(?:[ -]?[0-9A-Z]{1,4}){3,8}")


def find_mixed(folded: str) -> Iterator[Hit]:
    """Yield personal numbers with letters among their digits, and accounts."""
    for one in _ids()[1]:
        for match in one.pattern.finditer(folded):
            hit = _judged(one, folded, match.start(), match.end(), 0)
            if hit is not None and any(sign.isdigit() for sign in match.group()):
                yield hit
    for match in _ACCOUNT.finditer(folded):
        whole = match.group()
        for cut in range(len(whole), 14, -1):
            number = whole[:cut].translate(_PLAIN)
            if (
                whole[cut - 1].isalnum()
                and not folded[match.start() + cut : match.start() + cut + 1].isalnum()
                and overseas.CHECKS["iban"](number)
            ):
                kind: Kind = "ACCOUNT"
                yield Hit(match.start(), match.start() + cut, kind, "iban", 90)
                break

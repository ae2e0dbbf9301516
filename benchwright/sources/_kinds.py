"""The kind of an item, by its key and by what the paper says of all its questions."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, Final

import regex

from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeyEntry
from benchwright.schemas.parts import Numeric
from benchwright.sources._combos import combination_labels
from benchwright.sources._keys import OR_WORDS
from benchwright.sources._kindwords import has_phrase
from benchwright.sources._labels import absent_option_id, canonical_label, option_id
from benchwright.sources._points import marking_labels, pass_rule, with_points

__all__ = ["answered", "open_fields", "told_by_paper"]

_OR: Final = regex.compile(rf"\s(?:{OR_WORDS})\s|或|または|또는", regex.IGNORECASE)
_QUANTITY: Final = regex.compile(
    r"^(?P<value>[-+−]?\p{Nd}+(?:[.,٫]\p{Nd}+)?)\s*(?:(?:±|\+/-)\s*(?P<tolerance>\p{Nd}+(?:[.,]\p{Nd}+)?)\s*)?"
    r"(?P<unit>[\p{L}%‰°µμΩ][\p{L}\p{N}/%·^⁻⁰¹²³⁴⁵⁶⁷⁸⁹.*]{0,14})?\.?$"
)


def answered(item: Item, entry: KeyEntry) -> tuple[dict[str, Any], str | None]:
    """Return what an entry of a key makes of an item: fields to change, ``answers`` and ``accepted`` of the key.

    The second value says why the entry does not fit the item; then it has no answer.
    """
    if entry.status in {"annulled", "unknown"}:
        return {}, None
    if entry.statements:
        return _series(item, entry.statements)
    if entry.accepted:
        if item.options:
            return {}, "an answer in words for a question with options"
        return open_fields(item.kind, entry.accepted), None
    if not item.options and entry.answers and entry.printed and not entry.printed.strip().isalpha():
        return open_fields(item.kind, (entry.printed.strip(),)), None
    answers = tuple(tuple(dict.fromkeys(_option_id(item, one) for one in response)) for response in entry.answers)
    if item.kind == "multiple" and len(answers) > 1 and not _alternatives(answers, entry.printed):
        answers = (tuple(sorted({one for response in answers for one in response})),)
    found: dict[str, Any] = {"answers": answers}
    if item.kind == "single" and answers and all(len(response) > 1 for response in answers):
        found["kind"] = "multiple"
    return found, None


def _option_id(item: Item, label: str) -> str:
    return option_id(item, label) or absent_option_id(item, label) or canonical_label(label)


def _alternatives(answers: Sequence[Sequence[str]], printed: str) -> bool:
    """Tell whether answers exclude each other: one of them is a set, or a word for "or" stands between them."""
    return any(len(response) != 1 for response in answers) or _OR.search(f" {printed} ") is not None


def _series(item: Item, values: Sequence[bool]) -> tuple[dict[str, Any], str | None]:
    if len(values) != len(item.options):
        return {}, f"{len(values)} marks of true and false for {len(item.options)} statements"
    right = tuple(option.id for option, value in zip(item.options, values, strict=True) if value)
    return {"kind": "true_false", "answers": (right,)}, None


def open_fields(kind: str, texts: Sequence[str]) -> dict[str, Any]:
    """Return what accepted texts make of a question without options: kind, key and quantity."""
    found: dict[str, Any] = {"answers": (), "accepted": tuple(texts)}
    quantity = numeric_in(texts[0]) if len(texts) == 1 else None
    if quantity is not None:
        found |= {"kind": "numeric", "numeric": quantity}
    elif kind in {"single", "numeric"}:
        found["kind"] = "short_answer"
    return found


def numeric_in(text: str) -> Numeric | None:
    """Return a quantity when a text is nothing else: ``12,5 mg``; a comma parts decimals unless three digits follow."""
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    found = _QUANTITY.match(plain)
    if found is None or regex.match(r"^[-+]?\p{Nd}{1,3}[.,]\p{Nd}{3}$", found["value"]):
        return None
    tolerance = found["tolerance"]
    spread = _number(tolerance) if tolerance else None
    return Numeric(value=_number(found["value"]), unit=found["unit"], tolerance=spread)


def _number(text: str) -> float:
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text)
    return float(digits.replace(",", ".").replace("٫", "."))


def told_by_paper(items: Sequence[Item], lead: Sequence[str]) -> list[Item]:
    """Return the items with what the paper says of them: kind, points, pass rule, marking, combinations.

    Args:
        items: the items of one paper, in order.
        lead: the lines before the first question.
    """
    if not items:
        return []
    text = "\n".join(lead)
    several = has_phrase(text, "several") and not has_phrase(text, "one_only")
    series = has_phrase(text, "series")
    rule = pass_rule(lead)
    marking = marking_labels(lead)
    result = []
    for item in with_points(items, lead):
        changes: dict[str, Any] = {}
        kind = _asked(item, several=several, series=series)
        if kind != item.kind:
            changes["kind"] = kind
        labels = [*marking, *combination_labels(item)]
        if labels:
            changes["labels"] = (*item.labels, *labels)
        if rule is not None and item.exam.pass_rule is None:
            changes["exam"] = item.exam.model_copy(update={"pass_rule": rule})
        result.append(item.replace(rules_checked=True, **changes) if changes else item)
    return result


def _asked(item: Item, *, several: bool, series: bool) -> str:
    """Return the kind that the stem asks for, else the one that the paper asks for."""
    if item.kind != "single" or len(item.options) < 2:
        return item.kind
    if has_phrase(item.stem, "one_only"):
        return "single"
    if has_phrase(item.stem, "series") and not _offers_truth(item):
        return "true_false"
    if has_phrase(item.stem, "several"):
        return "multiple"
    if series and not several and not _offers_truth(item):
        return "true_false"
    return "multiple" if several and not series else "single"


def _offers_truth(item: Item) -> bool:
    """Tell whether the options themselves are true and false, or rows of them, so that one option is right."""
    from benchwright.sources._kindwords import truth_pairs
    from benchwright.sources._series import statements_in
    from benchwright.sources._words import fold

    words = {word for pair in truth_pairs() for word in pair}
    texts = [option.text.strip().rstrip(".") for option in item.options]
    return all(fold(text) in words or statements_in(text) is not None for text in texts if text)

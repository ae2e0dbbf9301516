"""Kit: which labels of a model stand for a declared language, and which languages are hard to tell apart."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Final

import langcodes

__all__ = ["accepted_labels", "family", "label_language", "near"]

_SPELLED: Final = {"bh": "bho", "tl": "fil", "iw": "he", "in": "id", "cmn": "zh", "ek": "et", "mo": "ro"}


@lru_cache(maxsize=4096)
def label_language(label: str) -> str:
    """Return the primary subtag that a label or tag means: ``eng_Latn`` and ``en-GB`` are ``en``, ``cmn`` is ``zh``.

    A label that is no language (``other``) comes back as it is, in small letters.
    """
    base = label.replace("_", "-").split("-")[0].lower()
    if base in _SPELLED:
        return _SPELLED[base]
    # `als` is Alemannic in lists of two letters where `sq` has its own, and the registry's word for Tosk Albanian.
    if len(base) == 3 and base != "als" and langcodes.tag_is_valid(base):
        return str(langcodes.standardize_tag(base, macro=True)).split("-")[0]
    return base


@lru_cache(maxsize=1)
def _families() -> tuple[tuple[str, frozenset[str]], ...]:
    text = files("benchwright.audits").joinpath("_data", "lid", "families.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return tuple((kind, frozenset(members)) for kind, *members in rows)


@lru_cache(maxsize=4096)
def _relatives(language: str, kind: str) -> frozenset[str]:
    return frozenset(
        {language}.union(*(members for name, members in _families() if name == kind and language in members))
    )


def family(language: str) -> frozenset[str]:
    """Return a language with those that a model does not tell apart from it."""
    return _relatives(language, "same")


def near(one: str, other: str) -> bool:
    """Tell whether two languages are told apart only in longer texts."""
    return other in _relatives(one, "near") or one in _relatives(other, "near")


def accepted_labels(tag: str, labels: Iterable[str]) -> frozenset[str]:
    """Return the labels of a model that a text declared as ``tag`` may have; none where the model lacks the language.

    A model that has the language under its own name or that of a language not told apart from it knows it.
    """
    wanted = family(label_language(tag))
    return frozenset(label for label in labels if label_language(label) in wanted)

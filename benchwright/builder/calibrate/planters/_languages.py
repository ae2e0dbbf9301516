"""Texts in a language that they should not be in, and letters that lost their marks."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Final

from benchwright.builder.calibrate.planters._draft import Change, Draft, Tools, edited
from benchwright.builder.calibrate.planters._forms import replaced
from benchwright.builder.calibrate.planters._kind import Kind

__all__ = ["LANGUAGES"]

_KEPT: Final = frozenset("йЙёЁїЇўЎ")
"""Letters of their own in Cyrillic, which no system loses as marks."""


def _untranslated(draft: Draft, _tools: Tools) -> Change | None:
    source = draft.source
    if source is None or source.primary == draft.primary or len(source.stem) < 20:
        return None
    return Change(draft.with_text("stem", source.stem), "stem")


def _half_untranslated(draft: Draft, _tools: Tools) -> Change | None:
    """Half of the options as in the source, where they are words and not names or numbers."""
    source = draft.source
    if source is None or source.primary == draft.primary or len(draft.options) < 2:
        return None
    texts = {one.id: one.text for one in source.options}
    wordy = [one for one in draft.options if texts.get(one.id, "").count(" ") >= 2 and texts[one.id] != one.text]
    if len(wordy) * 2 < len(draft.options):
        return None
    made = draft
    for one in wordy[: (len(draft.options) + 1) // 2]:
        made = made.with_text(f"option:{one.id}", texts[one.id])
    return Change(made, f"option:{wordy[0].id}")


def _wrong_language(draft: Draft, tools: Tools) -> Change | None:
    """A stem of sentences of another language."""
    strangers = [(name, text) for name, text in tools.strangers if name != draft.primary]
    if not strangers or len(draft.stem) < 20:
        return None
    language, _ = tools.draw.choice(strangers)
    texts = [text for name, text in strangers if name == language]
    stem = " ".join(tools.draw.sample(texts, min(2, len(texts))))
    options = tuple(
        replace(one, text=texts[place % len(texts)]) if one.text.count(" ") >= 2 else one
        for place, one in enumerate(draft.options)
    )
    return Change(replace(draft, stem=stem, options=options), "stem", language)


def _variety(draft: Draft, tools: Tools) -> Change | None:
    pairs = tools.forms.of("variety")
    return edited(draft, tools, lambda text: replaced(text, tools.draw.sample(pairs, len(pairs)), draft.primary))


def _without_marks(draft: Draft, _tools: Tools) -> Change | None:
    made = replace(
        draft, stem=_bare(draft.stem), options=tuple(replace(one, text=_bare(one.text)) for one in draft.options)
    )
    return Change(made, "stem") if made != draft else None


def _bare(text: str) -> str:
    """Return Latin letters without their marks, as a broken code page leaves them."""
    return "".join(
        letter if letter in _KEPT or ord(letter) > 0x24F else unicodedata.normalize("NFD", letter)[0] for letter in text
    )


def _code_mixed(draft: Draft, tools: Tools) -> Change | None:
    """One word of the source, of six letters or more, in the place of a word of the stem."""
    source = draft.source
    if source is None or source.primary == draft.primary:
        return None
    here = set(draft.stem.casefold().split())
    words = [
        word
        for word in source.stem.split()
        if len(word) > 5 and word.isalpha() and word.islower() and word.casefold() not in here
    ]
    targets = [word for word in draft.stem.split() if len(word) > 4 and word.isalpha() and word.islower()]
    if not words or not targets:
        return None
    new, old = tools.draw.choice(words), tools.draw.choice(targets)
    return Change(draft.with_text("stem", draft.stem.replace(old, new, 1)), "stem", new)


LANGUAGES: Final = (
    Kind("stem_untranslated", "stem left in the language of the source", _untranslated, needs_source=True),
    Kind(
        "options_untranslated",
        "half of the options left in the source's language",
        _half_untranslated,
        needs_source=True,
    ),
    Kind("code_mixed", "word of the source inside the text", _code_mixed, needs_source=True),
    Kind("wrong_language", "item in another language", _wrong_language),
    Kind("wrong_variety", "words of another variety of the language", _variety),
    Kind("diacritics_lost", "letters without their marks, in the whole file", _without_marks, whole_file=True),
)

"""BCP-47 language tags: names and aliases resolve, unknown ones are refused.

Source: BCP 47 (RFC 5646), through the ``langcodes`` library and its copy of the IANA registry.
"""

from __future__ import annotations

from functools import lru_cache

import langcodes
from language_data.names import TRIES, normalize_name  # type: ignore[import-untyped]

from benchwright.schemas.errors import Problem, SchemaError

__all__ = ["is_rtl", "known_language", "language_name", "parse_language", "script_of"]

# Names that people write and that no registry lists under that spelling.
_ALIASES = {
    "sepedi": "nso",
    "northern sotho": "nso",
    "traditional chinese": "zh-Hant",
    "simplified chinese": "zh-Hans",
    "chinese (traditional)": "zh-Hant",
    "chinese (simplified)": "zh-Hans",
    "farsi": "fa",
    "castellano": "es",
    "brazilian portuguese": "pt-BR",
    "filipino": "fil",
    "north macedonian": "mk",
    "macedonian": "mk",
    "dhivehi": "dv",
    "burmese": "my",
    "myanmar": "my",
    "moldovan": "ro",
    "flemish": "nl",
    "castilian": "es",
    "mandarin": "zh",
    "mandarin chinese": "zh",
    "cantonese": "yue",
    "norwegian bokmål": "nb",
    "bokmål": "nb",
    "serbo-croatian": "sr-Latn",
    "kurdish (sorani)": "ckb",
    "sorani": "ckb",
    "odia": "or",
    "oriya": "or",
    "chichewa": "ny",
    "european portuguese": "pt-PT",
    "portuguese (brazil)": "pt-BR",
    "serbian (latin)": "sr-Latn",
    "serbian (cyrillic)": "sr-Cyrl",
    "slovene": "sl",
    "persian": "fa",
}
_RTL_SCRIPTS = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg"})


@lru_cache(maxsize=4096)
def parse_language(text: str) -> str:
    """Return the standard BCP-47 tag for a tag, an alias or a language name.

    Scripts and regions are kept where given (``zh-Hant``, ``pt-BR``); nothing is guessed.

    Raises:
        SchemaError: ``language-unknown`` when nothing known has this tag or name.
    """
    wanted = text.strip()
    alias = _ALIASES.get(wanted.casefold())
    if alias:
        return alias
    tag = wanted.replace("_", "-")
    if tag and langcodes.tag_is_valid(tag):
        return langcodes.standardize_tag(tag)
    found = _find_by_name(wanted)
    if found:
        return found
    raise SchemaError(
        Problem(
            code="language-unknown",
            message=f"{text!r} is neither a BCP-47 tag nor a language name that we know",
            found=repr(text),
            expected="a tag such as es, pt-BR, zh-Hant, sr-Latn, or an English language name",
            remedy="write the BCP-47 tag of the language",
        )
    )


def known_language(text: str) -> bool:
    """Tell whether :func:`parse_language` knows a tag or name."""
    try:
        parse_language(text)
    except SchemaError:
        return False
    return True


def _find_by_name(name: str) -> str | None:
    if len(name) < 4:
        return None
    try:
        found = str(langcodes.find(name))
    except LookupError:
        return None
    # The library also takes the longest known beginning of a name ("Serbian (Latin)" -> sr); that would be a guess.
    whole = any(normalize_name(name) in trie for key, trie in TRIES.items() if key.endswith("name_to_language"))
    return found if whole else None


def script_of(tag: str) -> str:
    """Return the ISO 15924 script of a tag: the written one, else the likely one, else ``Zyyy``."""
    language = langcodes.Language.get(tag)
    return language.script or language.maximize().script or "Zyyy"


def is_rtl(tag: str) -> bool:
    """Tell whether the language is written from right to left."""
    return script_of(tag) in _RTL_SCRIPTS


def language_name(tag: str) -> str:
    """Return the English name of a tag, for reports."""
    return langcodes.Language.get(tag).display_name()

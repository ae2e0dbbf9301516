"""Kit: pieces of a text that no translation may touch, taken out before it and put back behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import regex

__all__ = ["NOTHING", "Masked", "Protection", "needs_words", "protection"]

_PIECES: Final = (
    r"</?[A-Za-z][\w:-]*(?:\s+[\w:-]+=(?:\"[^\"<>]{0,300}\"|'[^'<>]{0,300}'|[^\s\"'<>]{1,300})){0,20}\s*/?>|<!--.{0,500}?-->|&(?:[A-Za-z]{2,12}|\#\d{1,6}|\#x[\dA-Fa-f]{1,6});",
    r"\$\$[^$]{1,2000}\$\$|(?<![\w$\\])\$(?=[^\s$])(?=[^$\n]{0,300}[\\^_={}])[^$\n]{1,300}(?<=[^\s\\])\$(?![\d$])",
    r"\\\(.{1,2000}?\\\)|\\\[.{1,2000}?\\\]|\\begin\{(\w+\*?)\}.{0,4000}?\\end\{\1\}",
    r"\\[A-Za-z]+\*?(?:\[[^\]\n]{0,100}\])?(?:\{[^{}\n]{0,300}\})+",
    r"[\^_]\([^()\n]{1,60}\)",
    r"\{\{[^{}\n]{1,100}\}\}|\$\{[^{}\n]{1,100}\}|\{[A-Za-z_]\w{0,40}\}|\{\d{0,2}\}|%\(\w{1,40}\)[sdf]|%[sd](?!\w)",
    r"\[(?:IMG|IMAGE|FIG|TABLE)[ _-]?\d{0,3}\]|\bIMG_\d+\b|__[A-Z0-9_]{1,30}__",
    r"\b(?:https?://|www\.)[^\s<>\"']{1,500}(?<![.,;:!?)])|\b10\.\d{4,9}/[^\s\"<>]{1,100}(?<![.,;:!?)])",
    r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}",
    r"[\p{Cc}--[\n\t\r]]",
)
"""Markup, formulas, raised and lowered text, placeholders, addresses, control characters."""
_NUMBERS: Final = (
    r"(?<![\p{L}\p{N}])(?:[<>≤≥±~]\s?)?\p{Nd}[\p{Nd}.,:/×x^-]*(?<![.,:/x-])"
    r"(?:\s?(?:%|‰|°C|°F|[µμmkcdnp]?(?:g|l|L|mol|Eq|m|Pa|Hz|U|UI|IU)(?:/(?:kg|[dm]?[lL]|h|min|d|day|mm[³3]))*)(?![\p{L}]))?"
)
"""A number with a unit whose symbol is the same in most languages."""


@lru_cache(maxsize=64)
def _pattern(terms: tuple[str, ...], *, numbers: bool, placeholder: str) -> regex.Pattern[str]:
    # What already looks like a placeholder in the text is protected too, so that numbers cannot be mixed up.
    own = regex.escape(placeholder).replace(r"\{\}", r"\d+").replace("{}", r"\d+")
    pieces = [own, *_PIECES, *([_NUMBERS] if numbers else [])]
    if terms:
        listed = "|".join(regex.escape(term) for term in sorted(terms, key=lambda term: (-len(term), term)))
        pieces.insert(1, rf"(?<![\p{{L}}\p{{N}}])(?:{listed})(?![\p{{L}}\p{{N}}])")
    return regex.compile("|".join(f"(?:{piece})" for piece in pieces), regex.DOTALL | regex.V1)


@dataclass(frozen=True)
class Masked:
    """A text without its protected pieces: ``text`` has numbered placeholders for ``pieces``."""

    text: str
    pieces: tuple[str, ...] = ()
    before: str = ""
    """White space at the beginning, and at the end, which engines drop or add."""
    behind: str = ""

    def restored(self, text: str, placeholder: str) -> str | None:
        """Return a translated text with its pieces; null where one is missing or stands there twice."""
        core = text.strip()
        if not self.pieces:
            return f"{self.before}{core}{self.behind}"
        found = [int(one) for one in _numbers(placeholder).findall(core)]
        if sorted(found) != list(range(len(self.pieces))):
            return None
        whole = _numbers(placeholder).sub(lambda one: self.pieces[int(one[1])], core)
        return f"{self.before}{whole}{self.behind}"

    def parts(self, placeholder: str) -> list[str]:
        """Return the texts between the pieces, as many as pieces and one more."""
        return regex.split(regex.sub(r"\(\\d\+\)", r"\\d+", _numbers(placeholder).pattern), self.text)

    def joined(self, parts: Sequence[str]) -> str:
        """Return the text of translated parts with the pieces between them."""
        filled = [parts[0], *(piece + part for piece, part in zip(self.pieces, parts[1:], strict=True))]
        return f"{self.before}{''.join(filled)}{self.behind}"


@lru_cache(maxsize=16)
def _numbers(placeholder: str) -> regex.Pattern[str]:
    before, behind = placeholder.split("{}")
    return regex.compile(rf"{regex.escape(before)}\s?(\d+)\s?{regex.escape(behind)}")


@dataclass(frozen=True)
class Protection:
    """What is protected, for engines that write placeholders in one form."""

    placeholder: str
    terms: tuple[str, ...] = ()
    numbers: bool = False

    def masked(self, text: str) -> Masked:
        """Return a text with placeholders for all that must stay."""
        core = text.strip()
        start = text.find(core) if core else 0
        before, behind = text[:start], text[start + len(core) :]
        pieces: list[str] = []

        def taken(found: regex.Match[str]) -> str:
            pieces.append(found[0])
            return self.placeholder.replace("{}", str(len(pieces) - 1))

        pattern = _pattern(self.terms, numbers=self.numbers, placeholder=self.placeholder)
        return Masked(pattern.sub(taken, core), tuple(pieces), before, behind)

    def pieces(self, text: str) -> list[str]:
        """Return the protected pieces of a text, in order."""
        pattern = _pattern(self.terms, numbers=self.numbers, placeholder=self.placeholder)
        return [found[0] for found in pattern.finditer(text)]

    @property
    def signature(self) -> str | None:
        """Return what changes the outcome beside the engine: null where nothing more than the usual is protected."""
        said = [*(["numbers"] if self.numbers else []), *sorted(self.terms)]
        return ",".join(said) or None


NOTHING: Final = Protection("⟦{}⟧")
_WORD: Final = regex.compile(
    r"\p{L}{2,}|[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
)


def needs_words(text: str, placeholder: str) -> bool:
    """Tell whether a masked text holds a word: two letters, or one of a script that writes words so."""
    return _WORD.search(_numbers(placeholder).sub(" ", text)) is not None


def protection(placeholder: str, terms: Iterable[str] = (), *, numbers: bool = False) -> Protection:
    """Return the protection for one form of placeholders."""
    return Protection(placeholder, tuple(sorted(set(terms))), numbers)

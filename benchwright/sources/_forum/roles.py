"""Who speaks: a doctor, somebody who looks after the forum, or somebody who asks. By the site's mark, then by rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import polars as pl

from benchwright.sources._forum.profile import Profile
from benchwright.sources._forum.words import ROLES, alternatives, role_words, titles

__all__ = ["role_expression"]

_NOT: Final = r"(?i)\b(?:not|non|no|nicht|false|0|unverified|un-verified|never)\b|\bnot an?\b"
_SIGNED: Final = 120
"""A signature stands in the last characters of a post."""
_TRUE: Final = ("true", "1", "yes", "y", "t")
_FALSE: Final = ("false", "0", "no", "n", "f", "")


def role_expression(profile: Profile) -> pl.Expr:
    """Return the role of the author of each row of ``mark``, ``name`` and ``text``.

    In the order of certainty: the site's own mark; a title at the name; a signature with a title at the end of the
    text. That who asks is a patient where nothing else tells is decided when the thread is whole.
    """
    role = pl.lit(None, dtype=pl.String)
    if "mark" in profile.rules:
        role = _by_mark(profile)
    if "name" in profile.rules:
        role = pl.coalesce(role, pl.when(_titled("name")).then(pl.lit("doctor")))
    if "signature" in profile.rules:
        role = pl.coalesce(role, pl.when(_signed()).then(pl.lit("doctor")))
    return role.fill_null("unknown")


def _by_mark(profile: Profile) -> pl.Expr:
    mark = pl.col("mark").str.strip_chars().str.to_lowercase()
    own = {"doctor": profile.doctor, "moderator": profile.moderator, "patient": profile.patient}
    told = (
        pl.when(mark.is_in(_TRUE)).then(pl.lit("doctor")).when(mark.is_in(_FALSE)).then(pl.lit(None, dtype=pl.String))
    )
    denied = mark.str.contains(_NOT)
    for role in ROLES:
        if own[role]:
            told = told.when(mark.str.contains(f"(?i){alternatives(word.casefold() for word in own[role])}")).then(
                pl.lit(role)
            )
    for role in ROLES:
        told = told.when(mark.str.contains(f"(?i){_pattern(role_words(role))}") & ~denied).then(pl.lit(role))
    return told.otherwise(None)


def _pattern(words: Iterable[str]) -> str:
    return alternatives(word.casefold() for word in words)


def _titled(column: str) -> pl.Expr:
    name = pl.col(column).str.strip_chars().str.to_lowercase()
    before = rf"^(?:{_bare('before')})[.\s\u00a0_]"
    after = rf"(?:[\s,(](?:{_bare('after')})|.(?:{_unspaced()}))[.)]*$"
    return name.str.contains(before) | name.str.contains(after)


def _bare(place: str) -> str:
    return "|".join(re.escape(word.casefold()).replace(r"\ ", " ").replace(r"\-", "-") for word in titles(place))


def _unspaced() -> str:
    """Return the titles of scripts without spaces, which follow a name at once."""
    return "|".join(word for word in titles("after") if not word.isascii())


def _signed() -> pl.Expr:
    """Tell whether the last line of a post is a name with a doctor's title and little else: no sentence."""
    last = pl.col("text").str.tail(_SIGNED).str.strip_chars().str.extract(r"(?:^|\n)[\s\-–—~*]*([^\n?!]{3,80})$", 1)
    name = r"[\p{Lu}\p{Lo}][\p{L}.'\-]*(?: [\p{Lu}\p{Lo}][\p{L}.'\-]*){0,3}"
    before = rf"^(?i:{_bare('before')})[.\s]+{name}(?:,.*)?$"
    after = rf"^{name},\s*(?i:{_bare('after')})[.)]?(?:,.*)?$"
    return last.str.contains(before) | last.str.contains(after)

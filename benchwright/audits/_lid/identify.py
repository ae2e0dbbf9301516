"""Kit: what a model of languages says of texts whose language is declared.

Two passes: the likeliest label for the beginning of every text; and for the texts in which that is not clearly the
declared language, the shares of the likeliest labels for all that is read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.audits._lid.fasttexts import Model, load_model
from benchwright.audits._lid.labels import accepted_labels, family, label_language
from benchwright.audits._lid.writing import astray_script, language_by_script
from benchwright.schemas.plugins import AuditContext

__all__ = ["Identifier", "identifier"]

_FIRST: Final = 200
"""Signs that the first pass reads."""
_MOST: Final = 12
"""Labels whose shares the second pass asks for."""
_SURE: Final = 0.8
"""Share of the declared language from which a text is settled in the first pass."""
_SURE_TRANSLATED: Final = 0.95
"""The same for items that were translated, in which the language of the original is looked for."""
_FLOOR: Final = 1e-3
_SOURCE: Final = 0.3
"""Share of the original's language, of that of the likeliest one, from which it is taken for the one found."""


@dataclass(frozen=True, eq=False)
class Identifier:
    """A model with what its labels mean."""

    model: Model

    @property
    def signature(self) -> str:
        """The first eight digits of the model's hash."""
        return self.model.sha256[:8]

    @cached_property
    def languages(self) -> frozenset[str]:
        """Primary subtags that the model can name."""
        return frozenset(label_language(label) for label in self.model.labels)

    def accepted(self, tag: str) -> frozenset[str]:
        """Return the labels that a text of a declared language may have; empty where the model lacks it."""
        return accepted_labels(tag, self.model.labels)

    def evidence(self, texts: pl.DataFrame, sure: float = _SURE) -> pl.DataFrame:
        """Return ``tag``, ``words``, ``source``, ``found``, ``share``, ``odds`` for rows not clearly in their language.

        Args:
            texts: columns ``tag`` (declared), ``words`` (lines of :func:`words_only`) and ``source`` (primary subtag of
                the original, or null), each row once.
            sure: share of the declared language from which a text is left out.

        ``found`` is the likeliest language other than the declared one, the original's where that is likely too;
        ``share`` is what the model gives it, from 0 to 1, and ``odds`` the natural logarithm of that over the share of
        the declared language. A script that the declared language does not use settles the matter.
        """
        accepted = {tag: self.accepted(tag) for tag in texts["tag"].unique()}
        limit = pl.when(pl.col("source").is_null()).then(sure).otherwise(max(sure, _SURE_TRANSLATED))
        tags = sorted(accepted)
        heads = texts["words"].str.slice(0, _FIRST)
        first = heads.unique().sort()
        labels, shares = self.model.best(first)
        told = pl.DataFrame({"head": first, "label": labels, "first": shares})
        known = pl.DataFrame(
            [(tag, label) for tag, own in sorted(accepted.items()) for label in sorted(own)],
            schema={"tag": pl.String, "label": pl.String},
            orient="row",
        ).with_columns(fits=pl.lit(value=True))
        open_ = (
            texts.with_columns(head=heads)
            .join(told, on="head", how="left")
            .join(known, on=["tag", "label"], how="left")
            .filter(pl.col("fits").is_null() | (pl.col("first") < limit) | astray_script(pl.col("words"), tags))
        )
        return self._weighed(open_.select("tag", "words", "source"), accepted)

    def _weighed(self, rows: pl.DataFrame, accepted: dict[str, frozenset[str]]) -> pl.DataFrame:
        lines = rows["words"].unique().sort()
        shares = dict(zip(lines, self.model.shares(lines, _MOST), strict=True))
        # Only the few rows that the first pass did not settle.
        found = [
            (tag, words, source, *_weigh(words, tag, source, shares[words], accepted[tag]))
            for tag, words, source in rows.iter_rows()
        ]
        return pl.DataFrame(found, schema=_EVIDENCE, orient="row")


_EVIDENCE: Final = pl.Schema(
    {
        **dict.fromkeys(("tag", "words", "source", "found"), pl.String()),
        **dict.fromkeys(("share", "odds"), pl.Float64()),
    }
)


def _weigh(
    words: str, tag: str, source: str | None, shares: dict[str, float], own: frozenset[str]
) -> tuple[str | None, float, float]:
    """Return the language found, its share and the logarithm of its odds against the declared one."""
    scripted = language_by_script(words, tag)
    if scripted is not None:
        return scripted, 1.0, -math.log(_FLOOR)
    others: dict[frozenset[str], float] = {}
    leaders: dict[frozenset[str], str] = {}
    for label, share in shares.items():
        if label not in own:
            meant = label_language(label)
            kin = family(meant)
            leaders.setdefault(kin, meant)
            others[kin] = others.get(kin, 0.0) + share
    if not others:
        return None, 0.0, -9.0
    best = max(others, key=lambda kin: (others[kin], leaders[kin]))
    if source is not None and others.get(family(source), 0.0) >= _SOURCE * others[best]:
        best = family(source)
        leaders[best] = source
    mine = sum(share for label, share in shares.items() if label in own)
    return leaders[best], min(1.0, others[best]), math.log((others[best] + 1e-6) / (mine + _FLOOR))


def identifier(context: AuditContext) -> Identifier:
    """Return the identifier of the model that the user names as ``lid``, else of the one that is shipped.

    Raises:
        InputError: the model of the user cannot be read.
        MissingDependencyError: fastText is not installed.
    """
    named = context.models.get("lid")
    if named is not None:
        return Identifier(load_model(named))
    return _shipped()


@lru_cache(maxsize=1)
def _shipped() -> Identifier:
    with as_file(files("benchwright.audits").joinpath("_data", "lid", "lid.176.ftz")) as path:
        return Identifier(load_model(Path(path)))

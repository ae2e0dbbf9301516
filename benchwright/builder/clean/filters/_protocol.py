"""Kit: what a filter is. A public module of this folder is a filter: it exposes ``FILTER``, a class of this kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

import polars as pl
from pydantic import BaseModel, ConfigDict

from benchwright.schemas.signature import signature

__all__ = ["Filter", "FilterSettings", "reasons_series"]


class FilterSettings(BaseModel):
    """The settings of a filter: frozen, and unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


SettingsT = TypeVar("SettingsT", bound=FilterSettings)


class Filter(ABC, Generic[SettingsT]):
    """One decision about each entry of a forum (:data:`benchwright.sources._forum.posts.ENTRY_SCHEMA`).

    A filter reads the columns that it needs and never changes a text. It works on whole frames; the same entry gets the
    same decision in any frame, so that batches of any size give the same result.
    """

    name: ClassVar[str]
    """The reason code of what the filter drops."""
    columns: ClassVar[tuple[str, ...]]
    """The columns of the entry table that the filter reads."""
    settings_type: ClassVar[type[FilterSettings]]

    def __init__(self, settings: SettingsT) -> None:
        self.settings: SettingsT = settings

    @abstractmethod
    def reasons(self, frame: pl.DataFrame) -> pl.Series:
        """Return one string for each entry: null keeps it, anything else is why it is dropped."""

    def keep(self, frame: pl.DataFrame) -> pl.Series:
        """Return True for each entry that stays."""
        return self.reasons(frame).is_null()

    def unjudged(self, frame: pl.DataFrame) -> pl.Series:
        """Return True for each entry that stays because the filter knows nothing of its language."""
        return pl.Series("unjudged", [False]).new_from_index(0, frame.height)

    @property
    def signature(self) -> str:
        """Return name, settings, and a digest of the word lists or model that decide."""
        return signature(self.name, data=self.data_digest(), **self.settings.model_dump(mode="json"))

    def data_digest(self) -> str | None:
        """Return eight digits of a hash of what the decision rests on besides settings and code; None if nothing."""
        return None


def reasons_series(frame: pl.DataFrame, drop: pl.Expr, detail: pl.Expr) -> pl.Series:
    """Return the detail where an entry is to be dropped and null elsewhere."""
    return frame.select(pl.when(drop).then(detail).otherwise(pl.lit(None, dtype=pl.String)).alias("reason")).to_series()

"""What the columns of one benchmark mean: the mapping that a layout file or a user's own file holds."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

__all__ = ["BesideIn", "ImageIn", "KeyIn", "Layout", "OptionsIn", "PairIn", "RationaleIn", "TurnsIn", "Value"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Columns = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
"""One column or several; ``a.b`` is the field b of the column a."""


class OptionsIn(_Part):
    """Where the options stand: one column each, or all of them in one column."""

    columns: Columns = ()
    column: str | None = None
    text: str | None = None
    """Field of the text, where each option is a record."""
    label: str | None = None
    """Field of the label, where each option is a record; labels are A, B, C ... elsewhere."""
    missing: tuple[str, ...] = ()
    """Texts that say that there is no such option; only at the end of the list."""
    marked: bool = False
    """Whether the column is one text in which each option begins with its letter: ``A one B two``. Where it is the
    column of the stem too, the stem is what stands before the first option."""
    written: Literal["list", "object"] | None = None
    """How an export writes the options of one column; null: an object where keys are labels, else a list of texts."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.columns) == bool(self.column):
            raise ValueError("either columns or column, not both")
        return self


class KeyIn(_Part):
    """Where the key stands and how it is written; what is null is found by evidence in the data."""

    columns: Columns = ()
    """The key, or several columns that together are the key."""
    form: Literal["letter", "label", "index", "text", "flags"] | None = None
    """Letter by position, label as printed, number by position, text of the option, or a flag in each option."""
    base: Literal[0, 1] | None = None
    """Number of the first option, where the form is ``index``."""
    separator: str | None = None
    """What parts several right answers in one text; a list is always several."""
    several: Literal["all", "any"] = "all"
    """Whether several answers must all be chosen, or each alone counts."""
    either: str | None = None
    """Regular expression between answers of which each alone counts: `` or ``."""
    flag: str | None = None
    """Field of the flag, where each option is a record and the form is ``flags``."""
    annulled: tuple[str, ...] = ()
    """Texts that say that the question was annulled."""
    annulled_column: str | None = None
    """Column that says whether the question was annulled: true, false, 1, 0, yes, no, or a text of ``annulled``."""
    status: Literal["official", "provisional", "revised", "contested"] = "official"

    @field_validator("separator", "either")
    @classmethod
    def _is_a_pattern(cls, value: str | None) -> str | None:
        """Refuse what the engine that will split the keys does not understand: look-around, say."""
        import polars as pl

        try:
            pl.Series(["A"]).str.replace_all(value or "", "")
        except pl.exceptions.ComputeError as error:
            raise ValueError(f"no regular expression without look-around: {str(error).splitlines()[0]}") from error
        return value


class RationaleIn(_Part):
    """An explanation."""

    column: str
    author: Literal["official", "doctor", "expert", "model", "unknown"] = "unknown"
    option: str | None = None
    """Id of the option that the column explains."""


class ImageIn(_Part):
    """Pictures: their bytes, base64 text, a name, or a flag that there is one."""

    column: str
    form: Literal["base64", "bytes", "name", "flag"] = "name"
    attached_to: str = "stem"


class TurnsIn(_Part):
    """A dialogue: a list of records, or columns in the order in which people spoke."""

    column: str | None = None
    role: str = "role"
    text: str = "content"
    columns: dict[str, str] = Field(default_factory=dict)
    """Column by role, in order."""


class Value(_Part):
    """A value from a column, or one for all rows."""

    column: str | None = None
    value: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _column_by_default(cls, data: Any) -> Any:
        return {"column": data} if isinstance(data, str) else data


class PairIn(_Part):
    """A text and its translation in one record: each becomes an item of the same group."""

    source: str
    target: str
    source_language: Value
    target_language: Value
    target_origin: Value = Value(value="machine_translation")
    system: str | None = None
    """Column of what made the target."""
    people: tuple[str, ...] = ()
    """Values of that column that are no machine: their targets are human translations."""


class BesideIn(_Part):
    """A second file of the same records: its columns are joined to those of the first."""

    of: str
    """Regular expression that matches the whole name of the first file."""
    file: str
    """Name of the second file, with groups of ``of``: ``\\1_metadata.jsonl``."""
    on: str
    """Column by which the records are joined, in both files."""


class Layout(_Part):
    """The layout of one benchmark. Columns that are named nowhere are reported, never dropped in silence."""

    name: str
    title: str
    about: str = ""
    """Where the column names were published."""
    columns: tuple[str, ...] = ()
    """All column names as published, in their order: the evidence by which a file is recognised."""
    optional: tuple[str, ...] = ()
    """Those of them that some versions lack."""
    header: bool = True
    """False where the files have no header: the columns stand in the order of ``columns``."""
    unpack: str | None = None
    """Name of the module that turns files of this shape into rows."""
    files: tuple[str, ...] = ()
    """Suffixes of the files."""
    names: tuple[str, ...] = ()
    """Regular expressions on the path: groups ``config``, ``split``, ``language``, ``edition``."""
    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """What a column may hold, where that is little: evidence by which a file without a header is recognised."""
    inside: str | None = None
    """The column whose object holds the record: other columns are about something else."""
    beside: tuple[BesideIn, ...] = ()

    id: str | None = None
    number: Columns = ()
    """Where no column is an id: the first of these that the file has; else the number of the record."""
    dataset: str | None = None
    config: Value | None = None
    split: Value | None = None
    edition: Value | None = None
    language: Value | None = None
    origin_language: str | None = None
    origin: str = "native"
    pair: PairIn | None = None
    kind: str | None = None
    """One of the kinds of item; null: single or multiple by the key, open without options."""
    context: str | None = None
    stem: Columns = ()
    """Several columns are joined by a line break."""
    options: OptionsIn | None = None
    key: KeyIn | None = None
    accepted: Columns = ()
    """Texts that count as right answers of open questions."""
    rationales: tuple[RationaleIn, ...] = ()
    images: tuple[ImageIn, ...] = ()
    needs_image: Value | None = None
    turns: TurnsIn | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    """Column by taxonomy."""
    label_source: Literal["human", "projected", "model", "printed"] = "printed"
    country: Value | None = None
    body: str | None = None
    profession: Value | None = None
    specialty: Value | None = None
    points: str | None = None
    session_date: Value | None = None
    release_date: Value | None = None
    prohibited: str | None = None
    share_correct: str | None = None
    distribution: str | None = None
    """Share of the candidates who chose each option, in the order of the options."""
    percent: bool = False
    """Whether these shares are written in per cent."""
    contributor: Value | None = None
    licence: str = "unknown"
    empty: tuple[str, ...] = ()
    """Texts that say that a cell is empty: ``nan``."""
    ignored: tuple[str, ...] = ()
    """Columns that say nothing about the item: row numbers, prompts built from the other columns."""

    @model_validator(mode="after")
    def _has_a_question(self) -> Self:
        if not self.stem and self.turns is None and self.pair is None:
            raise ValueError("a layout needs stem, turns or pair")
        return self

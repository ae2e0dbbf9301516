"""One item as the record of a layout: the mapping of the import, read backwards."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchwright.builder.export._parts import UnwritableError, key_cell, option_cells, written_stem
from benchwright.schemas.ids import split_group

if TYPE_CHECKING:
    from benchwright.sources._layouts.model import Layout, Value

__all__ = ["Cells"]

Row = Mapping[str, Any]
_EXAM: Final = ("country", "profession", "specialty", "session_date", "release_date")
_NEEDS: Final = {"yes": True, "no": False, "unknown": None}


class Cells:
    """Writes items as records of one layout."""

    def __init__(self, layout: Layout, media: Path | None) -> None:
        self.layout = layout
        self.media = media

    def record(self, item: Row) -> dict[str, Any]:
        """Return the cells by column.

        Raises:
            UnwritableError: the layout cannot hold this question.
        """
        cells: dict[str, Any] = {}
        for column, value in self._claims(item):
            if column is not None and (cells.get(column) is None or cells[column] == ""):
                cells[column] = value
        return cells

    def pair(self, source: Row, target: Row) -> dict[str, Any]:
        """Return the cells of a text and its translation."""
        pair = self.layout.pair
        if pair is None:
            raise TypeError("the layout is none of pairs")
        cells = self.record(target)
        cells[pair.source] = source["stem"]
        cells[pair.target] = target["stem"]
        for value, item in ((pair.source_language, source), (pair.target_language, target)):
            if value.column is not None:
                cells[value.column] = item["language"]
        return cells

    def _claims(self, item: Row) -> list[tuple[str | None, Any]]:
        """Return what each column should hold; where two want one column, the first that has a value has it."""
        layout = self.layout
        config = _config(item)
        number = item["exam"]["number"]
        claims: list[tuple[str | None, Any]] = [(layout.id or next(iter(layout.number), None), number)]
        claims.append((_column(layout.config), config))
        claims += [(column, _label(item, name)) for name, column in layout.labels.items()]
        claims.append((_column(layout.edition), self._edition(item, config)))
        claims.append((_column(layout.split), item["exam"]["part"]))
        claims += [(_column(getattr(layout, name)), item["exam"][name]) for name in _EXAM]
        claims.append((_column(layout.contributor), item["contributor"]))
        claims.append((_column(layout.language), item["language"]))
        claims.append((_column(layout.needs_image), _NEEDS[item["needs_image"]]))
        claims.append((layout.points, item["exam"]["points"]))
        claims += self._question(item)
        claims += self._people(item)
        claims += [(one.column, text) for one, text in zip(layout.rationales, self.rationales(item), strict=True)]
        claims += self._pictures(item)
        return claims

    def _edition(self, item: Row, config: str) -> str | None:
        """Return the edition; where it only repeats the config it was never written."""
        edition: str = item["exam"]["edition"]
        own = _column(self.layout.config) == _column(self.layout.edition)
        return None if edition == config and not own else edition

    def _question(self, item: Row) -> list[tuple[str | None, Any]]:
        layout = self.layout
        stem = written_stem(item, layout)
        marked = layout.options.column if layout.options and layout.options.marked else None
        options, body = option_cells(item, layout, stem)
        claims: list[tuple[str | None, Any]] = list(options.items())
        if layout.stem and layout.stem[0] != marked:
            claims.append((layout.stem[0], stem))
        elif body is not None:
            claims.append((marked, body))
        if layout.context and item["context"]:
            claims.append((layout.context, item["context"]["text"]))
        claims += key_cell(item, layout)
        accepted = item["key"]["accepted"]
        if accepted:
            if not layout.accepted:
                raise UnwritableError("the layout has no column for accepted answers in words")
            claims.append((layout.accepted[0], accepted[0] if len(accepted) == 1 else list(accepted)))
        return claims

    def _people(self, item: Row) -> list[tuple[str | None, Any]]:
        layout, human = self.layout, item["human"]
        prohibited = [one["id"] for one in item["options"] if one["prohibited"]]
        claims: list[tuple[str | None, Any]] = [(layout.prohibited, "".join(prohibited).lower() or None)]
        if human:
            unit = 100 if layout.percent else 1
            claims.append((layout.share_correct, _scaled(human["share_correct"], unit)))
            shares = [_scaled(one["share"], unit) for one in human["distribution"]]
            claims.append((layout.distribution, shares or None))
        return claims

    def rationales(self, item: Row) -> list[str | None]:
        """Return the explanation for each column of explanations: of the same option, and author where it can be."""
        left = list(item["rationales"])
        found: list[str | None] = []
        for one in self.layout.rationales:
            fits: list[Callable[[Row], bool]] = [
                lambda r, o=one: r["option"] == o.option and r["author_kind"] == o.author,  # type: ignore[misc]
                lambda r, o=one: r["option"] == o.option,  # type: ignore[misc]
            ]
            chosen = next((r for fit in fits for r in left if fit(r)), None)
            if chosen is not None:
                left.remove(chosen)
            found.append(chosen and chosen["text"])
        return found

    def _pictures(self, item: Row) -> list[tuple[str | None, Any]]:
        claims: list[tuple[str | None, Any]] = []
        for image in self.layout.images:
            names = [self._picture(one, image.form) for one in item["media"] if one["attached_to"] == image.attached_to]
            there = [name for name in names if name]
            claims.append((image.column, there[0] if len(there) == 1 else there or None))
        return claims

    def _picture(self, media: Row, form: str) -> str | bytes | None:
        if form in {"name", "flag"}:
            name: str | None = media["source_file"] or media["file"]
            return name
        path = self.media / media["file"] if self.media and media["file"] else None
        if path is None or not path.is_file():
            return None
        data = path.read_bytes()
        return data if form == "bytes" else base64.b64encode(data).decode()


def _config(item: Row) -> str:
    segments = split_group(item["group"])
    return segments[1] if len(segments) > 2 else item["exam"]["edition"]


def _column(value: Value | None) -> str | None:
    return value.column if value is not None else None


def _label(item: Row, taxonomy: str) -> str | None:
    return next((one["value"] for one in item["labels"] if one["taxonomy"] == taxonomy), None)


def _scaled(share: float | None, unit: int) -> float | None:
    """Return a share in the unit of the layout, without the noise of the division that made it."""
    return None if share is None else float(re.sub(r"0{6,}\d{1,2}$", "", repr(round(share * unit, 10))))

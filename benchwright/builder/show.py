"""One item as text, and the place on the page from which it was read."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Final, cast

from benchwright.schemas.errors import NotFoundError, Problem
from benchwright.schemas.item import Item
from benchwright.schemas.parts import Media, Provenance

__all__ = ["find_item", "item_text", "page_crops"]

Box = tuple[float, float, float, float]
_AROUND: Final = (30.0, 12.0)
"""Points shown beside an item, where its number stands, and above and below it."""
_AROUND_KEY: Final = (5000.0, 60.0)
"""Points shown around the cell of a key: its whole row, and the rows beside it, tell whether it is the right one."""
_COLOURS: Final = {
    "stem": (25, 90, 170),
    "context": (110, 60, 150),
    "option": (20, 110, 60),
    "figure": (150, 80, 0),
    "key": (180, 20, 60),
    "other": (80, 80, 80),
}


def find_item(project: Path, item_id: str) -> Item:
    """Return an item of the newest snapshot by its id, or by its group when that has one language only.

    Raises:
        NotFoundError: nothing was built, or no item has this id; the nearest ids are named.
    """
    import polars as pl

    from benchwright.schemas.rows import from_frame

    table = project / "build" / "items.parquet"
    if not table.is_file():
        raise NotFoundError(
            Problem(
                code="file-not-found",
                message="nothing has been built here",
                file=str(table),
                expected="a snapshot",
                remedy="run `benchwright build` first",
            )
        )
    items = pl.scan_parquet(table)
    found = items.filter((pl.col("id") == item_id) | (pl.col("group") == item_id)).collect()
    if found.height == 1:
        return from_frame(found, Item, checked=True)[0]
    raise NotFoundError(_unknown(item_id, found["id"].to_list(), items.select("id").collect()["id"].to_list()))


def _unknown(item_id: str, several: list[str], known: list[str]) -> Problem:
    from rapidfuzz import process

    near = several or [name for name, _, _ in process.extract(item_id, known, limit=3)]
    return Problem(
        code="id-unknown",
        message="several items have this group" if several else f"no item has the id {item_id!r}",
        found=", ".join(several) if several else repr(item_id),
        expected="an id of build/items.parquet: <exam>/<edition>/<part>/<number>@<language>",
        remedy=f"did you mean {' or '.join(near)}?" if near else None,
    )


def item_text(item: Item) -> str:
    """Return an item as lines of text: id, context, stem, options with the right ones marked, key and origin."""
    right = {option for response in item.key.answers for option in response}
    lines = [item.id, ""]
    if item.context:
        lines += [item.context.text, ""]
    lines += [item.stem, ""]
    for option in item.options:
        lines.append(f"{'*' if option.id in right else ' '} {option.label} {option.text}")
    answers = " or ".join("+".join(response) for response in item.key.answers) or "none"
    lines += ["", f"key: {answers} ({item.key.status}{', ' + item.key.source if item.key.source else ''})"]
    for change in item.key.history:
        before = " or ".join("+".join(response) for response in change.answers) or "none"
        lines.append(f"key before: {before} ({change.status}{', ' + change.source if change.source else ''})")
    for picture in item.media:
        lines.append(f"{picture.role} at {picture.attached_to}: {picture.file or picture.status}")
    for place in item.provenance:
        page = f", page {place.page}" if place.page else ""
        lines.append(f"{place.field} from {place.file}{page}")
    lines.append(f"text hash: {item.hashes.text_hash}")
    lines.append(f"key hash: {item.hashes.key_hash}")
    return "\n".join(lines)


def page_crops(project: Path, item: Item) -> list[tuple[str, int, bytes]]:
    """Return the parts of the pages from which an item was read: file, page and PNG, the paper before the key.

    Stem, context, every option, the figures and the place of the key are outlined and named. The key is drawn where it
    was read from a page: beside the item, or in a picture of its own.

    Raises:
        InputError: the raw file cannot be opened.
        NotFoundError: the item does not say where it was read.
    """
    from benchwright import sources

    marks: dict[tuple[bool, str, int], list[sources.MarkedBox]] = defaultdict(list)
    papers = {(place.file, place.page) for place in item.provenance if place.field != "key"}
    for place in item.provenance:
        box = _box(place)
        if box is not None and place.page is not None:
            apart = (place.file, place.page) not in papers
            marks[apart, place.file, place.page].append((box, _name(place.field, item), _colour(place.field)))
    for picture in item.media:
        box = _box(picture)
        if box is not None and picture.page is not None and picture.source_file:
            apart = (picture.source_file, picture.page) not in papers
            name = f"figure of {_name(picture.attached_to, item)}"
            marks[apart, picture.source_file, picture.page].append((box, name, _COLOURS["figure"]))
    if not marks:
        raise NotFoundError(
            Problem(
                code="id-unknown",
                message="the item does not say from which page it was read",
                place=item.id,
                expected="provenance with page and box",
                remedy="only PDF papers and pictures have pages; the printed item names the row or element instead",
            )
        )
    return [
        (
            file,
            page,
            sources.marked_png(project / "raw" / file, page, found, around=_AROUND_KEY if apart else _AROUND),
        )
        for (apart, file, page), found in sorted(marks.items(), key=lambda entry: entry[0])
    ]


def _box(place: Provenance | Media) -> Box | None:
    corners = (place.x0, place.y0, place.x1, place.y1)
    return None if None in corners else cast("Box", corners)


def _name(field: str, item: Item) -> str:
    """Return the name of a field in plain letters; an option by its id, which is how the key names it."""
    kind, _, option = field.partition(":")
    if kind == "key":
        answers = " or ".join("+".join(response) for response in item.key.answers)
        return f"key: {answers or item.key.status}"
    right = {one for response in item.key.answers for one in response}
    return f"option {option}{' (key)' if option in right else ''}" if kind == "option" else kind


def _colour(field: str) -> tuple[int, int, int]:
    return _COLOURS.get(field.partition(":")[0], _COLOURS["other"])

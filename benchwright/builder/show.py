"""One item as text, and the place on the page from which it was read."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from benchwright.schemas.errors import NotFoundError, Problem
from benchwright.schemas.item import Item

__all__ = ["find_item", "item_text", "page_crops"]

Box = tuple[float, float, float, float]
_MARGIN = 12.0


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
    return "\n".join(lines)


def page_crops(project: Path, item: Item) -> list[tuple[str, int, bytes]]:
    """Return the parts of the pages that hold the item, its fields framed: file, page and PNG, in reading order.

    Raises:
        InputError: the raw file cannot be opened.
        NotFoundError: the item does not say where it was read.
    """
    from benchwright import sources

    boxes: dict[tuple[str, int], list[Box]] = defaultdict(list)
    for place in item.provenance:
        corners = (place.x0, place.y0, place.x1, place.y1)
        if place.page is not None and place.field != "key" and None not in corners:
            x0, y0, x1, y1 = (float(one or 0) for one in corners)
            boxes[(place.file, place.page)].append((x0, y0, x1, y1))
    if not boxes:
        raise NotFoundError(
            Problem(
                code="id-unknown",
                message="the item does not say from which page it was read",
                place=item.id,
                expected="provenance with page and box",
            )
        )
    return [
        (file, page, sources.page_png(project / "raw" / file, page, _around(found), boxes=found))
        for (file, page), found in sorted(boxes.items())
    ]


def _around(boxes: list[Box]) -> Box:
    return (
        max(0.0, min(box[0] for box in boxes) - _MARGIN),
        max(0.0, min(box[1] for box in boxes) - _MARGIN),
        max(box[2] for box in boxes) + _MARGIN,
        max(box[3] for box in boxes) + _MARGIN,
    )

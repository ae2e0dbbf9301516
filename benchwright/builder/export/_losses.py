"""What a layout has no place for: counted for each field, so that an export says what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from benchwright.schemas.ids import split_group

if TYPE_CHECKING:
    from benchwright.sources._layouts.model import Layout

__all__ = ["lost_fields"]

Row = Mapping[str, Any]
_EXAM: Final = ("country", "profession", "specialty", "session_date", "release_date")
_NEVER: Final = ("numeric", "rubric", "turns", "marks")
_USUAL: Final = {"single", "multiple", "open"}


def lost_fields(item: Row, layout: Layout, rationales: list[str | None]) -> Iterator[str]:
    """Yield the fields of an item that the layout does not hold, or holds in another way."""
    yield from (name for name in _NEVER if item[name])
    yield from _place(item, layout)
    yield from _texts(item, layout)
    yield from _key(item, layout)
    yield from _people(item, layout)
    taken = sum(one is not None for one in rationales)
    if taken < len(item["rationales"]):
        yield "rationales"
    kept = set(layout.labels)
    yield from (f"labels.{one['taxonomy']}" for one in item["labels"] if one["taxonomy"] not in kept)


def _place(item: Row, layout: Layout) -> Iterator[str]:
    """Yield what says where the question stands, and comes from a column or from nowhere."""
    segments = split_group(item["group"])
    if layout.id is None and not layout.number:
        yield "exam.number"
    if len(segments) > 2 and segments[1] != "all" and not _held(layout.config):
        yield "config (it comes from the name of the file)"
    if item["exam"]["part"] != "all" and not _held(layout.split):
        yield "exam.part (it comes from the name of the file)"
    edition = item["exam"]["edition"]
    if not _held(layout.edition) and edition != (segments[1] if len(segments) > 2 else edition):
        yield "exam.edition"
    if layout.pair is None and not _held(layout.language):
        said = layout.language.value if layout.language else None
        if said != item["language"]:
            yield "language (say it with --lang)"
    for name in _EXAM:
        value = getattr(layout, name)
        if item["exam"][name] is not None and not _held(value) and (value is None or value.value != item["exam"][name]):
            yield f"exam.{name}"
    yield from (f"exam.{name}" for name in ("pass_rule", "printed_numbers") if item["exam"][name])


def _texts(item: Row, layout: Layout) -> Iterator[str]:
    if item["context"] and not layout.context:
        yield "context (it stands before the stem)"
    where = layout.options
    named = where is not None and (bool(where.label) or where.marked or _object(layout))
    if not named and any(one["label"] != one["id"] for one in item["options"]):
        yield "options.label"
    pictures = {one.attached_to for one in layout.images}
    if any(one["attached_to"] not in pictures for one in item["media"]):
        yield "media"
    if item["kind"] not in _USUAL and item["kind"] != layout.kind:
        yield f"kind ({item['kind']})"


def _object(layout: Layout) -> bool:
    where = layout.options
    if where is None or where.columns:
        return False
    return where.written == "object" or (
        where.written is None and layout.key is not None and layout.key.form == "label"
    )


def _key(item: Row, layout: Layout) -> Iterator[str]:
    key, form = item["key"], layout.key
    if key["status"] == "annulled" and form is not None and not (form.annulled or form.annulled_column):
        yield "key.status (annulled)"
    elif form is not None and key["status"] not in {form.status, "unknown", "annulled"}:
        yield f"key.status ({key['status']})"
    yield from (f"key.{name}" for name in ("history", "note") if key[name])


def _people(item: Row, layout: Layout) -> Iterator[str]:
    checks: dict[str, tuple[bool, Callable[[], bool]]] = {
        "points": (layout.points is None, lambda: item["exam"]["points"] is not None),
        "options.prohibited": (layout.prohibited is None, lambda: any(one["prohibited"] for one in item["options"])),
        "contributor": (not _held(layout.contributor), lambda: item["contributor"] is not None),
        "licence": (layout.licence != item["licence"]["id"], lambda: item["licence"]["id"] != "unknown"),
        "needs_image": (
            layout.needs_image is None and not layout.images,
            lambda: item["needs_image"] != "unknown",
        ),
    }
    yield from (name for name, (missing, there) in checks.items() if missing and there())
    if item["human"]:
        for name, column in (("share_correct", layout.share_correct), ("distribution", layout.distribution)):
            if column is None and item["human"][name]:
                yield f"human.{name}"
        if item["human"]["n"] is not None:
            yield "human.n"


def _held(value: Any) -> bool:
    return value is not None and value.column is not None

"""Stem, options and key of an item as the cells of a layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from benchwright.sources._layouts.model import KeyIn, Layout, OptionsIn

__all__ = ["UnwritableError", "key_cell", "option_cells", "written_stem"]

Row = Mapping[str, Any]
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class UnwritableError(Exception):
    """The layout cannot hold this question; the text says why."""


def written_stem(item: Row, layout: Layout) -> str:
    """Return the stem; a context for which the layout has no column stands before it."""
    stem: str = item["stem"]
    context = item["context"]["text"] if item["context"] else None
    return f"{context}\n\n{stem}" if context and not layout.context else stem


def option_cells(item: Row, layout: Layout, stem: str) -> tuple[dict[str, Any], str | None]:
    """Return the cells of the options; and the text that holds stem and options, where one column holds both."""
    where, options = layout.options, item["options"]
    if where is None:
        if options:
            raise UnwritableError("the layout has no place for options")
        return {}, None
    if where.columns:
        return _wide(options, where), None
    column = str(where.column)
    if where.marked:
        lines = [f"{one['label']} {one['text']}" for one in options]
        together = column in layout.stem
        body = "\n".join([stem, *lines] if together else lines)
        return ({}, body) if together else ({column: body or None}, None)
    if where.text is not None:
        return {column: _records(item, layout, where)}, None
    if _as_object(layout):
        labels = [one["label"] for one in options]
        if len(set(labels)) < len(labels):
            raise UnwritableError("two options have one label, and the layout names options by their labels")
        return {column: {one["label"]: one["text"] for one in options} or None}, None
    return {column: [one["text"] for one in options] or None}, None


def _as_object(layout: Layout) -> bool:
    """Tell whether the options of one column are an object of label and text; else they are a list of texts."""
    written = layout.options.written if layout.options else None
    by_label = layout.key is not None and layout.key.form == "label"
    return written == "object" or (written is None and by_label)


def _wide(options: list[Row], where: OptionsIn) -> dict[str, Any]:
    if len(options) > len(where.columns):
        raise UnwritableError(f"{len(options)} options, and the layout has {len(where.columns)} columns for them")
    texts = [one["text"] for one in options]
    absent = where.missing[0] if where.missing and options else None
    return dict(zip(where.columns, [*texts, *[absent] * (len(where.columns) - len(texts))], strict=True))


def _records(item: Row, layout: Layout, where: OptionsIn) -> list[dict[str, Any]] | None:
    flag = layout.key.flag if layout.key and layout.key.form == "flags" else None
    right = {one for answer in item["key"]["answers"] for one in answer}
    made = []
    for one in item["options"]:
        record: dict[str, Any] = {str(where.text): one["text"]}
        if where.label:
            record = {where.label: one["label"], **record}
        if flag:
            record[flag] = one["id"] in right
        made.append(record)
    return made or None


def key_cell(item: Row, layout: Layout) -> list[tuple[str | None, Any]]:
    """Return the cells of the key.

    Raises:
        UnwritableError: the key says what the layout cannot say.
    """
    key, form = item["key"], layout.key
    if form is None:
        if key["answers"]:
            raise UnwritableError("the layout has no place for a key")
        return []
    column = form.columns[0] if form.columns else None
    annulled = key["status"] == "annulled"
    claims: list[tuple[str | None, Any]] = []
    if form.annulled_column:
        claims.append((form.annulled_column, annulled))
    if annulled and form.annulled and not form.annulled_column:
        return [*claims, (column, form.annulled[0])]
    answers: list[list[str]] = key["answers"]
    if not answers or form.form == "flags":
        _one_way(answers, form)
        return claims
    if form.either and len(answers) > 1 and all(len(one) == 1 for one in answers):
        each = [str(_token(item, one[0], form)) for one in answers]
        return [*claims, (column, _sign(form.either).join(each))]
    tokens = [_token(item, one, form) for one in _one_way(answers, form)]
    return [*claims, (column, _joined(tokens, form))]


def _one_way(answers: list[list[str]], form: KeyIn) -> list[str]:
    """Return the ids that the key names, where the layout can say how they belong together."""
    if form.several == "any":
        if any(len(one) > 1 for one in answers):
            raise UnwritableError("several options must be chosen together, and in this layout each alone counts")
        return [one[0] for one in answers]
    if len(answers) > 1:
        raise UnwritableError("several answers are accepted, and in this layout they must all be chosen")
    return list(answers[0]) if answers else []


def _token(item: Row, option: str, form: KeyIn) -> str | int:
    options = item["options"]
    place = next(at for at, one in enumerate(options) if one["id"] == option)
    if form.form == "index":
        return place + (form.base or 0)
    if form.form == "label":
        label: str = options[place]["label"]
        if sum(one["label"].strip() == label.strip() for one in options) > 1:
            raise UnwritableError("the label of the right option stands twice")
        return label
    if form.form == "text":
        text: str = options[place]["text"]
        if sum(one["text"].strip() == text.strip() for one in options) > 1:
            raise UnwritableError("the text of the right option stands twice, and the key of this layout is a text")
        return text
    if place >= len(_LETTERS):
        raise UnwritableError("the right option has no letter")
    return _LETTERS[place]


def _joined(tokens: list[str | int], form: KeyIn) -> Any:
    """Return one token as itself; several as a run of letters, parted by the sign of the layout, or as a list."""
    if len(tokens) == 1:
        return tokens[0]
    if form.separator is not None:
        return _sign(form.separator).join(str(one) for one in tokens)
    if form.form == "letter":
        return "".join(str(one) for one in tokens)
    return tokens


def _sign(pattern: str) -> str:
    """Return the plainest text that a pattern between answers matches."""
    return pattern.replace(r"\s*", "").replace(r"\s+", " ").replace("\\", "")

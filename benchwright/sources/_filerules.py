"""Rules of a recipe: one pattern where files of one role share the shape of their names, else one for each file."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from benchwright.schemas.papers import FileRule, Layout
from benchwright.schemas.parts import KeyStatus
from benchwright.sources._look import Look
from benchwright.sources._names import NameParts, pattern_for

__all__ = ["NamedLayouts", "Placed", "layout_signature", "rules_of", "usual_layout"]

NamedLayouts = dict[tuple[object, ...], tuple[str, Layout]]
"""Layouts and their names by what tells layouts apart."""


@dataclass(frozen=True)
class Placed:
    """A file with its place in the exam."""

    look: Look
    parts: NameParts
    edition: str
    part: str | None
    named: tuple[tuple[int, str], ...]
    status: KeyStatus | None = None
    table: str | None = None
    booklet: str | None = None


def layout_signature(layout: Layout) -> tuple[object, ...]:
    """Return what tells one layout from another."""
    number = layout.number.style if layout.number else None
    marks = layout.options.marks[:2] if layout.options else ()
    key = layout.key.where if layout.key else None
    return layout.columns, number, marks, bool(layout.options and layout.options.glyphs), key


def usual_layout(placed: Sequence[Placed], layouts: NamedLayouts) -> str | None:
    """Return the name of the layout that most booklets have."""
    counts = Counter(_layout_of(p, layouts) for p in placed if p.look.role == "booklet" and p.look.layout)
    return min(counts, key=lambda name: (-counts[name], name or ""), default=None)


def _layout_of(one: Placed, layouts: NamedLayouts) -> str | None:
    layout = one.look.layout if one.look.role == "booklet" else None
    return layouts[layout_signature(layout)][0] if layout else None


def rules_of(
    placed: Sequence[Placed],
    everyone: Sequence[Placed],
    layouts: NamedLayouts,
    usual: str | None,
    languages: Sequence[str],
) -> list[FileRule]:
    """Return the rules of one exam.

    Args:
        placed: its files.
        everyone: the files of all exams, of which a pattern may match no other.
        layouts: all layouts.
        usual: the one that needs no mention.
        languages: all languages of the papers.

    A copy that is left out gets none, nor does a file at which nobody could look: comments of the recipe say why.
    """
    groups: dict[tuple[object, ...], list[Placed]] = defaultdict(list)
    for p in placed:
        if p.look.role == "ignore" and (p.look.copy_of or p.look.reject):
            continue
        layout = _layout_of(p, layouts)
        tongue = _tongue(p, languages) if len(languages) > 1 else None
        shape = (
            p.parts.kinds,
            tuple(t if k in {"role", "sep"} else "" for t, k in zip(p.parts.tokens, p.parts.kinds, strict=True)),
        )
        groups[
            p.look.role, p.status, tongue, layout, shape, p.named, p.table, PurePosixPath(p.look.file).suffix
        ].append(p)
    rules: list[FileRule] = []
    for (role, status, spoken, named_layout, *_), members in sorted(groups.items(), key=lambda g: g[1][0].look.file):
        extra: dict[str, object] = {"role": role, "status": status, "language": spoken}
        extra["layout"] = named_layout if named_layout != usual else None
        rules += _group_rules(members, everyone, {k: v for k, v in extra.items() if v is not None})
    return rules


def _tongue(one: Placed, languages: Sequence[str]) -> str | None:
    """Return the language of a booklet; of another file the one that its name says, which then serves no other."""
    if one.look.role == "booklet":
        return one.look.language
    named = one.parts.language
    return next((tag for tag in languages if named and tag.split("-")[0] == named.split("-")[0]), None)


def _group_rules(members: Sequence[Placed], everyone: Sequence[Placed], extra: dict[str, object]) -> list[FileRule]:
    table = members[0].table
    for exact in (False, True) if len(members) > 1 else ():
        pattern = pattern_for([m.parts for m in members], [dict(m.named) for m in members], exact=exact)
        if pattern is not None and _gives(pattern, members, everyone):
            return [FileRule.model_validate({**extra, "match": pattern, "table": table})]
    return [
        FileRule.model_validate(
            {
                **extra,
                **_other_years(m, everyone),
                "part": m.part,
                "booklet": m.booklet,
                "table": m.table,
            }
        )
        for m in members
    ]


def _other_years(one: Placed, everyone: Sequence[Placed]) -> dict[str, str]:
    """Return a pattern for the same file of any edition, or the file alone where another file fits that too."""
    edition = {at: name for at, name in one.named if name == "edition"}
    pattern = pattern_for([one.parts], [edition]) if edition else None
    if pattern is None or any(re.fullmatch(pattern, p.look.file) for p in everyone if p.look.file != one.look.file):
        return {"match": re.escape(one.look.file), "edition": one.edition}
    return {"match": pattern}


def _gives(pattern: str, members: Sequence[Placed], everyone: Sequence[Placed]) -> bool:
    """Tell whether a pattern matches its files and no others, and gives each its edition and part."""
    compiled = re.compile(pattern)
    mine = {m.look.file for m in members}
    for one in everyone:
        found = compiled.fullmatch(one.look.file)
        if (found is not None) != (one.look.file in mine):
            return False
        if found:
            named = found.groupdict()
            told = (named.get("edition"), named.get("part"), named.get("booklet"))
            if told != (one.edition, one.part, one.booklet):
                return False
    return True

"""A folder of raw files -> exams, editions, parts, roles and layouts: what `new` writes into the recipe."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from rapidfuzz import fuzz

from benchwright.schemas.ids import segment
from benchwright.schemas.papers import ExamGuess, FileReport, FileRule, Layout, PartGuess, Survey
from benchwright.schemas.parts import KeyStatus
from benchwright.sources._look import Look, look_at
from benchwright.sources._names import NameParts, name_parts, pattern_for
from benchwright.sources._versions import Candidate, Version, positions_of, versions_of
from benchwright.sources._words import fold, has_word

__all__ = ["survey"]

_SLUG: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class _Placed:
    """A file with its place in the exam."""

    look: Look
    parts: NameParts
    edition: str
    part: str | None
    named: tuple[tuple[int, str], ...]
    status: KeyStatus | None = None
    table: str | None = None
    booklet: str | None = None


def survey(
    raw: Path, files: Sequence[str], *, language: str | None = None, progress: Callable[[str], None] | None = None
) -> Survey:
    """Look at raw files and say what they are.

    Args:
        raw: the folder.
        files: names relative to it, with ``/``.
        language: BCP-47 tag of the papers; null to find it in each.
        progress: called with each file name before it is read.
    """
    looks: list[Look] = []
    for file in sorted(files):
        if progress:
            progress(file)
        looks.append(look_at(raw / file, file))
    _settle_languages(looks, language)
    languages = tuple(dict.fromkeys(look.language for look in looks if look.role == "booklet" and look.language))
    layouts = _name_layouts(looks)
    placed = _place(looks, frozenset(tag.split("-")[0] for tag in languages))
    _doubt_pairs(placed)
    exam = ExamGuess(
        id=_exam_id(placed, raw),
        files=tuple(_rules(placed, layouts, languages)),
        editions=tuple(sorted({p.edition for p in placed if p.look.role == "booklet"})),
        parts=tuple(_parts(placed)),
        layout=_usual_layout(layouts),
    )
    return Survey(
        exams=(exam,),
        layouts=dict(layouts.values()),
        files=tuple(_report(look, layouts) for look in looks),
        languages=languages or ((language,) if language else ()),
        rejects=tuple(look.reject for look in looks if look.reject is not None),
    )


def _settle_languages(looks: Sequence[Look], language: str | None) -> None:
    """Give booklets without a certain language the one of the others, or the one that was asked for."""
    found = Counter(look.language for look in looks if look.role == "booklet" and look.language)
    usual = found.most_common(1)[0][0] if found else None
    for look in looks:
        if language is not None:
            if look.role == "booklet" and look.language not in (None, language) and look.language:
                look.doubts.append(f"looks like {look.language}, taken as {language} as asked")
            look.language = language
        elif look.role == "booklet" and look.language is None:
            look.language = usual
            look.doubts.append("language not certain" + (f", taken as {usual} like the others" if usual else ""))


def _signature(layout: Layout) -> tuple[object, ...]:
    number = layout.number.style if layout.number else None
    marks = layout.options.marks[:2] if layout.options else ()
    key = layout.key.where if layout.key else None
    return layout.columns, number, marks, bool(layout.options and layout.options.glyphs), key


def _name_layouts(looks: Sequence[Look]) -> dict[tuple[object, ...], tuple[str, Layout]]:
    """Return layouts by signature, named layout-1, layout-2, ... by how many files have them."""
    clusters: dict[tuple[object, ...], list[Layout]] = defaultdict(list)
    for look in looks:
        if look.role == "booklet" and look.layout is not None:
            clusters[_signature(look.layout)].append(look.layout)
    order = sorted(clusters.items(), key=lambda entry: (-len(entry[1]), str(entry[0])))
    return {key: (f"layout-{k}", min(some, key=_weakest)) for k, (key, some) in enumerate(order, 1)}


def _weakest(layout: Layout) -> tuple[int, float]:
    return (-len(layout.options.marks if layout.options else ()), layout.score or 0.0)


def _usual_layout(layouts: dict[tuple[object, ...], tuple[str, Layout]]) -> str | None:
    return next((name for name, _ in layouts.values()), None)


def _place(looks: Sequence[Look], languages: frozenset[str]) -> list[_Placed]:
    parts = {look.file: name_parts(look.file, languages) for look in looks}
    booklets = [look for look in looks if look.role == "booklet"]
    placed = _with_versions([_place_one(look, parts[look.file], [parts[b.file] for b in booklets]) for look in looks])
    placed = _named_parts(placed)
    keys = [p for p in placed if p.look.role == "key"]
    result = []
    for one in placed:
        if one.look.role == "key":
            rivals = [k for k in keys if (k.edition, k.part, k.booklet) == (one.edition, one.part, one.booklet)]
            result.append(_with_table(_with_status(one, rivals), [p for p in placed if p.look.role == "booklet"]))
        else:
            result.append(one)
    return result


def _named_parts(placed: Sequence[_Placed]) -> list[_Placed]:
    """Give a booklet without a part the name 1 where other booklets have parts: every part must have a name."""
    if not any(p.part for p in placed if p.look.role == "booklet"):
        return list(placed)
    return [replace(p, part="1") if p.look.role == "booklet" and p.part is None else p for p in placed]


def _place_one(look: Look, parts: NameParts, booklets: Sequence[NameParts]) -> _Placed:
    """Read edition and part off a name: the year (or a folder, or the longest number), and what varies beside it."""
    edition_at = _edition_position(parts)
    edition = parts.tokens[edition_at] if edition_at is not None else "1"
    same = [b for b in booklets if _edition_of(b) == edition] or list(booklets)
    shared = set.intersection(*(set(b.identity) for b in same)) if same else set()
    varying = [
        k
        for k, (token, kind) in enumerate(zip(parts.tokens, parts.kinds, strict=True))
        if kind in {"word", "number", "year"} and k != edition_at and token.casefold() not in shared
    ]
    known = {token for b in same for token in b.identity}
    if look.role != "booklet":
        varying = [k for k in varying if parts.tokens[k].casefold() in known]
    part = "-".join(parts.tokens[k] for k in varying) or None
    named = [(edition_at, "edition")] if edition_at is not None else []
    if len(varying) == 1:
        named.append((varying[0], "part"))
    return _Placed(look, parts, edition, part, tuple(sorted(named)))


def _with_versions(placed: Sequence[_Placed]) -> list[_Placed]:
    """Tell versions of one booklet from parts; keys and other files that name the version go with it."""
    booklets = [p for p in placed if p.look.role == "booklet"]
    found = versions_of([Candidate(b.parts, b.edition, b.part, b.look.language, b.look.stems) for b in booklets])
    by_file = {booklets[k].look.file: version for k, version in found.items()}
    by_part = {(booklets[k].edition, booklets[k].part): version for k, version in found.items() if booklets[k].part}
    result = []
    for one in placed:
        version = by_file.get(one.look.file)
        if version is not None:
            one.look.why.append(version.why)
        elif one.look.role != "booklet":
            version = by_part.get((one.edition, one.part))
        result.append(one if version is None else _as_version(one, version))
    return result


def _as_version(one: _Placed, version: Version) -> _Placed:
    edition = [place for place in one.named if place[1] == "edition"]
    named = [*edition, *positions_of(one.parts, version)]
    return replace(one, part=version.part, booklet=version.booklet, named=tuple(sorted(named)))


def _edition_of(parts: NameParts) -> str:
    at = _edition_position(parts)
    return parts.tokens[at] if at is not None else "1"


def _edition_position(parts: NameParts) -> int | None:
    years = [k for k, kind in enumerate(parts.kinds) if kind == "year"]
    if years:
        return years[0]
    numbers = [k for k, kind in enumerate(parts.kinds) if kind == "number" and len(parts.tokens[k]) >= 3]
    return max(numbers, key=lambda k: (len(parts.tokens[k]), -k)) if numbers else None


def _with_status(one: _Placed, rivals: Sequence[_Placed]) -> _Placed:
    status: KeyStatus = "official"
    if len(rivals) > 1 or "provisional" in one.parts.roles:
        if "provisional" in one.parts.roles:
            status = "provisional"
        elif "revised" in one.parts.roles:
            status = "revised"
    unnamed = len(rivals) > 1 and status == "official" and not any("revised" in r.parts.roles for r in rivals)
    if unnamed and has_word(one.look.head, "revised"):
        status = "revised"
    one.look.why.append(f"status {status}" + (f": {len(rivals)} keys for one booklet" if len(rivals) > 1 else ""))
    return replace(one, status=status)


def _with_table(one: _Placed, booklets: Sequence[_Placed]) -> _Placed:
    """Choose the key of several in a file by its heading: the one whose words stand on the cover of the booklet."""
    mine = [b for b in booklets if _belongs(one, b)] or list(booklets)
    if not one.look.tables or len(mine) != 1:
        if one.look.tables:
            one.look.doubts.append(f"holds {len(one.look.tables)} keys; say which one with table:")
        return one
    cover = fold(mine[0].look.head)
    scored = sorted(((fuzz.token_set_ratio(fold(t), cover), t) for t in one.look.tables), reverse=True)
    (best, table), second = scored[0], scored[1][0] if len(scored) > 1 else 0.0
    if best < 60 or best - second < 3:
        one.look.doubts.append(f"holds {len(one.look.tables)} keys and no heading clearly fits; say which with table:")
        return one
    one.look.why.append(f"key {table!r}: its heading fits the cover ({best:.0f}, next {second:.0f} of 100)")
    return replace(one, table=table)


def _belongs(key: _Placed, booklet: _Placed) -> bool:
    if booklet.edition != key.edition or key.part not in (None, booklet.part):
        return False
    return key.booklet in (None, booklet.booklet)


def _doubt_pairs(placed: Sequence[_Placed]) -> None:
    """Say which booklets have no key and which keys no booklet, and where their counts differ."""
    booklets = [p for p in placed if p.look.role == "booklet"]
    keys = [p for p in placed if p.look.role == "key"]
    for key in keys:
        mine = [b for b in booklets if _belongs(key, b)]
        if not mine:
            key.look.doubts.append("no booklet of the same edition and part")
        for booklet in mine:
            if (
                None not in (booklet.look.count, key.look.count)
                and booklet.look.count != key.look.count
                and not key.table
            ):
                key.look.doubts.append(
                    f"{key.look.count} numbers, the booklet {booklet.look.file} has {booklet.look.count}"
                )
            key.look.why.append(f"belongs to {booklet.look.file}")
    with_key = {(k.edition, k.part) for k in keys} | {(k.edition, None) for k in keys if k.part is None}
    for booklet in booklets:
        if (booklet.edition, booklet.part) not in with_key and (booklet.edition, None) not in with_key:
            booklet.look.why.append("no key file; the booklet may hold its own")


def _exam_id(placed: Sequence[_Placed], raw: Path) -> str:
    """Return the words that all booklets share, else the name of the project folder."""
    names = [p.parts for p in placed if p.look.role == "booklet"] or [p.parts for p in placed]
    shared = set.intersection(*({t for t in n.identity if not t.isdigit()} for n in names)) if names else set()
    words = [t for t in names[0].identity if t in shared] if names else []
    slug = _SLUG.sub("-", fold("-".join(words))).strip("-")
    return slug or _SLUG.sub("-", fold(raw.resolve().parent.name)).strip("-") or segment("exam")


def _parts(placed: Sequence[_Placed]) -> list[PartGuess]:
    counts: dict[str, int] = {}
    for p in placed:
        if p.look.role == "booklet":
            name = p.part or "1"
            counts[name] = max(counts.get(name, 0), p.look.count or 0)
    varying = {
        name
        for name in counts
        if len({p.look.count for p in placed if p.look.role == "booklet" and (p.part or "1") == name}) > 1
    }
    return [PartGuess(part=name, expect=None if name in varying else n or None) for name, n in sorted(counts.items())]


def _rules(
    placed: Sequence[_Placed],
    layouts: dict[tuple[object, ...], tuple[str, Layout]],
    languages: Sequence[str],
) -> list[FileRule]:
    """Return patterns where files of one role share the shape of their names, else one rule for each file."""
    groups: dict[tuple[object, ...], list[_Placed]] = defaultdict(list)
    for p in placed:
        layout = layouts[_signature(p.look.layout)][0] if p.look.layout and p.look.role == "booklet" else None
        tongue = p.look.language if p.look.role == "booklet" and len(languages) > 1 else None
        shape = (
            p.parts.kinds,
            tuple(t if k in {"role", "sep"} else "" for t, k in zip(p.parts.tokens, p.parts.kinds, strict=True)),
        )
        groups[
            p.look.role, p.status, tongue, layout, shape, p.named, p.table, PurePosixPath(p.look.file).suffix
        ].append(p)
    rules: list[FileRule] = []
    usual = _usual_layout(layouts)
    for (role, status, spoken, named_layout, *_), members in sorted(groups.items(), key=lambda g: g[1][0].look.file):
        extra: dict[str, object] = {"role": role, "status": status, "language": spoken}
        extra["layout"] = named_layout if named_layout != usual else None
        rules += _group_rules(members, placed, {k: v for k, v in extra.items() if v is not None})
    return rules


def _group_rules(members: Sequence[_Placed], everyone: Sequence[_Placed], extra: dict[str, object]) -> list[FileRule]:
    pattern = pattern_for([m.parts for m in members], [dict(m.named) for m in members]) if len(members) > 1 else None
    table = members[0].table
    if pattern is not None and _gives(pattern, members, everyone):
        return [FileRule.model_validate({**extra, "match": pattern, "table": table})]
    return [
        FileRule.model_validate(
            {
                **extra,
                "match": re.escape(m.look.file),
                "edition": m.edition,
                "part": m.part,
                "booklet": m.booklet,
                "table": m.table,
            }
        )
        for m in members
    ]


def _gives(pattern: str, members: Sequence[_Placed], everyone: Sequence[_Placed]) -> bool:
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


def _report(look: Look, layouts: dict[tuple[object, ...], tuple[str, Layout]]) -> FileReport:
    return FileReport(
        file=look.file,
        role=look.role,
        why=tuple(look.why),
        doubts=tuple(look.doubts),
        language=look.language,
        pages=look.pages,
        found=look.count,
        layout=layouts[_signature(look.layout)][0] if look.layout and look.role == "booklet" else None,
    )

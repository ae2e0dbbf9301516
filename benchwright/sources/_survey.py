"""A folder of raw files -> exams, editions, parts, roles and layouts: what `new` writes into the recipe."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchwright.schemas.ids import segment
from benchwright.schemas.papers import ExamGuess, FileReport, Layout, PartGuess, Survey
from benchwright.schemas.parts import KeyStatus
from benchwright.sources._cover import expected_count
from benchwright.sources._exams import cover_year, exams_of, settle_columns
from benchwright.sources._filerules import NamedLayouts, Placed, layout_signature, rules_of, usual_layout
from benchwright.sources._keychoice import choose_key
from benchwright.sources._language import UNTOLD
from benchwright.sources._look import Look
from benchwright.sources._looks import look_again, look_at_all, usual_language
from benchwright.sources._names import NameParts, language_words, name_parts
from benchwright.sources._readahead import AheadSink
from benchwright.sources._versions import Candidate, Version, positions_of, versions_of
from benchwright.sources._words import fold, has_word

__all__ = ["survey"]

_SLUG: Final = re.compile(r"[^a-z0-9]+")


def survey(
    raw: Path,
    files: Sequence[str],
    *,
    language: str | None = None,
    jobs: int | None = None,
    progress: Callable[[str], None] | None = None,
    sink: AheadSink | None = None,
) -> Survey:
    """Look at raw files and say what they are.

    Args:
        raw: the folder.
        files: names relative to it, with ``/``.
        language: BCP-47 tag of the papers; null to find it in each.
        jobs: number of processes; null takes one for each core. The result does not depend on it.
        progress: called with each file name when it was looked at.
        sink: keeps what is read of booklets on the way, for `build`.
    """
    looks = look_at_all(raw, files, jobs=jobs, progress=progress, sink=sink, language=language)
    if language is None:
        looks = look_again(raw, looks, sink)
    _settle_languages(looks, language)
    languages = tuple(dict.fromkeys(look.language for look in looks if look.role == "booklet" and look.language))
    booklets = [look for look in looks if look.role == "booklet"]
    words = language_words([look.file for look in booklets], [look.language for look in booklets])
    tags = frozenset(tag.split("-")[0] for tag in languages)
    names = {look.file: name_parts(look.file, tags, words) for look in looks}
    exams = exams_of(looks, names)
    for some in exams:
        settle_columns(some, names)
    layouts = _name_layouts(looks)
    placed = [_place(some, names) for some in exams]
    everyone = [one for some in placed for one in some]
    ids = _exam_ids(placed, raw)
    return Survey(
        exams=tuple(_exam(some, everyone, name, layouts, languages) for name, some in zip(ids, placed, strict=True)),
        layouts=dict(layouts.values()),
        files=tuple(_report(look, layouts) for look in looks),
        languages=languages or ((language,) if language else ()),
        rejects=tuple(look.reject for look in looks if look.reject is not None),
    )


def _exam(
    placed: Sequence[Placed],
    everyone: Sequence[Placed],
    name: str,
    layouts: NamedLayouts,
    languages: Sequence[str],
) -> ExamGuess:
    _doubt_pairs(placed)
    usual = usual_layout(placed, layouts)
    return ExamGuess(
        id=name,
        files=tuple(rules_of(placed, everyone, layouts, usual, languages)),
        editions=tuple(sorted({p.edition for p in placed if p.look.role == "booklet"})),
        parts=tuple(_parts(placed)),
        layout=usual,
    )


def _exam_ids(placed: Sequence[Sequence[Placed]], raw: Path) -> list[str]:
    ids: list[str] = []
    for some in placed:
        name = _exam_id(some, raw)
        ids.append(name if name not in ids else f"{name}-{len(ids) + 1}")
    return ids


def _settle_languages(looks: Sequence[Look], language: str | None) -> None:
    """Give booklets without a certain language the one that was asked for, that of the others, or the likeliest one.

    Where nothing hints at one the language is ``und``: a paper must not be lost because of it.
    """
    usual = usual_language(looks)
    for look in looks:
        if language is not None:
            if look.role == "booklet" and look.language not in (None, language) and look.language:
                look.doubts.append(f"looks like {look.language}, taken as {language} as asked")
            look.language = language
        elif look.role == "booklet" and look.language is None:
            look.language = usual or look.hint or UNTOLD
            look.doubts.append(f"language not certain, {_taken_as(usual, look.hint)}")


def _taken_as(usual: str | None, hint: str | None) -> str:
    if usual:
        return f"taken as {usual} like the others"
    return f"most likely {hint}" if hint else f"taken as {UNTOLD}: name it in the recipe, or with --lang"


def _name_layouts(looks: Sequence[Look]) -> NamedLayouts:
    """Return layouts by signature, named layout-1, layout-2, ... by how many files have them."""
    clusters: dict[tuple[object, ...], list[Layout]] = defaultdict(list)
    for look in looks:
        if look.role == "booklet" and look.layout is not None:
            clusters[layout_signature(look.layout)].append(look.layout)
    order = sorted(clusters.items(), key=lambda entry: (-len(entry[1]), str(entry[0])))
    return {key: (f"layout-{k}", min(some, key=_weakest)) for k, (key, some) in enumerate(order, 1)}


def _weakest(layout: Layout) -> tuple[int, float]:
    return (-len(layout.options.marks if layout.options else ()), layout.score or 0.0)


def _place(looks: Sequence[Look], parts: Mapping[str, NameParts]) -> list[Placed]:
    booklets = [look for look in looks if look.role == "booklet"]
    names = [parts[b.file] for b in booklets]
    placed = _with_versions(_dated(_undated([_place_one(look, parts[look.file], names) for look in looks])))
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


def _named_parts(placed: Sequence[Placed]) -> list[Placed]:
    """Give a booklet without a part the name 1 where other booklets have parts: every part must have a name."""
    if not any(p.part for p in placed if p.look.role == "booklet"):
        return list(placed)
    return [replace(p, part="1") if p.look.role == "booklet" and p.part is None else p for p in placed]


def _place_one(look: Look, parts: NameParts, booklets: Sequence[NameParts]) -> Placed:
    """Read edition and part off a name: the year (or a folder, or the longest number), and what varies beside it."""
    edition_at = _edition_position(parts)
    edition = parts.tokens[edition_at] if edition_at is not None else "1"
    same = [b for b in booklets if _edition_of(b) == edition] or list(booklets)
    identities = [set(b.identity) for b in same]
    shared = identities[0].intersection(*identities[1:]) if identities else set[str]()
    if len(same) == 1:
        shared -= _part_words(booklets)
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
    return Placed(look, parts, edition, part, tuple(sorted(named)))


def _undated(placed: Sequence[Placed]) -> list[Placed]:
    """Give files whose names have no year the edition of the booklets, when these have but one."""
    editions = {p.edition for p in placed if p.look.role == "booklet"}
    if len(editions) != 1:
        return list(placed)
    only = editions.pop()
    return [replace(p, edition=only) if _edition_position(p.parts) is None else p for p in placed]


def _part_words(booklets: Sequence[NameParts]) -> set[str]:
    """Return the words by which booklets of one edition differ, in the editions that have several."""
    editions: dict[str, list[set[str]]] = defaultdict(list)
    for one in booklets:
        editions[_edition_of(one)].append(set(one.identity))
    return {word for some in editions.values() for word in some[0].union(*some[1:]) - some[0].intersection(*some[1:])}


def _dated(placed: Sequence[Placed]) -> list[Placed]:
    """Take the editions from the covers where no file name has a year, and every booklet prints just one."""
    booklets = [p for p in placed if p.look.role == "booklet" and p.look.reject is None]
    years = {p.look.file: year for p in placed if (year := cover_year(p.look)) is not None}
    named = any("year" in p.parts.kinds for p in placed)
    editions = [p.edition for p in booklets]
    counted = len(set(editions)) in (1, len(editions))
    if named or not counted or not booklets or any(p.look.file not in years for p in booklets):
        return list(placed)
    known = {years[p.look.file] for p in booklets}
    only = next(iter(known)) if len(known) == 1 else None
    result = []
    for one in placed:
        year = years.get(one.look.file)
        edition = year if year in known else only
        if edition is None:
            result.append(one)
            continue
        one.look.why.append(f"edition {edition}: the year on its first page")
        result.append(replace(one, edition=edition, named=tuple(place for place in one.named if place[1] == "part")))
    return result


def _with_versions(placed: Sequence[Placed]) -> list[Placed]:
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


def _as_version(one: Placed, version: Version) -> Placed:
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


def _with_status(one: Placed, rivals: Sequence[Placed]) -> Placed:
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


def _with_table(one: Placed, booklets: Sequence[Placed]) -> Placed:
    """Choose the key of several in a file by its heading: the one whose words stand on the cover of the booklet."""
    mine = [b for b in booklets if _belongs(one, b)] or list(booklets)
    if not one.look.tables or len(mine) != 1:
        if one.look.tables:
            one.look.doubts.append(f"holds {len(one.look.tables)} keys; say which one with table:")
        return one
    chosen = choose_key(one.look, mine[0].look)
    if chosen is None:
        one.look.doubts.append(f"holds {len(one.look.tables)} keys and no heading clearly fits; say which with table:")
        return one
    table, why = chosen
    one.look.why.append(f"key {table!r}: {why}")
    return replace(one, table=table)


def _belongs(key: Placed, booklet: Placed) -> bool:
    if booklet.edition != key.edition or key.part not in (None, booklet.part):
        return False
    return key.booklet in (None, booklet.booklet)


def _doubt_pairs(placed: Sequence[Placed]) -> None:
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


def _exam_id(placed: Sequence[Placed], raw: Path) -> str:
    """Return the words that all booklets share, else the name of the project folder."""
    names = [p.parts for p in placed if p.look.role == "booklet"] or [p.parts for p in placed]
    shared = set.intersection(*({t for t in n.identity if not t.isdigit()} for n in names)) if names else set()
    words = list(dict.fromkeys(t for t in names[0].identity if t in shared)) if names else []
    words = [t for t in words if len(t) > 1] or words
    slug = _SLUG.sub("-", fold("-".join(words))).strip("-")
    return slug or _SLUG.sub("-", fold(raw.resolve().parent.name)).strip("-") or segment("exam")


def _parts(placed: Sequence[Placed]) -> list[PartGuess]:
    counts: dict[str, int] = {}
    for p in placed:
        if p.look.role == "booklet":
            name = p.part or "1"
            keyed = [k.look.count for k in placed if k.look.role == "key" and k.look.count and _belongs(k, p)]
            counts[name] = max(counts.get(name, 0), expected_count(p.look.count or 0, p.look.told, keyed))
    varying = {
        name
        for name in counts
        if len({p.look.count for p in placed if p.look.role == "booklet" and (p.part or "1") == name} - {None}) > 1
    }
    return [PartGuess(part=name, expect=None if name in varying else n or None) for name, n in sorted(counts.items())]


def _report(look: Look, layouts: NamedLayouts) -> FileReport:
    return FileReport(
        file=look.file,
        role=look.role,
        why=tuple(look.why),
        doubts=tuple(look.doubts),
        language=look.language,
        pages=look.pages,
        found=look.count,
        layout=layouts[layout_signature(look.layout)][0] if look.layout and look.role == "booklet" else None,
    )

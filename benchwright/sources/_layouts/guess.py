"""Which layout a file has: by its column names, and by what its columns hold; a tie is asked about, never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.ids import segment
from benchwright.schemas.languages import known_language
from benchwright.sources._layouts.draft import draft_layout, draft_text
from benchwright.sources._layouts.files import ReadOptions, read_batches, suffix_of
from benchwright.sources._layouts.keys import KeyForm, answers_of, key_form
from benchwright.sources._layouts.model import Layout
from benchwright.sources._layouts.narrow import inner, narrowed
from benchwright.sources._layouts.values import as_text

__all__ = ["Candidate", "Guess", "draft_of", "guess_layout"]

_SAMPLE_ROWS: Final = 2000
_ENOUGH: Final = 0.5
_PROVED: Final = 0.97
_FITTING: Final = 0.98
_WITHOUT_NAMES: Final = 0.95
_SOME: Final = 0.3
_ALIKE: Final = 0.2
_FEW_ROWS: Final = 8
_ASKING: Final = r"[?؟？;：:…_]\s*$|[?؟？]"
_UNDECIDED: Final = 0.8
"""Mark of keys that are there and do not tell how they are written, and of no keys at all."""
_CLEAR: Final = 0.05
"""Difference of scores below which two layouts are a tie."""


@dataclass(frozen=True)
class Candidate:
    """One layout that a file may have. ``score`` is in [0, 1], higher is better."""

    layout: Layout
    score: float
    reasons: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Guess:
    """The layout of a file and the runner-up."""

    chosen: Candidate
    rivals: list[Candidate]


def guess_layout(path: Path, file: str, layouts: Iterable[Layout], options: ReadOptions | None = None) -> Guess:
    """Return the layout of a file with its reasons.

    Names of columns are the first evidence, what the columns hold the second: a key that is no answer of its
    question speaks against a layout. Without a header only layouts whose files have none, or whose columns in their
    published order hold what they should, are candidates.

    Raises:
        InputError: ``layout-unknown`` when none fits, ``layout-ambiguous`` when two fit alike; both list what was
            tried and why.
    """
    options = options or ReadOptions()
    known = list(layouts)
    found = [one for layout in known if layout.unpack and (one := _unpacked(path, file, layout))]
    frame = None if found else _sample(path, file, options)
    if frame is not None and not found:
        found = _inside(frame, known) or _by_header(frame, known)
    if not found:
        found = _by_content(path, file, known, options)
    found.sort(key=lambda one: (-one.score, one.layout.name))
    if not found and frame is not None and (drafted := _drafted(frame, file)):
        return Guess(drafted, [])
    if not found:
        raise InputError(_unknown(frame, file, known))
    best, rest = found[0], found[1:]
    ties = [one for one in rest if best.score - one.score < _CLEAR]
    if ties:
        raise InputError(_ambiguous(file, [best, *ties]))
    return Guess(best, rest)


def _unpacked(path: Path, file: str, layout: Layout) -> Candidate | None:
    from benchwright.sources._layouts.unpack import looks_like

    reason = looks_like(str(layout.unpack), path, file)
    return Candidate(layout, 1.0, [reason]) if reason else None


def _sample(path: Path, file: str, options: ReadOptions) -> pl.DataFrame | None:
    narrow = ReadOptions(options.header, options.columns, options.delimiter, options.encoding, _SAMPLE_ROWS)
    try:
        return next(read_batches(path, file, narrow)).frame
    except InputError as error:
        if all(problem.code == "columns-unclear" for problem in error.problems):
            return None
        raise


def _drafted(frame: pl.DataFrame, file: str) -> Candidate | None:
    """Return a layout drafted from the names of the columns, where what they hold proves it in every row."""
    layout = draft_layout(frame, segment(Path(file).stem.casefold()))
    if layout is None or layout.key is None:
        return None
    fit, reasons, doubts = content_fit(frame, layout)
    if fit < _PROVED:
        return None
    doubts = [*doubts, "no shipped layout fits: the columns were told by their names; --draft writes them as a mapping"]
    return Candidate(layout, fit, reasons, doubts)


def draft_of(path: Path, file: str, options: ReadOptions | None = None) -> str:
    """Return a mapping for a file as YAML, drafted from its columns, to be corrected by hand.

    Raises:
        InputError: ``layout-unknown`` when no column can be the question or its options.
    """
    options = options or ReadOptions()
    frame = _sample(path, file, options)
    layout = draft_layout(frame, segment(Path(file).stem.casefold())) if frame is not None else None
    if frame is None or layout is None:
        raise InputError(_unknown(frame, file, []))
    _, reasons, doubts = content_fit(frame, layout)
    return draft_text(layout, [*reasons, *(f"doubt: {doubt}" for doubt in doubts)])


def _inside(frame: pl.DataFrame, layouts: Sequence[Layout]) -> list[Candidate]:
    """Return the layouts of the documents in a log of samples: each record says which document it was about."""
    if not {"doc_id", "target"} <= {name.split(".")[0] for name in frame.columns}:
        return []
    document = inner(frame, "doc")
    if len(document.columns) < 2:
        return []
    return [
        replace(
            one,
            layout=one.layout.model_copy(update={"inside": "doc"}),
            reasons=["a log of samples: the documents inside it are read", *one.reasons],
        )
        for one in _by_header(document, layouts)
    ]


def _by_header(frame: pl.DataFrame, layouts: Sequence[Layout]) -> list[Candidate]:
    names = set(frame.columns) - {"_row"}
    roots = {name.split(".")[0] for name in names} | names
    found = []
    for layout in layouts:
        if layout.unpack or not layout.header:
            continue
        wanted = set(layout.columns)
        required = wanted - set(layout.optional)
        if required - roots or not required:
            continue
        unknown = {name.split(".")[0] for name in names} - {name.split(".")[0] for name in wanted}
        share = len(required) / (len(required) + len(unknown))
        reasons = [f"has the columns {', '.join(sorted(required))}"]
        doubts = [f"the columns {', '.join(sorted(unknown))} are not of this layout"] if unknown else []
        found.append(_weighed(frame, layout, share, len(wanted & roots), reasons, doubts))
    return [one for one in found if one.score > 0]


def _weighed(
    frame: pl.DataFrame, layout: Layout, share: float, matched: int, reasons: list[str], doubts: list[str]
) -> Candidate:
    fit, why, why_not = content_fit(frame, layout)
    more = 1 - 1 / (1 + matched)
    return Candidate(layout, 0.45 * share + 0.25 * more + 0.3 * fit, reasons + why, doubts + why_not)


def content_fit(frame: pl.DataFrame, layout: Layout) -> tuple[float, list[str], list[str]]:
    """Return how well the columns hold what the layout says, in [0, 1], with reasons and doubts."""
    narrow = narrowed(frame, layout)
    reasons: list[str] = []
    doubts: list[str] = []
    marks = [_filled(narrow, "stem")]
    if marks[0] < 1:
        doubts.append(f"{1 - marks[0]:.1%} of the stems are empty")
    if layout.options is not None:
        there = pl.col("texts").list.len() >= 2
        marks.append(_share(narrow, there | (pl.col("accepted").list.len() > 0).fill_null(value=False)))
        marks.append(1.0 if _stem_stands_out(narrow) else 0.5)
    if layout.key is not None:
        form = key_form(narrow, layout.key)
        marks.append(_keys_read(narrow, form))
        (reasons if marks[-1] > _FITTING else doubts).extend([*form.reasons, *form.doubts])
    if layout.id is not None and layout.pair is None and narrow.height > 1:
        marks.append(narrow["own"].n_unique() / narrow.height)
    for column, values in layout.values.items():
        if column in frame.columns:
            share = _share(frame, pl.col(column).cast(pl.String).str.strip_chars().is_in(list(values)))
            marks.append(share)
            said = f"{share:.1%} of {column} are {', '.join(values)}"
            (reasons if share > _FITTING else doubts).append(said)
    return sum(marks) / len(marks), reasons, doubts


def _keys_read(narrow: pl.DataFrame, form: KeyForm) -> float:
    """Return the share of the keys that are an answer of their question."""
    if form.form is None:
        return _UNDECIDED if any("from 0 and from 1" in doubt for doubt in form.doubts) else 0.0
    answers = answers_of(narrow, form)
    both = narrow.select("tokens", "flags", options=pl.col("texts").list.len()).with_columns(
        answers["places"], answers["unread"]
    )
    asked = both.filter(((pl.col("tokens").list.len() > 0) | pl.col("flags").is_not_null()) & (pl.col("options") > 0))
    if asked.is_empty():
        return _UNDECIDED
    whole = (pl.col("unread").list.len().fill_null(0) == 0) & (pl.col("places").list.len() > 0)
    return _share(asked, whole & (pl.col("places").list.max() < pl.col("options")))


def _filled(narrow: pl.DataFrame, column: str) -> float:
    return _share(narrow, pl.col(column).is_not_null() & (pl.col(column).str.strip_chars() != ""))


def _share(narrow: pl.DataFrame, condition: pl.Expr) -> float:
    return float(narrow.select(condition.fill_null(value=False).mean()).item() or 0.0)


def _stem_stands_out(narrow: pl.DataFrame) -> bool:
    """Tell whether the stems are longer than the options, or are the texts that ask."""
    asks = pl.element().str.contains(_ASKING)
    row = narrow.select(
        stem=pl.col("stem").str.len_chars().median(),
        option=pl.col("texts").list.eval(pl.element().str.len_chars()).list.mean().median(),
        asking=pl.col("stem").str.contains(_ASKING).mean(),
        options_asking=pl.col("texts").list.eval(asks.mean()).list.first().mean(),
    ).row(0, named=True)
    if row["stem"] is None or row["option"] is None:
        return False
    asking, others = float(row["asking"] or 0), float(row["options_asking"] or 0)
    return bool(row["stem"] >= row["option"] or (asking > _SOME and asking > 2 * others))


def _by_content(path: Path, file: str, layouts: Sequence[Layout], options: ReadOptions) -> list[Candidate]:
    """Read the file as one without a header, under every layout of the same width, in its published order."""
    if suffix_of(path) not in {".csv", ".tsv", ".txt", ".tab"}:
        return []
    bare = _sample(path, file, ReadOptions(False, (), options.delimiter, options.encoding))
    if bare is None or bare.is_empty():
        return []
    found = []
    for layout in layouts:
        if layout.unpack or len(layout.columns) != bare.width - 1:
            continue
        frame = bare.rename(dict(zip(bare.columns[1:], layout.columns, strict=True)))
        fit, why, why_not = content_fit(frame, layout)
        if not (_alike(frame, layout) and _key_varies(frame, layout) and _stem_in_place(frame, layout)):
            continue
        if fit > _WITHOUT_NAMES and (layout.key is not None or layout.values) and _languages_known(frame, layout):
            reasons = [f"no header; {len(layout.columns)} columns in the order of this layout hold what they should"]
            doubts = ["without a header it cannot be seen whether the options stand in their published order"]
            headless = layout.model_copy(update={"header": False})
            found.append(Candidate(headless, _ENOUGH + 0.5 * fit, reasons + why, why_not + doubts))
    return found


def _alike(frame: pl.DataFrame, layout: Layout) -> bool:
    """Tell whether columns of the same kind are alike: in how much their values differ, and in their length.

    A column that is all one value cannot be an option where the others change from row to row.
    """
    names = list(layout.options.columns if layout.options else ())
    names = names or ([layout.pair.source, layout.pair.target] if layout.pair else [])
    columns = [as_text(frame[name]).drop_nulls() for name in names if name in frame.columns]
    filled = [column for column in columns if len(column) * 2 > frame.height]
    if len(filled) < 2:
        return True
    distinct = [column.n_unique() / len(column) for column in filled]
    lengths = [float(column.str.len_chars().median() or 0) for column in filled]  # type: ignore[arg-type]
    return min(distinct) >= _ALIKE * max(distinct) and min(lengths) >= _ALIKE * max(lengths)


def _key_varies(frame: pl.DataFrame, layout: Layout) -> bool:
    """Tell whether the key is not one and the same in every row: that would be some other column."""
    names = [name for name in (layout.key.columns if layout.key else ()) if name in frame.columns]
    return frame.height < _FEW_ROWS or all(as_text(frame[name]).drop_nulls().n_unique() > 1 for name in names)


def _stem_in_place(frame: pl.DataFrame, layout: Layout) -> bool:
    """Tell whether the stem is the text of the table: it varies, is no option, and no mere label is longer."""
    narrow = narrowed(frame, layout)
    stems = narrow["stem"].drop_nulls()
    if layout.pair is not None or stems.is_empty():
        return layout.pair is not None
    copied = _share(narrow, pl.col("texts").list.contains(pl.col("stem")))
    told = {*layout.stem, *layout.accepted, layout.context, *(one.column for one in layout.rationales)}
    told |= {*(one.column for one in layout.images)}
    told |= {*layout.options.columns, layout.options.column} if layout.options else set()
    others = [as_text(frame[name]).str.len_chars().median() for name in frame.columns[1:] if name not in told]
    longest = max((float(one) for one in others if isinstance(one, int | float)), default=0.0)
    own = float(stems.str.len_chars().median() or 0)  # type: ignore[arg-type]
    return copied < _SOME and own > longest and stems.n_unique() > _SOME * len(stems)


def _languages_known(frame: pl.DataFrame, layout: Layout) -> bool:
    column = layout.language.column if layout.language else None
    names = frame[column].unique().drop_nulls().to_list() if column in frame.columns else []
    return all(known_language(str(name)) for name in names[:20])


def _tried(frame: pl.DataFrame, layouts: Sequence[Layout]) -> list[str]:
    there = {name.split(".")[0] for name in frame.columns[1:]}
    lacks = []
    for layout in layouts:
        required = {name.split(".")[0] for name in layout.columns} - set(layout.optional)
        if required and len(required & there) >= 2:
            lacks.append((len(required - there), layout.name, sorted(required - there)))
    return [f"{name} lacks {', '.join(missing)}" for _, name, missing in sorted(lacks)[:4]]


def _unknown(frame: pl.DataFrame | None, file: str, layouts: Sequence[Layout]) -> Problem:
    columns = ", ".join(name[:40] for name in frame.columns[1:12]) if frame is not None else "no columns"
    tried = _tried(frame, layouts) if frame is not None else []
    return Problem(
        "layout-unknown",
        "no layout fits this file" + (f"; nearest: {'; '.join(tried)}" if tried else ""),
        file,
        found=f"columns {columns}",
        expected="the columns of one layout, or a mapping",
        remedy="give --layout NAME, or write a mapping: `benchwright import FILE --draft mapping.yaml`",
    )


def _ambiguous(file: str, ties: Sequence[Candidate]) -> Problem:
    said = "; ".join(f"{one.layout.name} ({one.score:.2f}): {', '.join(one.reasons)}" for one in ties)
    return Problem(
        "layout-ambiguous",
        "several layouts fit this file alike",
        file,
        found=said[:600],
        expected="one layout",
        remedy="say which: " + " or ".join(f"--layout {one.layout.name}" for one in ties),
    )

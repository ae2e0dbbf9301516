"""Find the items that are one, or nearly: candidates by shared rare stretches of letters, decisions by rules."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from benchwright.builder.dedup._forms import with_forms
from benchwright.builder.dedup._index import Index, Settings
from benchwright.builder.dedup._kept import Kept
from benchwright.builder.dedup._keys import with_keys
from benchwright.builder.dedup._kinds import decided
from benchwright.builder.dedup._letters import KEPT, PART, letters_of
from benchwright.builder.dedup._numbers import with_numbers
from benchwright.builder.dedup._read import Narrow, read_narrow
from benchwright.builder.dedup._score import STEMS, likeness, scores
from benchwright.builder.dedup._senses import senses_digest, with_senses
from benchwright.builder.dedup.evidence import with_evidence
from benchwright.schemas.rows import table_schema
from benchwright.schemas.signature import signature
from benchwright.schemas.tables import Duplicate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pairs = NDArray[np.uint64]

__all__ = ["LEAST", "DedupRun", "DedupWish", "duplicates_of", "find_duplicates"]

LEAST: Final = 0.75
"""Likeness from which two items are a pair. Two texts of one language that have nothing to do with each other are at
0.3 to 0.5, copies with a fifth of their words changed at 0.8 or more."""
_ROUGH: Final = 0.12
"""How much lower the likeness of the texts as they are printed may be than that of their comparable forms."""
_AT_ONCE: Final = 200_000
Progress = Callable[[str, int, int, str], None]


@dataclass(frozen=True)
class DedupWish:
    """What the user says of a search."""

    least: float = LEAST
    shards: int | None = None
    """Parts into which the search is cut so that it needs little memory; null keeps everything in memory."""
    folder: Path | None = None
    """Where the folder of the parts lies: a search that was stopped goes on there. Null is a temporary folder."""
    limit: int | None = None
    settings: Settings = field(default_factory=Settings)
    more: Sequence[Callable[[Narrow], tuple[Pairs, NDArray[np.float64], str]]] = ()
    """Further ways to find candidates: each returns pairs, their scores, and its name in ``found_by``."""


@dataclass(frozen=True)
class DedupRun:
    """The pairs, and the items that they are of."""

    pairs: pl.DataFrame
    places: pl.DataFrame
    """Columns ``id`` and ``place`` of all items that stand in a pair, sorted by id."""
    items: Narrow
    kinds: dict[str, int]
    candidates: int
    signature: str
    notes: list[str]
    close: Callable[[], None] = lambda: None
    """Call it when nothing more is asked of the items: a search on disk keeps its parts until then."""

    def rows_of(self, ids: pl.Series) -> pl.DataFrame:
        """Return the compared columns of items that stand in pairs, with ``place``, sorted by place."""
        wanted = self.places.filter(pl.col("id").is_in(ids.implode())).sort("place")
        return self.items.at(wanted["place"].to_numpy()).with_columns(wanted["place"])


def find_duplicates(
    inputs: Sequence[Path], wish: DedupWish | None = None, progress: Progress | None = None
) -> DedupRun:
    """Return every pair of items that are one or nearly, each once, sorted by id.

    Args:
        inputs: tables of items, folders that hold one, or files that can be imported.
        wish: the least likeness, and how much may stand in memory.
        progress: called with stage, done, total and name.

    Raises:
        NotFoundError: a file does not exist.
        SchemaError: a table is none of items.
        InputError: a file cannot be imported.
    """
    wish = wish or DedupWish()
    if wish.shards is None:
        return duplicates_of(read_narrow(inputs, limit=wish.limit), wish, progress)
    place = wish.folder if wish.folder is not None else Path(tempfile.mkdtemp(prefix="dedup-"))
    kept = Kept(place, inputs, f"{_signature(wish)},{wish.shards},{wish.limit}")
    if wish.folder is None:
        weakref.finalize(kept, shutil.rmtree, place, ignore_errors=True)
    run = duplicates_of(kept.items(inputs, wish.limit), wish, progress, kept)
    return replace(run, close=kept.close)


def duplicates_of(
    items: Narrow, wish: DedupWish, progress: Progress | None = None, kept: Kept | None = None
) -> DedupRun:
    """Return the pairs of items that were read; what was found before, where a folder keeps it."""
    tell = progress or (lambda *_: None)

    def make() -> tuple[list[Pairs], NDArray[np.bool_], int]:
        return _candidates(items, wish, tell, kept.folder if kept is not None else None)

    parts, in_crowd, crowded = make() if kept is None else kept.candidates(make)
    total = sum(len(part) for part in parts)
    found: list[pl.DataFrame] = []
    done = 0
    for at, part in enumerate(parts):

        def compare(part: Pairs = part) -> pl.DataFrame:
            return _compared(items, part, wish.least, in_crowd)

        found.append(compare() if kept is None else kept.pairs(at, compare))
        done += len(part)
        tell("compare", done, total, "")
    for way in wish.more:
        pairs, given, name = way(items)
        found.append(_verified(items, pairs, 0.0, in_crowd, given, name))
        total += len(pairs)
    table, known = _joined(found)
    kinds = {str(kind): int(count) for kind, count in table.group_by("kind").len().sort("kind").rows()}
    crowd = f"{crowded} stems stand in more than {wish.settings.crowd} items"
    notes = [f"{crowd}: of these only items that are alike as a whole are paired"] if crowded else []
    return DedupRun(table, known, items, kinds, total, _signature(wish), notes)


def _candidates(
    items: Narrow, wish: DedupWish, tell: Progress, folder: Path | None
) -> tuple[list[Pairs], NDArray[np.bool_], int]:
    index = Index(items.height, wish.shards or 1, folder, wish.settings)
    done = 0
    for places, texts in items.slices():
        index.add(letters_of(_with_context(texts), texts["options"]), places)
        done += len(places)
        tell("letters", done, items.height, "")
    return index.candidates(), index.in_crowd, index.crowded


def _compared(items: Narrow, pairs: Pairs, least: float, crowd: NDArray[np.bool_]) -> pl.DataFrame:
    some = [pairs[begin : begin + _AT_ONCE] for begin in range(0, max(1, len(pairs)), _AT_ONCE)]
    return pl.concat([_verified(items, one, least, crowd) for one in some])


def _signature(wish: DedupWish) -> str:
    return signature(
        "dedup",
        common=wish.settings.common,
        crowd=wish.settings.crowd,
        kept=KEPT,
        least=wish.least,
        rarest=wish.settings.rarest,
        words=senses_digest(),
    )


def _with_context(texts: pl.DataFrame) -> pl.Series:
    if not (texts["context"] != "").any():
        return texts["stem"]
    return texts.select(pl.concat_str("context", pl.lit("\n"), "stem"))["context"]


def _joined(found: Sequence[pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return all pairs, each once, what was found by its text first; and the places of their items."""
    schema = table_schema(Duplicate)
    places = {"place_a": pl.Int64, "place_b": pl.Int64}
    whole = pl.concat([pl.DataFrame(schema={**schema, **places}), *found])
    order = pl.col("found_by").replace_strict({"text": 0, "link": 1, "numbers": 2, "meaning": 3}, return_dtype=pl.Int8)
    once = whole.sort("id_a", "id_b", order, *places).unique(["id_a", "id_b"], keep="first", maintain_order=True)
    sides = [once.select(id=f"id_{side}", place=f"place_{side}") for side in "ab"]
    known = pl.concat(sides).sort("id", "place").unique("id", keep="first", maintain_order=True)
    return once.select(list(schema)), known


def _verified(
    items: Narrow,
    pairs: Pairs,
    least: float,
    crowd: NDArray[np.bool_],
    given: NDArray[np.float64] | None = None,
    found_by: str = "text",
) -> pl.DataFrame:
    """Return those of some candidates that are pairs, with kind and evidence.

    Args:
        items: all of them.
        pairs: the candidates.
        least: the least likeness.
        crowd: which items have a stem that so many have that it says nothing.
        given: a score for each candidate, which is a pair then; null computes the likeness.
        found_by: how the candidates were found.
    """
    import numpy as np

    places, left, right = _sides(pairs)
    texts = items.at(places, whole=False)
    keep = ~_one_question(texts, left, right)
    if given is None:
        keep &= _roughly(texts, left, right, keep, least - _ROUGH)
    given = given[keep] if given is not None else None
    kept = pairs[keep]
    places, left, right = _sides(kept)
    sides = with_forms(items.at(places).with_columns(place=pl.Series(places)))
    table = _table(sides, left, right)
    own = scores(table, 0.0 if given is not None else least)
    alike = np.ones(len(own), np.bool_)
    if given is None:
        same = (table["stem_form_a"] == table["stem_form_b"]) & (table["stem_form_a"] != "")
        alike = (own >= least) | (same.to_numpy() & ~crowd[places[left]])
    kept, score = kept[alike], (own if given is None else given)[alike]
    used = np.zeros(len(places), np.bool_)
    places_kept, left, right = _sides(kept)
    used[np.searchsorted(places, places_kept)] = True
    sides = with_senses(with_numbers(with_keys(sides.filter(pl.Series(used)))))
    return _rows(decided(_table(sides, left, right).with_columns(score=pl.Series(score))), found_by)


def _table(sides: pl.DataFrame, left: NDArray[np.int64], right: NDArray[np.int64]) -> pl.DataFrame:
    return pl.concat(
        [sides[left].select(pl.all().name.suffix("_a")), sides[right].select(pl.all().name.suffix("_b"))],
        how="horizontal",
    )


def _sides(pairs: Pairs) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of all items, and for each pair where in them its two stand."""
    import numpy as np

    left, right = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    places = np.concatenate([left, right])
    places.sort()
    places = places[np.r_[True, places[1:] != places[:-1]]] if len(places) else places
    return places, np.searchsorted(places, left), np.searchsorted(places, right)


def _one_question(texts: pl.DataFrame, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which pairs are one question in two languages or variants, or one item read twice: no duplicates."""
    groups = texts["group"]
    return (groups.gather(left) == groups.gather(right)).to_numpy()


def _roughly(
    texts: pl.DataFrame, left: NDArray[np.int64], right: NDArray[np.int64], keep: NDArray[np.bool_], least: float
) -> NDArray[np.bool_]:
    """Tell which pairs are alike as they are printed: most candidates are not, and this needs no other form of them."""
    import numpy as np

    rough = np.zeros(len(keep), np.bool_)
    at = np.flatnonzero(keep)
    stem = _likeness_of(_printed(texts["stem"]), left[at], right[at], STEMS - _ROUGH)
    rough[at[stem >= 1 - _ROUGH]] = True
    at = at[(stem >= STEMS - _ROUGH) & (stem < 1 - _ROUGH)]
    wholes = texts.select(pl.concat_str("stem", pl.lit(PART), "options"))["stem"]
    rough[at[_likeness_of(_printed(wholes), left[at], right[at], least) > 0]] = True
    return rough


def _printed(texts: pl.Series) -> pl.Series:
    return texts.str.to_lowercase().str.replace_all(" ", "", literal=True)


def _likeness_of(
    texts: pl.Series, left: NDArray[np.int64], right: NDArray[np.int64], least: float
) -> NDArray[np.float64]:
    return likeness(texts.gather(left).to_list(), texts.gather(right).to_list(), least)


def _rows(table: pl.DataFrame, found_by: str) -> pl.DataFrame:
    """Return rows of the table of duplicates: the id that sorts first stands first."""
    told = with_evidence(table)
    turned = pl.col("id_a") > pl.col("id_b")
    return told.select(
        id_a=pl.when(turned).then("id_b").otherwise("id_a"),
        id_b=pl.when(turned).then("id_a").otherwise("id_b"),
        kind="kind",
        score=pl.col("score").round(6),
        evidence="evidence",
        differs="differs",
        found_by=pl.lit(found_by),
        place_a=pl.when(turned).then("place_b").otherwise("place_a"),
        place_b=pl.when(turned).then("place_a").otherwise("place_b"),
    ).with_columns(pl.col(name).cast(dtype) for name, dtype in table_schema(Duplicate).items())

"""The layout told by evidence, as a confusion matrix: as published, without header, with columns in another order."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from benchwright.schemas.errors import InputError
from benchwright.sources import shipped_layouts
from tests.sources.layouts.bank import Case, comma
from tests.sources.layouts.kit import CASES, read

__all__ = ["WAYS", "Outcome", "outcomes", "tally"]

Way = Literal["published", "no header", "shuffled", "no header, shuffled"]
Result = Literal["right", "asked", "undecidable", "wrong"]
WAYS: Final[tuple[Way, ...]] = ("published", "no header", "shuffled", "no header, shuffled")
_ASKING: Final = {"layout-unknown", "layout-ambiguous", "key-unclear", "language-unclear", "columns-unclear"}


@dataclass(frozen=True)
class Outcome:
    """What became of one file: right when the items are the wanted ones, asked when the user was asked.

    Undecidable is a file in which only columns of one kind changed places, and there is no header to say so.
    """

    case: str
    way: Way
    result: Result
    told: str


def outcomes(seeds: Sequence[int] = (1, 2, 3)) -> Iterator[Outcome]:
    """Yield the outcome of each file in each way; each seed is another order of the columns."""
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            yield _outcome(case, "published", case.data(), Path(folder))
            if not case.rows or any(isinstance(value, dict) for row in case.rows for value in _deep(row)):
                continue
            yield _outcome(case, "no header", comma(case.rows, header=False), Path(folder), ".csv")
            for seed in seeds:
                rows = shuffled(case.rows, seed)
                yield _outcome(case, "shuffled", comma(rows), Path(folder), ".csv")
                found = _outcome(case, "no header, shuffled", comma(rows, header=False), Path(folder), ".csv")
                yield (
                    replace(found, result="undecidable") if found.result == "wrong" and _alike(case, rows[0]) else found
                )


def _deep(row: dict[str, Any]) -> list[Any]:
    """Return the fields that a CSV could not hold as the file has them: objects with objects or lists inside."""
    return [one for value in row.values() if isinstance(value, dict) for one in value.values() if isinstance(one, list)]


def _alike(case: Case, row: dict[str, Any]) -> bool:
    """Tell whether only columns of one kind changed places: options among themselves, two texts of a pair.

    Nothing in such a file says which option was printed first.
    """
    layout = shipped_layouts()[case.layout]
    kinds: list[set[str]] = [{*layout.stem, *([layout.context] if layout.context and layout.kind == "pair" else [])}]
    kinds.append(set(layout.options.columns if layout.options else ()))
    kinds.append(set(layout.key.columns if layout.key else ()))
    before, after = list(case.rows[0]), list(row)
    return all(
        {n for n, name in enumerate(before) if name in kind} == {n for n, name in enumerate(after) if name in kind}
        for kind in kinds
    )


def shuffled(rows: Sequence[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    """Return the records with their columns in another order."""
    names = list(rows[0])
    random.Random(seed).shuffle(names)
    return [{name: row[name] for name in names} for row in rows]


def _outcome(case: Case, way: Way, data: bytes, folder: Path, suffix: str | None = None) -> Outcome:
    place = Path(case.file)
    name = (place if suffix is None else place.with_suffix(suffix)).as_posix()
    path = folder / way.replace(", ", "-").replace(" ", "-") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    for other, more in case.beside.items():
        path.with_name(other).write_bytes(more())
    try:
        layout, items, _, _ = read(path, name, folder)
    except InputError as error:
        codes = {problem.code for problem in error.problems}
        return Outcome(case.name, way, "asked" if codes <= _ASKING else "wrong", ", ".join(sorted(codes)))
    same = [(one.stem, tuple(option.text for option in one.options), one.key.answers) for one in items] == [
        (one.stem, one.options, one.answers) for one in case.wanted
    ]
    return Outcome(case.name, way, "right" if same else "wrong", layout.name)


def tally(found: Sequence[Outcome]) -> dict[Way, Counter[Result]]:
    """Return how many were right, asked and wrong in each way."""
    return {way: Counter(one.result for one in found if one.way == way) for way in WAYS}


def main() -> None:
    """Print the tally, and each file that was not right."""
    found = list(outcomes())
    for one in found:
        if (one.result != "right" and one.way != "no header, shuffled") or one.result in {"wrong", "undecidable"}:
            print(f"{one.result:6} {one.way:20} {one.case:45} {one.told}")
    for way, counts in tally(found).items():
        print(way, dict(counts))


if __name__ == "__main__":
    main()

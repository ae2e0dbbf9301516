"""How well items were extracted: compared with a gold transcription, per file and per cause.

Texts are compared in the form of :func:`benchwright.schemas.text.comparable` (NFKC, without spaces, punctuation and
symbols, case-folded). Options are compared in order, keys as sets of complete correct responses.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from benchwright.schemas.errors import InputError, Problem, SchemaError
from benchwright.schemas.item import Item
from benchwright.schemas.text import comparable

__all__ = ["Evaluation", "Gold", "Miss", "evaluate", "read_gold"]

_SHOWN = 3
_FIELDS = frozenset({"file", "number", "stem", "options"})
_TOLD = 5


@dataclass(frozen=True)
class Gold:
    """One transcribed question. ``answers`` are printed labels; null where the gold does not know the key."""

    file: str
    part: str | None
    number: str
    language: str | None
    stem: str
    options: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, ...], ...] | None
    status: str
    figures: int | None
    context: str | None = None
    table: str = ""
    """Cells of a table in the stem, where the transcription keeps them apart."""


@dataclass(frozen=True)
class Miss:
    """One difference between an item and its gold."""

    cause: str
    file: str
    number: str
    found: str
    expected: str


@dataclass
class Evaluation:
    """Counts by file, and every difference."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    misses: list[Miss] = field(default_factory=list)

    def shares(self, file: str | None = None) -> dict[str, float | int | None]:
        """Return the shares (0 to 1, higher is better) of one file or of all; null where nothing was compared.

        ``item_recall`` counts gold questions that became items; the other shares are over these items.
        """
        count = self.counts[file] if file is not None else sum(self.counts.values(), Counter[str]())
        found = count["found"]
        return {
            "gold": count["gold"],
            "item_recall": _share(found, count["gold"]),
            "exact_stem": _share(count["stem"], found),
            "exact_options": _share(count["options"], found),
            "key": _share(count["key"], count["key_known"]),
            "figures": _share(count["figures"], count["figures_known"]),
        }

    def document(self) -> dict[str, Any]:
        """Return everything as JSON values: total, files, causes with examples."""
        causes: dict[str, list[Miss]] = defaultdict(list)
        for miss in self.misses:
            causes[miss.cause].append(miss)
        return {
            "total": self.shares(),
            "files": {file: self.shares(file) for file in sorted(self.counts)},
            "causes": {
                cause: {"count": len(some), "examples": [vars(miss) for miss in some[:_SHOWN]]}
                for cause, some in sorted(causes.items(), key=lambda entry: (-len(entry[1]), entry[0]))
            },
        }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def read_gold(path: Path) -> list[Gold]:
    """Read a gold transcription: one JSON object a line.

    Raises:
        InputError: the file is absent or empty.
        SchemaError: a line is no JSON object with file, number and stem; every bad line is told.
    """
    if not path.is_file():
        raise InputError(Problem("file-not-found", "the gold file does not exist", str(path)))
    rows: list[Gold] = []
    problems: list[Problem] = []
    for place, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            rows.append(_gold(json.loads(line)))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            problems.append(
                Problem(
                    "schema-invalid",
                    "the line is no gold question",
                    str(path),
                    f"line {place}",
                    found=f"{line[:80]} ({error})",
                    expected="a JSON object with " + ", ".join(sorted(_FIELDS)),
                )
            )
    if problems:
        raise SchemaError([*problems[:_TOLD], *_and_more(problems, path)])
    if not rows:
        raise InputError(Problem("file-empty", "the gold file has no questions", str(path)))
    return rows


def _and_more(problems: Sequence[Problem], path: Path) -> list[Problem]:
    more = len(problems) - _TOLD
    return [Problem("schema-invalid", f"and {more} more lines like these", str(path))] if more > 0 else []


def _gold(row: Mapping[str, Any]) -> Gold:
    absent = _FIELDS - set(row)
    if absent:
        raise ValueError(f"lacks {', '.join(sorted(absent))}")
    status = row.get("status", "unknown")
    answers = row.get("answers")
    known = answers is not None and status != "unknown"
    return Gold(
        file=str(row["file"]),
        part=None if row.get("part") is None else str(row["part"]),
        number=str(row["number"]),
        language=row.get("language"),
        stem=str(row["stem"]),
        options=tuple((str(option["label"]), str(option["text"])) for option in row.get("options") or ()),
        answers=tuple(tuple(map(str, response)) for response in answers) if known and answers is not None else None,
        status=status,
        figures=row.get("figures"),
        context=row.get("context"),
        table=" ".join(str(cell) for cells in row.get("table") or () for cell in cells),
    )


def evaluate(items: Sequence[Item], gold: Sequence[Gold]) -> Evaluation:
    """Compare items with gold questions of the same file and number (and part, where a file has several)."""
    places: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        for file in {PurePosixPath(p.file).name for p in item.provenance if p.field == "stem"} or {""}:
            places[file, item.exam.number].append(item)
    result = Evaluation()
    for question in gold:
        name = PurePosixPath(question.file).name
        candidates = places.get((name, question.number), [])
        exact = [item for item in candidates if item.exam.part == question.part]
        _compare((exact or candidates or [None])[0], question, result)  # type: ignore[list-item]
    return result


def _compare(item: Item | None, gold: Gold, result: Evaluation) -> None:
    count = result.counts[gold.file]
    count["gold"] += 1
    if item is None:
        result.misses.append(Miss("item missing", gold.file, gold.number, "", gold.stem[:200]))
        return
    count["found"] += 1
    count["stem"] += _compare_stem(item, gold, result)
    count["options"] += _compare_options(item, gold, result)
    if gold.answers is not None:
        count["key_known"] += 1
        count["key"] += _compare_key(item, gold, result)
    if gold.figures is not None:
        count["figures_known"] += 1
        pictures = _figures(item, gold.file)
        same = pictures == gold.figures
        count["figures"] += same
        if not same:
            miss = Miss("figures differ", gold.file, gold.number, str(pictures), str(gold.figures))
            result.misses.append(miss)


def _figures(item: Item, file: str) -> int:
    """Return how many pictures an item has from its own paper; those of an image booklet are not in the gold."""
    return sum(
        one.status == "present" and PurePosixPath(one.source_file or file).name == PurePosixPath(file).name
        for one in item.media
    )


def _compare_stem(item: Item, gold: Gold, result: Evaluation) -> bool:
    full = f"{item.context.text}\n{item.stem}" if item.context else item.stem
    wanted = comparable(f"{gold.stem} {gold.table}")
    shared = comparable(f"{gold.context} {gold.stem} {gold.table}") if gold.context else wanted
    if wanted in (comparable(item.stem), comparable(full)) or shared == comparable(full):
        return True
    found = comparable(item.stem)
    cause = "stem differs"
    if found.startswith(wanted) or found.endswith(wanted):
        cause = "stem has more text"
    elif wanted.startswith(found) or wanted.endswith(found):
        cause = "stem lacks text"
    result.misses.append(Miss(cause, gold.file, gold.number, item.stem, gold.stem))
    return False


def _compare_options(item: Item, gold: Gold, result: Evaluation) -> bool:
    found = [comparable(option.text) for option in item.options]
    wanted = [comparable(text) for _, text in gold.options]
    if found == wanted:
        return True
    cause = "option text differs"
    if len(found) != len(wanted):
        cause = "number of options differs"
    elif sorted(found) == sorted(wanted):
        cause = "order of options differs"
    shown = " | ".join(option.text for option in item.options)
    result.misses.append(Miss(cause, gold.file, gold.number, shown, " | ".join(text for _, text in gold.options)))
    return False


def _compare_key(item: Item, gold: Gold, result: Evaluation) -> bool:
    labels = {comparable(label): "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[k] for k, (label, _) in enumerate(gold.options)}
    wanted = {frozenset(labels.get(comparable(one), one) for one in response) for response in gold.answers or ()}
    order = {option.id: "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[k] for k, option in enumerate(item.options)}
    found = {frozenset(order.get(one, one) for one in response) for response in item.key.answers}
    annulled = gold.status == "annulled"
    if found == wanted and annulled == (item.key.status == "annulled"):
        return True
    cause = "key missing" if item.key.status == "unknown" else "key differs"
    spelled = f"{item.key.status} {_spell(found)}", f"{gold.status} {_spell(wanted)}"
    result.misses.append(Miss(cause, gold.file, gold.number, *spelled))
    return False


def _spell(responses: set[frozenset[str]]) -> str:
    return " or ".join(sorted("+".join(sorted(response)) for response in responses)) or "-"

"""How well items were extracted: compared with a gold transcription, per file and per cause.

Texts are compared in the form of :func:`benchwright.schemas.text.comparable` (NFKC, without spaces, punctuation and
symbols, case-folded). Options are compared in order, keys as sets of complete correct responses. What this comparison
does not see (spaces, signs, raised digits) is told apart and counts against nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, Final

from benchwright.builder._causes import added_text, cause_of_options, cause_of_text, unseen_cause
from benchwright.builder._gold import Gold, read_gold
from benchwright.schemas.item import Item
from benchwright.schemas.text import comparable

__all__ = ["Evaluation", "Gold", "Miss", "evaluate", "read_gold"]

_SHOWN: Final = 3
_TELLING: Final = 4
"""Letters; fewer may be too many twice by chance."""
_REPEATED: Final = 2
"""Items of a file that end in the same text that is not theirs: it is a header, a footer or directions."""


@dataclass(frozen=True)
class Miss:
    """One difference between an item and its gold."""

    cause: str
    file: str
    number: str
    found: str
    expected: str
    field: str = "item"
    """``item``, ``stem``, ``options``, ``key`` or ``figures``."""
    added: str = ""
    """What stands before or after the transcribed text, in the form in which texts are compared."""

    def told(self) -> dict[str, str]:
        """Return the difference as JSON values."""
        return {name: value for name, value in asdict(self).items() if name != "added"}


@dataclass
class Evaluation:
    """Counts by file, and every difference."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    misses: list[Miss] = field(default_factory=list)
    unseen: list[Miss] = field(default_factory=list)
    """Differences that the comparison does not see, and that count against nothing."""

    def shares(self, file: str | None = None) -> dict[str, float | int | None]:
        """Return the shares (0 to 1, higher is better) of one file or of all; null where nothing was compared.

        ``item_recall`` counts gold questions that became items; the other shares are over these items: options over
        those that have any, keys and figures over those of which the gold knows them.
        """
        count = self.counts[file] if file is not None else sum(self.counts.values(), Counter[str]())
        found = count["found"]
        return {
            "gold": count["gold"],
            "item_recall": _share(found, count["gold"]),
            "exact_stem": _share(count["stem"], found),
            "exact_options": _share(count["options"], count["options_known"]),
            "key": _share(count["key"], count["key_known"]),
            "figures": _share(count["figures"], count["figures_known"]),
        }

    def document(self) -> dict[str, Any]:
        """Return everything as JSON values: total, files with their causes, causes with examples."""
        by_file: dict[str, Counter[str]] = defaultdict(Counter)
        for miss in self.misses:
            by_file[miss.file][miss.cause] += 1
        return {
            "total": self.shares() | {"counts": dict(sum(self.counts.values(), Counter[str]()))},
            "files": {
                file: self.shares(file)
                | {"counts": dict(self.counts[file]), "causes": dict(by_file[file].most_common())}
                for file in sorted(self.counts)
            },
            "causes": _by_cause(self.misses),
            "not_counted": _by_cause(self.unseen),
        }


def _by_cause(misses: Sequence[Miss]) -> dict[str, Any]:
    causes: dict[str, list[Miss]] = defaultdict(list)
    for miss in misses:
        causes[miss.cause].append(miss)
    return {
        cause: {
            "count": len(some),
            "field": some[0].field,
            "files": dict(Counter(miss.file for miss in some).most_common()),
            "examples": [miss.told() for miss in some[:_SHOWN]],
        }
        for cause, some in sorted(causes.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


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
        found = exact or candidates
        _compare(found[0] if found else None, question, result)
    result.misses = _another_number(_repeated(result.misses), gold)
    return result


def _repeated(misses: Sequence[Miss]) -> list[Miss]:
    """Name text that several items of a file have at their ends: it is not theirs but the page's."""
    times = Counter((miss.file, miss.added) for miss in misses if len(miss.added) >= _TELLING or "#" in miss.added)
    return [
        replace(miss, cause="text of the page or directions") if times[miss.file, miss.added] >= _REPEATED else miss
        for miss in misses
    ]


def _another_number(misses: Sequence[Miss], gold: Sequence[Gold]) -> list[Miss]:
    """Name stems that are those of another number of the file: the numbers slipped."""
    if not any(miss.cause == "another text" for miss in misses):
        return list(misses)
    stems = {(question.file, comparable(question.stem)) for question in gold}
    return [
        replace(miss, cause="the text of another number")
        if miss.cause == "another text" and (miss.file, comparable(miss.found)) in stems
        else miss
        for miss in misses
    ]


def _compare(item: Item | None, gold: Gold, result: Evaluation) -> None:
    count = result.counts[gold.file]
    count["gold"] += 1
    if item is None:
        result.misses.append(Miss("item missing", gold.file, gold.number, "", gold.stem[:200]))
        return
    count["found"] += 1
    count["stem"] += _compare_stem(item, gold, result)
    if gold.options or item.options:
        count["options_known"] += 1
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
            cause = "figure lost" if pictures < gold.figures else "a figure that is not its own"
            result.misses.append(Miss(cause, gold.file, gold.number, str(pictures), str(gold.figures), "figures"))


def _figures(item: Item, file: str) -> int:
    """Return how many pictures an item has from its own paper; those of an image booklet are not in the gold."""
    return sum(
        one.status == "present" and PurePosixPath(one.source_file or file).name == PurePosixPath(file).name
        for one in item.media
    )


def _by_ocr(item: Item, field: str) -> bool:
    return any(place.ocr for place in item.provenance if place.field.startswith(field))


def _compare_stem(item: Item, gold: Gold, result: Evaluation) -> bool:
    full = f"{item.context.text}\n{item.stem}" if item.context else item.stem
    wanted = comparable(f"{gold.stem} {gold.table}")
    shared = comparable(f"{gold.context} {gold.stem} {gold.table}") if gold.context else wanted
    if wanted in (comparable(item.stem), comparable(full)) or shared == comparable(full):
        unseen = unseen_cause(item.stem, gold.stem) if wanted == comparable(item.stem) and not gold.table else None
        if unseen:
            result.unseen.append(Miss(unseen, gold.file, gold.number, item.stem, gold.stem, "stem"))
        return True
    # A transcription may have the vignette in the stem, and so may an item: the nearer of the two is compared.
    found, text = (full, f"{gold.context}\n{gold.stem}") if gold.context and item.context else (item.stem, gold.stem)
    text = f"{text} {gold.table}".strip()
    cause = f"stem: {cause_of_text(found, text, ocr=_by_ocr(item, 'stem'))}"
    if cause == "stem: another text":
        cause = "another text"
    result.misses.append(Miss(cause, gold.file, gold.number, found, text, "stem", added_text(found, text)))
    return False


def _compare_options(item: Item, gold: Gold, result: Evaluation) -> bool:
    found, wanted = [option.text for option in item.options], [text for _, text in gold.options]
    shown = " | ".join(found), " | ".join(wanted)
    if [comparable(text) for text in found] == [comparable(text) for text in wanted]:
        causes = {unseen_cause(*texts) for texts in zip(found, wanted, strict=True)} - {None}
        for unseen in sorted(cause for cause in causes if cause):
            result.unseen.append(Miss(unseen, gold.file, gold.number, *shown, "options"))
        return True
    cause = cause_of_options(found, wanted, item.stem, ocr=_by_ocr(item, "option"))
    added = added_text(found[-1], wanted[-1]) if found and len(found) == len(wanted) else ""
    result.misses.append(Miss(cause, gold.file, gold.number, *shown, "options", added))
    return False


_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _compare_key(item: Item, gold: Gold, result: Evaluation) -> bool:
    labels = {comparable(label): _LETTERS[k] for k, (label, _) in enumerate(gold.options)}
    wanted = {frozenset(labels.get(comparable(one), one) for one in response) for response in gold.answers or ()}
    order = {option.id: _LETTERS[k] for k, option in enumerate(item.options)}
    found = {frozenset(order.get(one, one) for one in response) for response in item.key.answers}
    annulled = gold.status == "annulled"
    if found == wanted and annulled == (item.key.status == "annulled"):
        return True
    cause = "another key"
    if item.key.status == "unknown":
        cause = "key missing"
    elif annulled or item.key.status == "annulled":
        cause = "annulled question has a key" if annulled else "key of a question that is not annulled"
    elif found & wanted or set().union(*found) & set().union(*wanted):
        cause = "one of several right answers"
    spelled = f"{item.key.status} {_spell(found)}", f"{gold.status} {_spell(wanted)}"
    result.misses.append(Miss(cause, gold.file, gold.number, *spelled, "key"))
    return False


def _spell(responses: set[frozenset[str]]) -> str:
    return " or ".join(sorted("+".join(sorted(response)) for response in responses)) or "-"

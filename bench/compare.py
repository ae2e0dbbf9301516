"""Compares the items of a build with what is known of its papers."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from bench import boxes, papers
from bench.check_text import fold
from bench.truths import FIXES, Place, Row, Truth

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
GAPS = frozenset({"es_mir_headqa"})
"""Exams whose transcription leaves out questions that were annulled."""
ALIKE = 50
"""Likeness, 0 to 100, from which an item is the transcribed question where numbers do not tell."""


@dataclass
class Miss:
    """One difference, told for the development half alone."""

    cause: str
    file: str
    number: str
    sure: bool
    found: str
    expected: str


def read_items(project: Path) -> dict[Place, list[Row]]:
    """Return the items of a build by file name and printed number."""
    import polars as pl

    places: dict[Place, list[Row]] = defaultdict(list)
    for item in pl.read_parquet(project / "build/items.parquet").to_dicts():
        files = {Path(p["file"]).name for p in item["provenance"] if p["field"] != "key"}
        for file in files or {""}:
            places[file, item["exam"]["number"]].append(item)
    return places


def listed_missing(project: Path) -> set[str]:
    """Return the numbers that a build says it did not get, whatever the reason."""
    import polars as pl

    rejects = pl.read_parquet(project / "build/rejects.parquet")
    return {str(number) for number in rejects["number"].drop_nulls()} if "number" in rejects.columns else set()


def whole(text: Row) -> str:
    """Return the compared form of everything that an item or a transcription prints."""
    return fold(text["stem"]) + "".join(fold(option["text"]) for option in text["options"])


def paired_by_text(truth: Truth, items: dict[Place, list[Row]]) -> dict[Place, Row]:
    """Pair transcriptions with items of the same file by likeness, the most alike first."""
    from rapidfuzz import fuzz, process

    left = [(g["file"], g["number"]) for g in truth.rows]
    right = [item for some in items.values() for item in some]
    if not right:
        return {}
    scores = process.cdist([whole(g) for g in truth.rows], [whole(item) for item in right], scorer=fuzz.ratio)
    pairs: dict[Place, Row] = {}
    used: set[int] = set()
    for at in scores.argsort(axis=None)[::-1]:
        row, column = divmod(int(at), len(right))
        if scores[row, column] < ALIKE:
            break
        if left[row] not in pairs and column not in used:
            pairs[left[row]] = right[column]
            used.add(column)
    return pairs


def paired(truth: Truth, items: dict[Place, list[Row]]) -> dict[Place, Row]:
    """Return the item of every transcribed question that has one."""
    if truth.by_text:
        return paired_by_text(truth, items)
    places = [(g["file"], g["number"]) for g in truth.rows]
    return {place: items[place][0] for place in places if place in items}


def stem_is(item: Row, row: Row, fixes: dict[int, str]) -> bool:
    """Return whether the stem, or the shared vignette and the stem, is the transcribed one."""
    wanted, own = fold(row["stem"], fixes), fold(item["stem"], fixes)
    shared = fold(item["context"]["text"], fixes) if item["context"] else ""
    return wanted in (own, shared + own)


def options_are(item: Row, row: Row, fixes: dict[int, str]) -> bool:
    """Return whether the options are the transcribed ones in their order."""
    found, wanted = ([fold(option["text"], fixes) for option in some["options"]] for some in (item, row))
    return found == wanted


def key_state(item: Row, key: Row) -> str:
    """Return `right`, `wrong` or `unknown` for the key of an item."""
    status = item["key"]["status"]
    if status == "unknown":
        return "unknown"
    if "value" in key:
        said = [str(one) for one in item["key"]["accepted"] or []]
        if item["numeric"]:
            said.append(f"{item['numeric']['value']:g}")
        return "right" if key["value"] in said else "wrong"
    order = {option["id"]: LETTERS[k] for k, option in enumerate(item["options"])}
    found = {frozenset(order.get(one, one) for one in response) for response in item["key"]["answers"]}
    wanted = {frozenset(one.upper() for one in response) for response in key["answers"]}
    return "right" if found == wanted and (key["status"] == "annulled") == (status == "annulled") else "wrong"


@dataclass
class Measure:
    """Counts and differences of a unit or of an exam's half."""

    count: Counter[str] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)

    def add(self, other: Measure) -> None:
        """Take in another measure."""
        self.count += other.count
        self.misses += other.misses


def measure(unit: papers.Unit, truth: Truth, project: Path, disputed: set[tuple[str, str, str]]) -> Measure:
    """Compare the items of a build with what is known."""
    result = Measure()
    items = read_items(project)
    count_found(unit, truth, items, listed_missing(project), result)
    for row in truth.rows:
        row["sure"] = (row["file"], row["number"]) in truth.sure
    pairs = paired(truth, items)
    for row in truth.rows:
        if item := pairs.get((row["file"], row["number"])):
            compare_texts(unit, row, item, disputed, result)
            if truth.figures:
                compare_figures(row, item, result)
    for (file, number), key in truth.keys.items():
        if (file, number, "key") not in disputed and (file, number) in items:
            compare_key(file, number, key, items[file, number][0], result)
    everything = [item for some in items.values() for item in some]
    reopened = boxes.reopen(everything, project / "raw", FIXES.get(unit.exam, {}))
    for name, seen in reopened.items():
        if name == "misses":
            result.misses += [Miss("box differs", file, number, False, *texts) for (file, number), *texts in seen]
        else:
            result.count[name] += seen
    return result


def count_found(
    unit: papers.Unit, truth: Truth, items: dict[Place, list[Row]], listed: set[str], result: Measure
) -> None:
    """Count the questions that became items, and of the others those that the build lists."""
    if truth.by_text:
        found = len(paired_by_text(truth, items))
        result.count += Counter(gold=len(truth.rows), found=found)
        known = set(truth.keys)
    else:
        known = {(row["file"], row["number"]) for row in truth.rows} | set(truth.keys)
        result.count += Counter(gold=len(known), found=sum(place in items for place in known))
    for file, number in sorted(known - set(items)):
        kind = "listed" if number in listed else "silent"
        result.count[kind] += 1
        result.misses.append(Miss(f"item missing, {kind}", file, number, True, "", ""))
    files = {file for file, _ in known}
    last = max((int(number) for _, number in known), default=0)
    gaps = {str(number) for number in range(1, last + 1)} if unit.exam in GAPS else set()
    extra = [place for place in items if place[0] in files and place not in known and place[1] not in gaps]
    if not truth.by_text:
        result.count["extra"] += len(extra)
        result.misses += [Miss("item that is none", *place, True, items[place][0]["stem"], "") for place in extra]


def compare_texts(unit: papers.Unit, row: Row, item: Row, disputed: set[tuple[str, str, str]], result: Measure) -> None:
    """Compare stem and options of one question."""
    fixes = FIXES.get(unit.exam, {})
    for name, is_same in (("stem", stem_is), ("options", options_are)):
        if not row[name]:
            continue
        if (row["file"], row["number"], name) in disputed:
            result.count["disputed"] += 1
            continue
        same = is_same(item, row, fixes)
        result.count += Counter({f"{name}_all": 1, f"{name}_all_right": int(same)})
        if row["sure"]:
            result.count += Counter({f"{name}_sure": 1, f"{name}_sure_right": int(same)})
        if not same:
            texts = [item["stem"], row["stem"]]
            if name == "options":
                texts = [" | ".join(option["text"] for option in some["options"]) for some in (item, row)]
            own = item["exam"]["number"]
            number = row["number"] if own == row["number"] else f"{row['number']} (printed {own})"
            result.misses.append(Miss(f"{name} differs", row["file"], number, row["sure"], texts[0], texts[1]))


def compare_figures(row: Row, item: Row, result: Measure) -> None:
    """Count the questions with figures that have as many, or any, and those that have one too many."""
    seen = sum(media["status"] == "present" for media in item["media"] or [])
    if row["figures"]:
        result.count += Counter(figures=1, figures_attached=int(seen > 0))
    else:
        result.count["figures_extra"] += int(seen > 0)
    if bool(seen) != bool(row["figures"]):
        result.misses.append(Miss("figure", row["file"], row["number"], True, str(seen), str(row["figures"])))


def compare_key(file: str, number: str, key: Row, item: Row, result: Measure) -> None:
    """Count one key as right, wrong or unknown."""
    state = key_state(item, key)
    result.count += Counter({"keys": 1, f"keys_{state}": 1})
    if state != "right":
        found = f"{item['key']['status']} {item['key']['answers']} {item['key']['accepted']}"
        wanted = f"{key['status']} {key['answers']} {key.get('value', '')}"
        result.misses.append(Miss(f"key {state}", file, number, True, found, wanted))

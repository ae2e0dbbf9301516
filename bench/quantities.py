"""Measures the audit of quantities on real pairs and its speed; `--write` puts the lines into RESULTS.md.

Real pairs are human or checked translations; an alarm on one is either a real error of the translation or false. The
alarms that were judged by hand stand in `quantities_judged.tsv` (set, place, verdict; no text).
Speed: HEAD-QA and IgakuQA, each pair once more for every copy with another number in front, as a large benchmark has.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchwright.audits._quantities.gate import to_read  # noqa: E402
from benchwright.audits.quantities import read_pairs  # noqa: E402

RESULTS: Final = ROOT / "bench/RESULTS.md"
JUDGED: Final = ROOT / "bench/quantities_judged.tsv"
DATA: Final = Path(os.environ.get("BENCHWRIGHT_DATA", ROOT.parent / "shared" / "data"))
CALL: Final = "`python bench/quantities.py --write`"
ALARMS: Final = ("major", "critical")
TEXTS: Final = ("source", "target", "source_language", "target_language")
ITEMS: Final = 153_777
Field = tuple[str, str, str, str]
Item = tuple[str, list[Field]]


def _headqa() -> Iterator[Item]:
    for path in sorted((DATA / "es_mir_headqa" / "headqa_es").glob("*.json")):
        sides: list[dict[str, Any]] = []
        for name in (path, path.parent.parent / "headqa_en" / path.name):
            exam = json.loads(name.read_text(encoding="utf-8"))["data"]
            rows = exam.values() if isinstance(exam, dict) else exam
            sides.append({str(row["qid"]): row for row in rows})
        for qid in sorted(sides[0].keys() & sides[1].keys()):
            both = [[row["qtext"], *(one["atext"] for one in row["answers"])] for row in (sides[0][qid], sides[1][qid])]
            if len(both[0]) == len(both[1]):
                yield f"{path.stem}/{qid}", [(a, b, "es", "en") for a, b in zip(*both, strict=True)]


def _references() -> Iterator[Item]:
    for folder in ("en2de", "en2es", "en2fr", "es2en", "de2en"):
        left, right = folder.split("2")
        rows = json.loads((DATA / "biomqm" / folder / "reference.json").read_text(encoding="utf-8"))
        for place, row in enumerate(rows):
            yield f"{folder}/{place}", [(row["source"], row["target"], left, right)]


def _igakuqa() -> Iterator[Item]:
    for path in sorted((DATA / "ja_igakuqa").glob("*/*_translate.jsonl")):
        plain = path.with_name(path.name.replace("_translate", ""))
        lines = plain.read_text(encoding="utf-8").splitlines()
        own = {row["problem_id"]: row for row in map(json.loads, lines)}
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            here, choices = own.get(row["problem_id"]), row.get("choices_en") or []
            if here and len(choices) == len(here["choices"]):
                left, right = [here["problem_text"], *here["choices"]], [row["problem_text_en"], *choices]
                yield row["problem_id"], [(a, b, "ja", "en") for a, b in zip(left, right, strict=True)]


def _mmlu() -> Iterator[Item]:
    from bench.links import _items
    from benchwright.builder.linking import link_items

    folder = DATA / "mmlu_medical"
    sides = [
        _items(sorted((folder / name).glob("*.csv")), "mmlu_csv", name[:2]) for name in ("ar_mmlu_gpt", "ja_jmmlu")
    ]
    rows = [{row["group"]: row for row in side.iter_rows(named=True)} for side in sides]
    for left, right in link_items(sides[0], sides[1], "auto").links.select("left", "right").iter_rows():
        here, there = rows[0][left], rows[1][right]
        both = [[row["stem"], *(option["text"] for option in row["options"])] for row in (here, there)]
        if len(both[0]) == len(both[1]):
            yield right, [(a, b, "ar", "ja") for a, b in zip(*both, strict=True)]


SETS: Final = {
    "HEAD-QA es-en": _headqa,
    "bio-MQM human references": _references,
    "IgakuQA ja-en": _igakuqa,
    "MMLU ar-ja": _mmlu,
}


def _frame(items: Sequence[Item]) -> pl.DataFrame:
    rows = [(name, place, *field) for name, fields in items for place, field in enumerate(fields) if all(field)]
    return pl.DataFrame(rows, schema=["item", "field", *TEXTS], orient="row")


def flagged(items: Sequence[Item]) -> pl.DataFrame:
    """Return the fields with an alarm."""
    frame = _frame(items)
    found = read_pairs(to_read(frame.select(TEXTS).unique()))
    return frame.join(found.filter(pl.col("severity").is_in(ALARMS)), on=list(TEXTS), how="inner").sort("item", "field")


def real(name: str, items: Sequence[Item], shown: int) -> tuple[str, str, str]:
    """Count the items with an alarm, and what was judged of them."""
    alarms = flagged(items)
    places = alarms.select("item").unique()["item"].sort().to_list()
    with JUDGED.open(encoding="utf-8") as file:
        judged = {row["place"]: row["verdict"] for row in csv.DictReader(file, delimiter="\t") if row["set"] == name}
    known = [judged[place] for place in places if place in judged]
    said = f"{100 * len(places) / len(items):.2f} % of items have an alarm ({len(places)})"
    said += f"; of {len(known)} judged by hand {known.count('true')} are errors of the translation"
    for place in random.Random(1).sample(places, min(shown, len(places))):
        print(f"\n{name}\t{place}")
        for row in alarms.filter(pl.col("item") == place).iter_rows(named=True):
            print(f"   {row['code']} {row['message'][:200]}\n      {row['evidence'][:260]}")
    return f"quantities on clean pairs: {name}", said, f"{len(items)} items"


def speed(label: str, sets: Sequence[Sequence[Item]]) -> list[tuple[str, str, str]]:
    """Measure processor time of the fast pass and of the exact reader."""
    items = [item for one in sets for item in one]
    drawn = random.Random(7)
    many: list[Item] = []
    while len(many) < ITEMS:
        name, fields = items[len(many) % len(items)]
        mark = f"({drawn.randint(2, 999)}) " if len(many) >= len(items) else ""
        many.append((f"{name}/{len(many)}", [(mark + a, mark + b, c, d) for a, b, c, d in fields]))
    frame = _frame(many).select(TEXTS)
    started = time.process_time()
    wanted = to_read(frame.unique())
    gate = time.process_time() - started
    started = time.process_time()
    read_pairs(wanted)
    exact = time.process_time() - started
    size = f"{len(many)} items, {frame.height} fields"
    share = f"{100 * wanted.height / frame.height:.1f} % of the fields are read exactly"
    return [
        (
            f"quantities: fast pass, >= 100,000 fields/s: {label}",
            f"{frame.height / gate:,.0f} fields per CPU second; {share}",
            size,
        ),
        (f"quantities: >= 40,000 items/s: {label}", f"{len(many) / (gate + exact):,.0f} items per CPU second", size),
    ]


def write(lines: Sequence[tuple[str, str, str]]) -> None:
    """Put the lines into RESULTS.md in place of earlier ones of the same target."""
    git = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    kept = RESULTS.read_text(encoding="utf-8").splitlines()
    for target, said, n in lines:
        text = f"| {target} | {said} | {n} | {CALL} | {commit} |"
        places = [place for place, line in enumerate(kept) if line.startswith(f"| {target} |")]
        if places:
            kept[places[0]] = text
        else:
            kept.append(text)
    RESULTS.write_text("\n".join(kept) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", type=int, default=0, help="print so many random alarms of each set")
    parser.add_argument("--no-speed", action="store_true")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    sets = {name: list(read()) for name, read in SETS.items()}
    lines = [real(name, items, given.show) for name, items in sets.items()]
    if not given.no_speed:
        lines += speed("HEAD-QA", [sets["HEAD-QA es-en"]])
        lines += speed("HEAD-QA and IgakuQA", [sets["HEAD-QA es-en"], sets["IgakuQA ja-en"]])
    for line in lines:
        print(" | ".join(line))
    if given.write:
        write(lines)


if __name__ == "__main__":
    main()

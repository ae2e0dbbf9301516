"""Prints how well every real exam with ground truth is extracted, per exam and half of split.json.

    python bench/extraction.py                      both halves
    python bench/extraction.py --half development   one half
    python bench/extraction.py --misses             also the differences of the development half
    python bench/extraction.py --write              and puts the lines into RESULTS.md

Builds are made once for a state of `benchwright/sources` and kept under `bench/out/extraction/<state>`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import papers  # noqa: E402  (the script may be started from anywhere)
from bench.compare import Measure, Miss, measure  # noqa: E402
from bench.truths import TRUTHS  # noqa: E402

RESULTS = ROOT / "bench/RESULTS.md"
CALL = "`python bench/extraction.py --write`"
DISPUTED = 0.02
TITLES = {
    "ar_examen_unico": "Argentina Examen Unico",
    "bg_dzi_english": "Bulgaria DZI English",
    "br_boards": "Brazil boards",
    "es_mir_headqa": "Spain MIR",
    "il_ima_internal": "Israel board exam",
    "jp_keiryoshi": "Japan measurers (OCR)",
    "kr_kice_math": "Korea mathematics",
    "pe_conareme": "Peru CONAREME",
    "tw_moex_physician": "Taiwan physician",
    "vn_hsge": "Vietnam HSGE (DOCX)",
}


def percent(part: int, of: int) -> str:
    """Return a share as text."""
    return f"{100 * part / of:.1f} %" if of else "-"


def words(count: Counter[str]) -> tuple[str, str]:
    """Return what was measured and over how many, as RESULTS.md has it."""
    told = [f"items {percent(count['found'], count['gold'])} (silent {count['silent']}, not there {count['extra']})"]
    for name, title in (("stem", "exact stem"), ("options", "exact option set")):
        if count[f"{name}_all"]:
            sure = percent(count[f"{name}_sure_right"], count[f"{name}_sure"])
            told.append(f"{title} {sure} sure, {percent(count[f'{name}_all_right'], count[f'{name}_all'])} all")
    if count["keys"]:
        parts = f"wrong {count['keys_wrong']}, unknown {count['keys_unknown']}"
        told.append(f"key {percent(count['keys_right'], count['keys'])} ({parts})")
    if count["figures"]:
        extra = f", {count['figures_extra']} items with one that is not theirs" if count["figures_extra"] else ""
        told.append(f"figures {count['figures_attached']} of {count['figures']}{extra}")
    if count["boxes"]:
        order, letters = (percent(count[name], count["boxes"]) for name in ("boxes_right", "boxes_letters"))
        told.append(f"boxes {order} (letters {letters})")
    if count["failed"]:
        told.append(f"{count['failed']} builds ended with an error")
    return ", ".join(told), f"{count['gold']} questions, {count['stem_sure']} sure, {count['files']} builds"


def adjudicated() -> dict[str, set[tuple[str, str, str]]]:
    """Return the fields whose transcription was found wrong, by exam."""
    path = ROOT / "bench/adjudicated.jsonl"
    told: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
        one = json.loads(line)
        told[one["exam"]].add((one["file"], one["number"], one["field"]))
    return told


def run(half: str | None, only: str, *, kept: bool) -> Iterator[tuple[papers.Unit, Measure]]:
    """Yield every unit with its measure; a unit without items counts all of its questions as lost."""
    data = papers.data_folder()
    _, folder = papers.tree()
    disputes = adjudicated()
    for unit in papers.chosen(half, only):
        truth = TRUTHS[unit.exam](unit, data)
        if not truth.rows and not truth.keys:
            print(f"{unit.name}: no ground truth", file=sys.stderr)
            continue
        if kept and not (folder / unit.slug / "built.json").is_file():
            print(f"{unit.name}: not built", file=sys.stderr)
            continue
        project = papers.build(unit, folder, data)
        if project is None:
            lost = len({(row["file"], row["number"]) for row in truth.rows} | set(truth.keys))
            result = Measure(Counter(gold=lost, silent=lost, failed=1))
        else:
            result = measure(unit, truth, project, disputes[unit.exam])
            result.count["failed"] += papers.outcome(project) not in (0, 1)
        result.count["files"] += 1
        yield unit, result


def tell(misses: list[Miss], limit: int) -> None:
    """Print differences by cause, the most frequent first."""
    causes: dict[str, list[Miss]] = defaultdict(list)
    for miss in misses:
        causes[f"{miss.cause}{', sure' if miss.sure else ''}"].append(miss)
    for cause, some in sorted(causes.items(), key=lambda entry: -len(entry[1])):
        print(f"    {cause}: {len(some)}")
        for miss in some[:limit]:
            print(f"      {miss.file} {miss.number}")
            print(f"        found    {miss.found!r}\n        expected {miss.expected!r}")


def put(lines: list[str]) -> None:
    """Replace the lines of RESULTS.md that have the same target, and add the new ones."""
    targets = {line.split(" | ")[0] for line in lines}
    kept = [line for line in RESULTS.read_text(encoding="utf-8").splitlines() if line.split(" | ")[0] not in targets]
    RESULTS.write_text("\n".join([*kept, *lines]) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("development", "held_out"), help="one half of split.json")
    parser.add_argument("--only", default="", help="units whose name holds this text")
    parser.add_argument("--kept", action="store_true", help="only what is built already")
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="N differences of a cause, development half")
    parser.add_argument("--write", action="store_true", help="put the lines into RESULTS.md")
    options = parser.parse_args()
    totals: dict[tuple[str, str], Measure] = defaultdict(Measure)
    for unit, result in run(options.half, options.only, kept=options.kept):
        print(f"{unit.half} {unit.name}: {words(result.count)[0]}", flush=True)
        if options.misses and unit.half == "development":
            tell(result.misses, options.misses)
        totals[unit.exam, unit.half].add(result)
    commit = (papers.tree()[1] / "commit").read_text(encoding="utf-8")
    lines: list[str] = []
    for (exam, half), result in sorted(totals.items(), key=lambda entry: (entry[0][1], entry[0][0])):
        if result.count["disputed"] > DISPUTED * result.count["gold"]:
            parser.error(f"{exam}: more than 2 % of the questions are in adjudicated.jsonl")
        told, n = words(result.count)
        lines.append(f"| extraction: {TITLES[exam]}, {half.replace('_', '-')} | {told} | {n} | {CALL} | {commit} |")
        print(lines[-1])
    if options.write:
        put(lines)


if __name__ == "__main__":
    main()

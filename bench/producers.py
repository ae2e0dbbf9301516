"""Exams printed by programs that are not ours, read back by `new` and `build`: per program and language.

    python bench/producers.py 8 1                    8 papers of every program from seed 1
    python bench/producers.py 8 1 --only latex       of one program
    python bench/producers.py 8 1 --language ja      in one language
    python bench/producers.py 8 1 --show             and what was not read to the letter
    python bench/producers.py 8 1 --write            and put the lines into RESULTS.md

The questions are those of the real data where the project has them, and invented ones in seven languages more; what a
paper looks like is drawn by the seed. Needed, and left out with a reason where missing: a TeX distribution with XeTeX
and babel for the languages, groff, LibreOffice, Chromium, and `PRODUCERS_PYTHON` naming a Python that has `typst` and
`weasyprint`. Nothing of them is needed by the package.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.check_text import Row, fold  # noqa: E402  (the script may be started from anywhere)
from bench.extraction import percent, put  # noqa: E402
from bench.papers import START, data_folder, git  # noqa: E402
from bench.producer_draw import Ask, Paper, draw, plain  # noqa: E402
from bench.producer_items import INVENTED, SOURCES  # noqa: E402
from bench.producer_print import PDF, PRODUCERS, PrintError, printed  # noqa: E402

OUT = Path(os.environ.get("PRODUCERS_OUT") or ROOT / "bench/out/producers")
RAISED = re.compile(r"[\^_]\(([^()]*)\)")


def command(*arguments: str | Path) -> tuple[int, str]:
    """Run benchwright as it stands here; return its exit status and the end of what it said."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    call = [sys.executable, "-P", "-c", START, *map(str, arguments)]
    done = subprocess.run(call, cwd="/", env=environment, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr)[-1500:]


def read(files: list[Path], folder: Path) -> tuple[list[Row], list[Row], str]:
    """Return items and rejects of a project made of the files, and what was said where there are none."""
    import polars as pl

    project = folder / "project"
    shutil.rmtree(project, ignore_errors=True)
    status, said = command("new", project, "--raw", *files)
    if status == 0:
        status, said = command("build", project, "--jobs", "1")
    made = project / "build/items.parquet"
    if not made.is_file():
        return [], [], said
    items = pl.read_parquet(made).to_dicts()
    rejects = pl.read_parquet(project / "build/rejects.parquet").to_dicts()
    return items, rejects, said if status > 1 else ""


def letters(text: str) -> str:
    """Return the compared form of a text."""
    return fold(RAISED.sub(r"\1", text))


def partners(paper: Paper, items: list[Row]) -> dict[int, Row]:
    """Return the item of every question, by number and, where numbers start anew, by likeness of the stem."""
    from rapidfuzz import fuzz

    by_number: dict[str, list[Row]] = defaultdict(list)
    for item in items:
        by_number[str(item["exam"]["number"]).lstrip("0")].append(item)
    pairs: dict[int, Row] = {}
    for place, ask in enumerate(paper.asks):
        some = by_number.get(str(ask.number), [])
        if some:
            wanted = letters(plain(ask.stem))
            best = max(some, key=lambda item: fuzz.ratio(wanted, letters(item["stem"])))
            pairs[place] = best
            some.remove(best)
    return pairs


def key_state(ask: Ask, item: Row) -> str:
    """Return `right`, `wrong` or `unknown`."""
    if item["key"]["status"] == "unknown":
        return "unknown"
    order = {option["id"]: at for at, option in enumerate(item["options"])}
    found = [frozenset(order.get(one, -1) for one in response) for response in item["key"]["answers"]]
    return "right" if found == [ask.right] else "wrong"


def measured(paper: Paper, items: list[Row], rejects: list[Row]) -> tuple[Counter[str], list[str]]:
    """Return counts and what differs."""
    count: Counter[str] = Counter(questions=len(paper.asks))
    pairs, shown = partners(paper, items), []
    told = Counter(str(one["number"]).lstrip("0") for one in rejects if one["number"])
    whole_file = any(one["reason"].startswith("file-") for one in rejects)
    count["extra"] = len(items) - len(pairs)
    used = {id(item) for item in pairs.values()}
    shown += [f"none's: {item['exam']['number']} {item['stem'][:80]!r}" for item in items if id(item) not in used]
    for place, ask in enumerate(paper.asks):
        item = pairs.get(place)
        if item is None:
            state = "told" if whole_file or told[str(ask.number)] > 0 else "silent"
            told[str(ask.number)] -= 1
            count[state] += 1
            shown.append(f"{state} {ask.number}: {plain(ask.stem)[:80]!r}")
            continue
        count["items"] += 1
        wanted, own = letters(plain(ask.stem)), letters(item["stem"])
        case = letters(paper.cases.get((ask.section, ask.number), ""))
        shared = letters(item["context"]["text"]) if item["context"] else ""
        if own == wanted and (not case or shared.endswith(case)):
            count["stems"] += 1
        else:
            before = item["context"]["text"] if item["context"] else ""
            shown.append(f"stem {ask.number}: {before!r} {item['stem']!r}\n      not {plain(ask.stem)!r}")
        texts = [option["text"] for option in item["options"]]
        if [letters(one) for one in texts] == [letters(plain(one)) for one in ask.options]:
            count["options"] += 1
        else:
            shown.append(f"options {ask.number}: {texts}\n      not {[plain(one) for one in ask.options]}")
        state = key_state(ask, item)
        printed_key = paper.look.key != "none"
        count["keys"] += printed_key
        count[f"key_{state}" if printed_key or state != "unknown" else "key_none"] += 1
        if state == "wrong" or (printed_key and state == "unknown"):
            shown.append(f"key {state} {ask.number}: {item['key']['answers']} not {paper.answer(ask)}")
        seen = sum(media["status"] == "present" for media in item["media"] or [])
        count["figures"] += ask.picture
        count["figures_right"] += ask.picture and seen == 1
        count["figures_extra"] += seen > ask.picture
    return count, shown


def one(producer: str, paper: Paper, *, show: bool) -> Counter[str]:
    """Print one paper, read it, and count."""
    folder = OUT / f"{producer}-{paper.language}-{paper.seed}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        files = printed(producer, paper, folder)
    except PrintError as why:
        print(f"{producer} {paper.language} {paper.seed}: not printed, {why}", file=sys.stderr)
        return Counter(unprinted=1)
    items, rejects, said = read(files, folder)
    count, shown = measured(paper, items, rejects)
    count["papers"] += 1
    count["failed"] += bool(said)
    whole = not shown
    count["whole"] += whole
    print(
        f"{producer} {paper.language} {paper.seed}: {words(count)[0]}" + (f" FAILED {said}" if said else ""), flush=True
    )
    if show and not whole:
        look = {name: value for name, value in vars(paper.look).items() if value not in ("", False, None)}
        print("   ", json.dumps(look, ensure_ascii=False))
        print("\n".join(f"    {line}" for line in shown[:12]), flush=True)
    return count


def words(count: Counter[str]) -> tuple[str, str]:
    """Return what was measured and over how many."""
    asked, read_ = count["questions"], count["items"]
    told = [
        f"items {percent(read_, asked)} (told {count['told']}, silent {count['silent']}, not there {count['extra']})",
        f"exact stem {percent(count['stems'], read_)}, exact option set {percent(count['options'], read_)}",
    ]
    if count["keys"]:
        wrong = f"wrong {count['key_wrong']}, unknown {count['key_unknown']}"
        told.append(f"key {percent(count['key_right'], count['keys'])} ({wrong})")
    elif count["key_wrong"]:
        told.append(f"keys where none is printed {count['key_wrong']}")
    if count["figures"]:
        told.append(
            f"figures {count['figures_right']} of {count['figures']}, {count['figures_extra']} items with one too many"
        )
    if count["papers"] > 1:
        told.append(f"{count['whole']} of {count['papers']} papers whole")
    return ", ".join(told), f"{asked} questions, {count['papers']} papers"


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("--only", default="", help="programs, with commas")
    parser.add_argument("--language", default="", help="languages, with commas")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    totals: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    languages = options.language.split(",") if options.language else list(SOURCES)
    for place, producer in enumerate(options.only.split(",") if options.only else PRODUCERS):
        usable = [name for name in languages if producer != "groff" or name in ("es", "en", "fr", "pt", "it", "de")]
        for turn in range(options.papers):
            seed = options.seed + turn
            language = usable[(seed * 7 + place * 5) % len(usable)]
            count = one(producer, draw(seed, language, data_folder()), show=options.show)
            totals["program", producer].update(count)
            if producer in PDF:
                totals["language", language].update(count)
    lines = []
    for (kind, name), count in sorted(totals.items()):
        if count["papers"]:
            told, n = words(count)
            invented = " (invented questions)" if name in INVENTED else ""
            only = f" --only {options.only}" if options.only else ""
            call = f"`python bench/producers.py {options.papers} {options.seed}{only} --write`"
            commit = git("rev-parse", "--short", "HEAD")
            lines.append(f"| papers of other programs: {kind} {name}{invented} | {told} | {n} | {call} | {commit} |")
            print(lines[-1])
    if options.write:
        put(lines)


if __name__ == "__main__":
    main()

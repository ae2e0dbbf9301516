"""Measures the detectors of personal data; `--write` puts the lines into RESULTS.md.

    python bench/pii.py --generated [--seed N --count N --misses N]   recall and false alarms per kind and language
    python bench/pii.py --exams                                       exam questions: nothing should be masked
    python bench/pii.py --real [--show]                               300 real texts, against labels by hand
    python bench/pii.py --speed                                       rows per second

A value counts as masked when every letter and digit of it is. A false alarm is a hit that touches no label. Labels by
hand are in `pii_labels.jsonl`: file, record, offsets and kind, no text.
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
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import polars as pl  # noqa: E402

from bench.extraction import put  # noqa: E402
from benchwright.audits._pii import Hit, detect, gates, mask  # noqa: E402
from tests.pii.generate import LANGUAGES, Letter, letters  # noqa: E402

DATA = Path(os.environ.get("BENCHWRIGHT_DATA") or ROOT.parent / "shared/data")
LABELS = ROOT / "bench/pii_labels.jsonl"
SAMPLE, SAMPLE_SEED = 300, 4
Text = tuple[str, str]


def covered(text: str, start: int, end: int, hits: Sequence[Hit]) -> bool:
    """Tell whether every letter and digit of a label is in a hit."""
    return all(
        any(hit.start <= place < hit.end for hit in hits) for place in range(start, end) if text[place].isalnum()
    )


def found_in(texts: Sequence[str]) -> list[list[Hit]]:
    """Return the hits of each text, through the gates."""
    opened = gates(pl.Series(texts, dtype=pl.String)).to_list()
    return [detect(text, gate) if gate else [] for text, gate in zip(texts, opened, strict=True)]


def generated(count: int, seed: int, misses: int) -> list[str]:
    """Print recall and false alarms on generated letters; return the lines of RESULTS.md."""
    some = list(letters(count, seed))
    hits = found_in([letter.text for letter in some])
    labels: Counter[str] = Counter()
    masked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    per_language: dict[str, Counter[str]] = {language: Counter() for language in LANGUAGES}
    shown: Counter[str] = Counter()
    for letter, found in zip(some, hits, strict=True):
        for label in letter.labels:
            whole = covered(letter.text, label.start, label.end, found)
            same = [hit for hit in found if hit.start < label.end and label.start < hit.end and hit.kind == label.kind]
            labels[label.kind] += 1
            masked[label.kind] += whole
            right[label.kind] += bool(whole and same)
            per_language[letter.language]["labels"] += 1
            per_language[letter.language]["masked"] += whole
            per_language[letter.language][f"labels {label.kind}"] += 1
            per_language[letter.language][f"masked {label.kind}"] += whole
            key = f"{label.kind} {letter.language}"
            if not whole and shown[key] < misses:
                shown[key] += 1
                low, high = max(0, label.start - 25), label.end + 15
                kept = [
                    (hit.kind, letter.text[hit.start : hit.end]) for hit in found if hit.end > low and hit.start < high
                ]
                print(
                    f"miss {key} {label.source}: {letter.text[label.start : label.end]!r} in {letter.text[low:high]!r} {kept}"
                )
        for hit in false_alarms(letter, found):
            alarms[hit.kind] += 1
            per_language[letter.language]["alarms"] += 1
            if shown[f"alarm {hit.kind}"] < misses * 8:
                shown[f"alarm {hit.kind}"] += 1
                low, high = max(0, hit.start - 25), hit.end + 15
                print(
                    f"alarm {hit.kind} {hit.rule} {letter.language}: {letter.text[hit.start : hit.end]!r} in {letter.text[low:high]!r}"
                )
    for language, counts in per_language.items():
        parts = [
            f"{kind.split()[1]} {counts[f'masked {kind.split()[1]}']}/{counts[kind]}"
            for kind in sorted(counts)
            if kind.startswith("labels ")
        ]
        print(f"{language}: {share(counts['masked'], counts['labels'])}, alarms {counts['alarms']}; {', '.join(parts)}")
    kinds = sorted(labels, key=lambda kind: -labels[kind])
    told = "; ".join(
        f"{kind} {share(masked[kind], labels[kind])} masked ({share(right[kind], labels[kind])} as this kind), "
        f"{alarms[kind]} false"
        for kind in kinds
    )
    worst = min(per_language, key=lambda language: per_language[language]["masked"] / per_language[language]["labels"])
    lowest = share(per_language[worst]["masked"], per_language[worst]["labels"])
    all_masked = share(sum(masked.values()), sum(labels.values()))
    outside = sum(alarms.values())
    n = f"{len(some)} letters, {sum(labels.values())} values, {len(LANGUAGES)} languages, seed {seed}"
    return [
        f"| personal data: generated letters | {all_masked} of values masked whole, {1000 * outside / len(some):.1f} false "
        f"alarms in 1,000 letters; lowest language {worst} {lowest}; {told} | {n} |"
    ]


def false_alarms(letter: Letter, found: Sequence[Hit]) -> list[Hit]:
    """Return the hits that touch no label."""
    return [hit for hit in found if not any(label.start < hit.end and hit.start < label.end for label in letter.labels)]


def share(part: int, whole: int) -> str:
    """Return a share in per cent with one digit."""
    return f"{100 * part / whole:.1f} %" if whole else "none"


def exam_texts() -> Iterator[Text]:
    """Yield stems and options of exams in a dozen languages, each with where it is from."""
    for path in sorted(DATA.glob("es_mir_headqa/headqa_*/*.json")):
        for one in json.loads(path.read_text(encoding="utf-8"))["data"]:
            yield f"{path.parent.name}/{path.name}:{one['qid']}", one["qtext"]
            for answer in one["answers"]:
                yield f"{path.parent.name}/{path.name}:{one['qid']}:{answer['aid']}", answer["atext"]
    for path in sorted(DATA.glob("ja_igakuqa/*/*.jsonl")):
        if not path.stem.endswith(("_metadata", "_translate")):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
                one = json.loads(line)
                yield f"{path.name}:{number}", "\n".join([one["problem_text"], *one["choices"]])
    for path in sorted(DATA.glob("exams_multilingual/*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            question = json.loads(line)["question"]
            yield f"{path.name}:{number}", question["stem"]
            for choice in question["choices"]:
                yield f"{path.name}:{number}:{choice['label']}", choice["text"]
    for path in sorted(DATA.glob("br_revalida_json/*.json")):
        yield from _strings(path.name, json.loads(path.read_text(encoding="utf-8")))
    for path in sorted(DATA.glob("fr_frenchmedmcqa/*.json")):
        yield from _strings(path.name, json.loads(path.read_text(encoding="utf-8")))
    for path in sorted(DATA.glob("mmlu_medical/*/*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for number, row in enumerate(csv.reader(stream)):
                yield f"{path.name}:{number}", "\n".join(row)


def _strings(place: str, node: Any) -> Iterator[Text]:
    if isinstance(node, str):
        yield place, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _strings(f"{place}/{key}", value)
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _strings(f"{place}/{number}", value)


def exams(*, show: bool) -> list[str]:
    """Count what is masked in exam questions, where nothing should be."""
    texts = [(place, text) for place, text in exam_texts() if text.strip()]
    hits = found_in([text for _, text in texts])
    kinds = Counter(hit.kind for some in hits for hit in some)
    for (place, text), some in zip(texts, hits, strict=True):
        for hit in some if show else ():
            low, high = max(0, hit.start - 30), hit.end + 20
            print(f"{place} {hit.kind} {hit.rule} {text[hit.start : hit.end]!r} in {text[low:high]!r}")
    touched = sum(bool(some) for some in hits)
    listed = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()) or "none"
    return [
        f"| personal data: exam questions, where nothing should be masked | {touched} of {len(texts):,} texts touched "
        f"({100 * touched / len(texts):.4f} %): {listed} | {len(texts):,} stems and options |"
    ]


def real_texts() -> list[Text]:
    """Return the 300 texts that were labelled by hand, all different: questions of patients, pages, and exams."""
    patients: list[Text] = []
    tree = ElementTree.parse(DATA / "mediqa2019/QA_LiveQAMed.xml")
    for number, node in enumerate(tree.iter("QuestionText")):
        patients.append((f"mediqa2019/QA_LiveQAMed.xml#{number}", "".join(node.itertext()).strip()))
    tree = ElementTree.parse(DATA / "mediqa2019/RQE_validation.xml")
    for number, node in enumerate(tree.iter("chq")):
        patients.append((f"mediqa2019/RQE_validation.xml#{number}", "".join(node.itertext()).strip()))
    with (DATA / "mqp/mqp.csv").open(encoding="utf-8", newline="") as stream:
        pairs = [(f"mqp/mqp.csv#{number}", row[1]) for number, row in enumerate(csv.reader(stream))]
    pages: list[Text] = []
    for path in sorted(DATA.glob("medquad/*/*.xml")):
        for number, node in enumerate(ElementTree.parse(path).iter("Answer")):
            pages.append((f"medquad/{path.parent.name}/{path.name}#{number}", (node.text or "").strip()))
    stems = [(place, text) for place, text in exam_texts() if len(text) > 150]
    chance = random.Random(SAMPLE_SEED)
    chosen: list[Text] = []
    for some, count in ((patients, 150), (pairs, 30), (pages, 60), (stems, 60)):
        distinct = {text: place for place, text in reversed(some) if text}
        chosen += [(place, text) for text, place in chance.sample(sorted(distinct.items()), min(count, len(distinct)))]
    return chosen


def real(*, show: bool) -> list[str]:
    """Compare with the labels by hand; with `show`, print every hit and no more."""
    texts = real_texts()
    hits = found_in([text for _, text in texts])
    if show:
        for (place, text), some in zip(texts, hits, strict=True):
            for hit in some:
                low, high = max(0, hit.start - 40), hit.end + 30
                print(
                    f"{place} {hit.start} {hit.end} {hit.kind} {hit.rule} {text[hit.start : hit.end]!r} in {text[low:high]!r}"
                )
    labels: dict[str, list[dict[str, Any]]] = {}
    for line in LABELS.read_text(encoding="utf-8").splitlines() if LABELS.is_file() else ():
        label = json.loads(line)
        labels.setdefault(label["place"], []).append(label)
    count: Counter[str] = Counter()
    for (place, text), some in zip(texts, hits, strict=True):
        mine = labels.get(place, [])
        for label in mine:
            count["labels"] += 1
            count["masked"] += covered(text, label["start"], label["end"], some)
            count[f"label {label['kind']}"] += 1
        for hit in some:
            true = any(label["start"] < hit.end and hit.start < label["end"] for label in mine)
            count["right" if true else "false"] += 1
    kinds = ", ".join(f"{key[6:]} {count[key]}" for key in sorted(count) if key.startswith("label "))
    return [
        f"| personal data: real texts, by hand | {count['masked']} of {count['labels']} values masked whole ({kinds}); "
        f"{count['right']} hits right, {count['false']} false | {len(texts)} texts: patients' questions, pages, exams |"
    ]


def speed() -> list[str]:
    """Measure rows per second by processor time: of the quick look, and of masking a forum-like mixture."""
    base = [text for _, text in exam_texts() if len(text) > 40]
    with (DATA / "mqp/mqp.csv").open(encoding="utf-8", newline="") as stream:
        base += [cell for row in csv.reader(stream) for cell in row[1:3]]
    letters_ = [letter.text for letter in letters(3000, 8)]
    chance = random.Random(1)
    rows = [chance.choice(letters_) if chance.random() < 0.1 else chance.choice(base) for _ in range(100_000)]
    texts = pl.Series(rows)
    threads = pl.Series([f"t{number // 3}" for number in range(len(rows))])
    mask(texts.head(2000), threads.head(2000))
    begin = time.process_time()
    opened = gates(texts)
    middle = time.process_time()
    done = mask(texts, threads)
    end = time.process_time()
    size = sum(len(text.encode()) for text in rows) / 1e6
    part = share(int((opened > 0).sum()), len(rows))
    return [
        f"| personal data: speed of masking, one tenth of the texts letters full of it | "
        f"{len(rows) / (end - middle):,.0f} rows/s of processor time; quick look alone {len(rows) / (middle - begin):,.0f} "
        f"rows/s ({size / (middle - begin):.0f} MB/s), {part} of the texts looked at closely; {done.hits.height:,} "
        f"placeholders | {len(rows):,} texts, {size:.0f} MB |"
    ]


def main() -> None:
    """Measure, print and, when asked, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("generated", "exams", "real", "speed", "show", "write"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--seed", type=int, default=20_000)
    parser.add_argument("--count", type=int, default=6000)
    parser.add_argument("--misses", type=int, default=0)
    options = parser.parse_args()
    every = not (options.generated or options.exams or options.real or options.speed)
    lines: list[str] = []
    if options.generated or every:
        lines += generated(options.count, options.seed, options.misses)
    if options.exams or every:
        lines += exams(show=options.show)
    if options.real or every:
        lines += real(show=options.show)
    if options.speed or every:
        lines += speed()
    commit = subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True).strip()
    lines = [f"{line} `python bench/pii.py --write` | {commit} |" for line in lines]
    print("\n".join(lines))
    if options.write:
        put(lines)


if __name__ == "__main__":
    main()

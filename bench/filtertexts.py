"""Real texts for the filter not_medical and for the two trainings: questions of patients, of exams, and of other exams.

Other matters are school and law exams, without biology, chemistry and psychology. Languages and subjects go together in
these texts (Spanish, French and Japanese are medical only), so the classifier may lean on the language; the figures of
languages that have both, English and Portuguese, are given too.
"""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from benchwright.builder.clean.filters import make_filter
from benchwright.builder.training import TrainingSettings, train_classifier
from benchwright.sources._forum.posts import ENTRY_SCHEMA

__all__ = ["classifier", "word_list"]

NEAR = {"Biology", "Chemistry", "Psychology"}
TONGUES = {
    "Polish": "pl", "Bulgarian": "bg", "Vietnamese": "vi", "Hungarian": "hu", "Turkish": "tr", "Croatian": "hr",
    "Albanian": "sq", "Serbian": "sr", "Italian": "it", "Portuguese": "pt", "North Macedonian": "mk",
}  # fmt: skip
BOTH = ("en", "pt")


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def lines(path: Path) -> Iterator[Any]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def medical(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield source, language and text of questions about health."""
    with next((folder / "mqp").glob("*.csv")).open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            yield from (("patients' questions", "en", text) for text in row[1:3])
    for path in sorted((folder / "es_mir_headqa/headqa_es").glob("*_M.json")):
        yield from (("exams", "es", one["qtext"]) for one in load(path)["data"])
    for path in sorted((folder / "fr_frenchmedmcqa").glob("*.json")):
        yield from (("exams", "fr", one["question"]) for one in load(path))
    for path in sorted((folder / "br_revalida_json").glob("*.json")):
        yield from (("exams", "pt", one.get("stem") or one.get("question") or "") for one in load(path)["questions"])
    for path in sorted((folder / "ja_igakuqa").glob("*/*.jsonl")):
        if "_" not in path.stem:
            yield from (("exams", "ja", one["problem_text"]) for one in lines(path))


def other(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield source, language and text of questions about other matters."""
    for path in sorted((folder / "exams_multilingual").glob("*.jsonl")):
        for one in lines(path):
            if one["info"]["subject"] not in NEAR:
                yield "other exams", TONGUES[one["info"]["language"]], one["question"]["stem"]
    for path in sorted((folder / "pl_law_exam_json").glob("*.jsonl")):
        yield from (("other exams", "pl", one["question"]) for one in lines(path))
    for path in sorted((folder / "bg_dzi_english/ground_truth").glob("*.json")):
        yield from (("other exams", "en", one.get("question") or "") for one in load(path))


def table(folder: Path) -> pl.DataFrame:
    """Return all texts of 20 signs or more, each once."""
    rows = [(source, tongue, text, "medical") for source, tongue, text in medical(folder)]
    rows += [(source, tongue, text, "other") for source, tongue, text in other(folder)]
    frame = pl.DataFrame(rows, schema=["source", "language", "text", "label"], orient="row")
    return frame.filter(pl.col("text").str.len_chars() >= 20).unique("text", keep="first", maintain_order=True)


def word_list(folder: Path) -> list[tuple[str, str, str]]:
    """Return how many questions of each kind the word list drops, by source and language, on two halves.

    What it dropped of the first half was looked at while the list was written; of the second half nothing was.
    """
    from bench.filters import share

    frame = table(folder)
    blank = pl.DataFrame(schema=ENTRY_SCHEMA)
    entries = pl.concat([blank, frame.select(question="text", language="language")], how="diagonal")
    first = pl.Series([hashlib.sha256(text.encode()).digest()[0] % 2 == 0 for text in frame["text"]])
    frame = frame.with_columns(dropped=~make_filter("not_medical").keep(entries), first=first)
    found: list[tuple[str, str, str]] = []
    for half, rows in (("development", frame.filter("first")), ("held-out", frame.filter(~pl.col("first")))):
        told = [
            f"{source} {tongue} {share(int(part['dropped'].sum()), part.height)} of {part.height}"
            for (_, source, tongue), part in sorted(
                rows.group_by("label", "source", "language"), key=lambda one: [str(name) for name in one[0]]
            )
        ]
        wrong = rows.filter((pl.col("label") == "medical") & pl.col("dropped")).height
        right = rows.filter((pl.col("label") == "other") & pl.col("dropped")).height
        head = f"precision {share(right, right + wrong)}, recall {share(right, rows.filter(label='other').height)}"
        target = f"filter `not_medical`, word list alone, real questions without answers, {half}"
        found.append((target, f"{head}; dropped: {'; '.join(told)}", f"{rows.height:,}"))
        print(f"{target}: {found[-1][1]}", flush=True)
    return found


def classifier(folder: Path) -> list[tuple[str, str, str]]:
    """Return the held-out figures of a classifier of matters and of one of languages, trained on the same texts."""
    frame = table(folder)
    found: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "labelled.jsonl"
        frame.write_ndjson(file)
        settings = TrainingSettings(text="text", label="label", language="language")
        card = train_classifier([file], Path(place) / "filter.bin", settings).card
        held = card["held_out"]
        parts = [f"{label} {figures(one)}" for label, one in held["labels"].items()]
        parts += [
            f"{tongue} alone: {label} {figures(held['languages'][tongue]['labels'][label])}"
            for tongue in BOTH
            for label in ("medical", "other")
            if label in held["languages"][tongue]["labels"]
        ]
        told = f"held out: accuracy {held['accuracy']:.3f}; " + "; ".join(parts)
        found.append(("`train-filter` medical or other, real questions", told, f"{held['n']:,}"))
        print(f"{found[-1][0]}: {told}", flush=True)
        lid = TrainingSettings(task="lid", text="text", label="language", words=1, longest=5, size=16)
        card = train_classifier([file], Path(place) / "lid.bin", lid).card
        held = card["held_out"]
        parts = [f"{label} {one['f1']:.3f}" for label, one in held["labels"].items() if one["f1"] is not None]
        told = f"held out: accuracy {held['accuracy']:.3f} {held['accuracy_interval']}, F1 " + ", ".join(parts)
        found.append(("`train-lid`, real questions", told, f"{held['n']:,}"))
        print(f"{found[-1][0]}: {told}", flush=True)
    return found


def figures(one: dict[str, Any]) -> str:
    """Return precision, recall and F1 in a few words."""
    words = (f"{name} {one[name]:.3f}" for name in ("precision", "recall", "f1") if one[name] is not None)
    return f"{', '.join(words)} (n {one['n']})"

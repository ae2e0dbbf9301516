"""Turns the transcriptions that lie beside real papers into the gold format of `evaluate-extraction`.

One JSON object a line: file, part, number, language, stem, options (label, text), answers, status, figures.
The transcriptions are other people's and were not checked by hand: their SOURCE.md says how far to trust them.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def row(file: str, part: str, number: str, language: str, stem: str, options: Iterable[tuple[str, str]]) -> Row:
    """Return a gold row without a key."""
    printed = [{"label": label, "text": text} for label, text in options]
    head: Row = {"file": file, "part": part, "number": number, "language": language, "stem": stem, "options": printed}
    return head | {"answers": [], "status": "unknown", "figures": 0}


def key(answers: list[list[str]], status: str = "official") -> Row:
    """Return the fields of a key."""
    return {"answers": answers, "status": status}


def tw_keys(data: Path) -> dict[tuple[str, str], Row]:
    """Return keys and figure counts of sitting 108-1 by part and number, appeals applied."""
    parts = {"醫學(三)": "11", "醫學(四)": "22", "醫學(五)": "33", "醫學(六)": "44"}
    keys: dict[tuple[str, str], Row] = {}
    path = data / "tw_moex_physician/ground_truth/fred_108-1.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for line in csv.DictReader(lines):
            printed = line["正確答案"]
            found = (
                key([], "annulled")
                if printed.startswith("送分")
                else key([[letter] for letter in printed], "official" if line["答案來源"] == "原始" else "revised")
            )
            figures = len(re.findall(r"'[^']+'", line["圖片"]))
            keys[parts[line["考科"]], line["題號"]] = found | {"figures": figures}
    return keys


def tw_transcription_a(data: Path) -> Iterator[Row]:
    """Yield the CSV transcription of sitting 108-1."""
    parts = {"醫學(三)": "11", "醫學(四)": "22", "醫學(五)": "33", "醫學(六)": "44"}
    keys = tw_keys(data)
    path = data / "tw_moex_physician/ground_truth/fred_108-1.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for line in csv.DictReader(lines):
            part, number = parts[line["考科"]], line["題號"]
            options = [(letter, line[f"選項{letter}"]) for letter in "ABCD"]
            yield row(f"108030_{part}.pdf", part, number, "zh-Hant", line["題目"], options) | keys[part, number]


def tw_transcription_b(data: Path) -> Iterator[Row]:
    """Yield the JSON transcription of sitting 108-1, with the keys of the other one: this one lacks the appeals."""
    keys = tw_keys(data)
    parts = {"3": "11", "4": "22", "5": "33", "6": "44"}
    path = data / "tw_moex_physician/ground_truth/utoa_108-1.json"
    for record in json.loads(path.read_text(encoding="utf-8")):
        part, number = parts[record["id"].split("-")[3]], str(record["question_no"])
        options = [(choice[1], choice[3:]) for choice in record["choices"]]
        text = record["question_text"]
        yield row(f"108030_{part}.pdf", part, number, "zh-Hant", text, options) | keys[part, number]


def ar_examen_unico(data: Path, year: str) -> Iterator[Row]:
    """Yield one year of the residency exam."""
    path = data / f"ar_examen_unico/ground_truth/examen_unico_{year}.json"
    for record in json.loads(path.read_text(encoding="utf-8")):
        options = sorted(record["options"].items())
        gold = row(f"examen_unico_{year}.pdf", "1", str(record["index"]), "es", record["question"], options)
        answer = record["answer"].strip()
        gold |= key([[answer]]) if re.fullmatch("[a-d]", answer) else {}
        yield gold | {"figures": int(bool(record["image"]))}


def es_mir(data: Path, year: str) -> Iterator[Row]:
    """Yield one year of the specialist exam; its key is not in the booklet, its figures are in another booklet."""
    path = data / f"es_mir_headqa/headqa_es/Cuaderno_{year}_1_M.json"
    for record in json.loads(path.read_text(encoding="utf-8"))["data"]:
        options = [(str(option["aid"]), option["atext"]) for option in record["answers"]]
        yield row(f"MIR_{year}.pdf", "1", record["qid"], "es", record["qtext"], options)


def write(rows: Iterable[Row], path: Path) -> int:
    """Write gold rows, one JSON object a line, and return how many."""
    lines = [json.dumps(gold, ensure_ascii=False) for gold in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)

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


def tw_sitting(data: Path, sitting: str, code: str) -> tuple[list[Row], list[Row]]:
    """Return the two transcriptions of a sitting without keys; the second is empty where there is none."""
    parts = {"醫學(三)": "11", "醫學(四)": "22", "醫學(五)": "33", "醫學(六)": "44"}
    folder = data / "tw_moex_physician/ground_truth"
    first: list[Row] = []
    with (folder / f"fred_{sitting}.csv").open(encoding="utf-8-sig", newline="") as lines:
        for line in csv.DictReader(lines):
            part = parts[line["考科"]]
            options = [(letter, line[f"選項{letter}"]) for letter in "ABCD"]
            gold = row(f"{code}_{part}.pdf", part, line["題號"], "zh-Hant", line["題目"], options)
            first.append(gold | {"figures": len(re.findall(r"'[^']+'", line["圖片"]))})
    path = folder / f"utoa_{sitting}.json"
    figures = {(gold["file"], gold["number"]): gold["figures"] for gold in first}
    second: list[Row] = []
    for record in json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []:
        part = {"3": "11", "4": "22", "5": "33", "6": "44"}[record["id"].split("-")[3]]
        number = str(record["question_no"])
        options = [(choice[1], choice[3:]) for choice in record["choices"]]
        gold = row(f"{code}_{part}.pdf", part, number, "zh-Hant", record["question_text"], options)
        second.append(gold | {"figures": figures[gold["file"], number]})
    return first, second


def pe(path: Path) -> Iterator[Row]:
    """Yield one booklet: rows in printed order, four or five options, the right letter."""
    with path.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as lines:
        for number, line in enumerate(csv.DictReader(lines), 1):
            options = [(letter, line[f"option_{letter}"]) for letter in "ABCDE" if f"option_{letter}" in line]
            gold = row(path.name, "1", str(number), "es", line["questions"], options)
            yield gold | key([[line["correct_answer"].strip()]])


def il(path: Path) -> Iterator[Row]:
    """Yield one sitting; its numbers are not those of the booklet, its options may begin with their letter."""
    truth = path.parent / "ground_truth" / f"{path.name[:8]}.json"
    for record in json.loads(truth.read_text(encoding="utf-8")):
        texts = [re.sub(r"^[אבגד]\s*[.)]\s*", "", text) for text in record["options"]]
        yield row(path.name, "1", record["number"], "he", record["question"], zip("אבגד", texts, strict=False))


def bg(path: Path, text: str) -> Iterator[Row]:
    """Yield one sitting; stems that the transcription made up for gaps are empty, topics without number are left out.

    Args:
        path: the booklet.
        text: its plain text.
    """
    truth = path.parent / "ground_truth" / f"{path.stem[3:]}.json"
    for record in json.loads(truth.read_text(encoding="utf-8")):
        number, stem = str(record["number"]), record["question"]
        if record["section"] == "writing" and not re.search(rf"(?m)^\s*{number}\s*[.)]", text):
            continue
        options = record.get("options") or {}
        gold = row(path.name, "1", number, "en", "" if stem.endswith(f"въпрос {number}.") else stem, options.items())
        answer = record.get("correct_option")
        yield gold | (key([[answer]]) if answer else {})


def vn(path: Path) -> Iterator[Row]:
    """Yield one paper; stem and options stand in one text."""
    truth = path.parent / "ground_truth" / f"{path.stem}.json"
    for place, record in enumerate(json.loads(truth.read_text(encoding="utf-8")), 1):
        stem, options = vn_cut(record["Question"].strip())
        head = re.search(r"(?:^Câu|^Question|\nQuestion)\s*(\d+)\s*[.:)]?\s*", stem)
        text = f"{stem[: head.start()]}\n{stem[head.end() :]}" if head else stem
        gold = row(path.name, "1", head[1] if head else str(place), "vi", text, options)
        yield gold | key([[record["Choice"].strip()]]) | {"figures": int(bool(record["Image_Question"]))}


def vn_cut(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Part stem and options at letters that begin a line or stand after a tab, or, where there are none, anywhere."""
    for mark in (r"(?:^|[\n\t\xa0])\s*([A-D])\s*[.:)]", r"(?:^|\s)([A-D])\s*[.:]"):
        marks: list[re.Match[str]] = []
        for found in re.finditer(mark, text):
            if len(marks) < 4 and found[1] == "ABCD"[len(marks)]:
                marks.append(found)
        if len(marks) == 4:
            ends = [*(found.start() for found in marks[1:]), len(text)]
            return text[: marks[0].start()], [(m[1], text[m.end() : e]) for m, e in zip(marks, ends, strict=True)]
    return text, []


def write(rows: Iterable[Row], path: Path) -> int:
    """Write gold rows, one JSON object a line, and return how many."""
    lines = [json.dumps(gold, ensure_ascii=False) for gold in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)

"""Official keys read by a few lines each from plain text, apart from everything under `benchwright.sources`.

A key is {number: {answers, status}}; answers are complete correct responses of letters by position (A is the first
option). A number that these lines cannot read is left out and not compared.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

Keys = dict[str, dict[str, Any]]
HEBREW = str.maketrans("אבגד", "ABCD")


def pages(path: Path) -> list[str]:
    """Return the plain text of the pages of a PDF file."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    return [page.get_textpage().get_text_range().replace("\r", "") for page in document]


def entry(answers: list[list[str]], status: str = "official") -> dict[str, Any]:
    """Return one key."""
    return {"answers": answers, "status": status}


def tw(folder: Path, prefix: str, part: str) -> Keys:
    """Read the rows of the answer table, and the note of the corrected one where there is one."""
    keys: Keys = {}
    for kind in ("ANS", "MOD"):
        path = folder / f"{prefix}_{kind}{part}.pdf"
        if path.is_file():
            text = unicodedata.normalize("NFKC", "\n".join(pages(path)))
            cells = [cell for row in re.findall(r"^答案((?: [A-E#])+)\s*$", text, re.MULTILINE) for cell in row.split()]
            fresh = {str(k): entry([[cell]]) for k, cell in enumerate(cells, 1) if cell != "#"}
            keys |= {number: key for number, key in fresh.items() if number not in keys}
            keys |= tw_notes(text)
    return keys


def tw_notes(text: str) -> Keys:
    """Read what a corrected table says of single questions."""
    keys: Keys = {}
    for number, said in re.findall(r"第(\d+)題(.*?)給分", re.sub(r"\s", "", text)):
        if "一律" in said:
            keys[number] = entry([], "annulled")
        elif found := re.findall("[A-E]+", said):
            keys[number] = entry([list(letters) for letters in found], "revised")
    return keys


def il(path: Path) -> Keys:
    """Read the rows of the ruled table: a number, letters (each accepted), and at times that all are accepted.

    The text of a page leaves out letters that stand apart from the first one, the cells of the table do not.
    """
    import pdfplumber

    keys: Keys = {}
    with pdfplumber.open(path) as document:
        rows = [row for page in document.pages for table in page.extract_tables() for row in table]
    for row in rows:
        cells = [(cell or "").strip() for cell in row]
        numbers = [cell for cell in cells if re.fullmatch(r"\d{1,3}", cell)]
        letters = [cell for cell in cells if re.fullmatch(r"[אבגד](?: ?[אבגד])*", cell)]
        if len(numbers) == len(letters) == 1:
            accepted = sorted(letters[0].replace(" ", "").translate(HEBREW))
            everybody = any("מתקבלות"[::-1] in cell or "מתקבלות" in cell for cell in cells)
            keys[numbers[0]] = entry([], "annulled") if everybody else entry([[one] for one in accepted])
    return keys


def br(path: Path, unit: str) -> Keys:
    """Read the table of the booklet's job and type."""
    text = "\n".join(pages(path))
    if unit == "ghc_2026":
        table = re.search(r"^28 - M.*?\n(.*?)^\d+ - \w{3}", text, re.MULTILINE | re.DOTALL)
        cells = re.findall(r"(\d\d) - ([A-E*])", table[1]) if table else []
        return {str(int(n)): entry([[a]]) if a != "*" else entry([], "annulled") for n, a in cells}
    direct = text[re.search(r"Acesso Direto - ", text).end() :]  # type: ignore[union-attr]
    direct = direct[direct.index("Prova Tipo “A”") : direct.index("Prova Tipo “B”")]
    rows = re.findall(r"^((?:\d+ )+\d+) *\n([A-EX#](?: [A-EX#])+)", direct, re.MULTILINE)
    cells = [pair for numbers, row in rows for pair in zip(numbers.split(), row.split(), strict=False)]
    return {n: entry([[a]]) if a in "ABCDE" else entry([], "annulled") for n, a in cells if a != "X"}


def jp(folder: Path, stem: str) -> Keys:
    """Read the typed answers of one subject."""
    number, subject = stem.split("_")
    answers = json.loads((folder / f"{number}_answer.json").read_text(encoding="utf-8"))[subject]
    return {n: entry([["ABCDE"[int(a) - 1]]]) for n, a in answers.items()}


def kr(path: Path, booklet: str) -> Keys:
    """Read the rows of one booklet; questions that ask for a number have it under `value`."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["booklet"] == booklet]
    options = {r["question"]: entry([["ABCDE"[int(r["answer"]) - 1]]]) for r in rows if r["kind"] == "option"}
    return options | {r["question"]: entry([]) | {"value": r["answer"]} for r in rows if r["kind"] == "number"}

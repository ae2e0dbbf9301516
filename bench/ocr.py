"""Item recall and stem character error on rasterised booklets at 200 dpi, beside what Tesseract alone gives.

Usage: python bench/ocr.py [BOOKLETS] [FIRST SEED]

Booklets are drawn at random over layouts and languages. For Tesseract alone, the best stretch of its plain text for
each stem counts: it is told where the stem is, and nothing of options or numbers.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import pypdfium2
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from benchwright.schemas.errors import UserError
from benchwright.schemas.item import Item
from benchwright.schemas.papers import PaperJob
from benchwright.sources import parse_paper
from benchwright.sources._ocr import engine_languages
from tests.typesetter.layout import draw
from tests.typesetter.press import print_exam
from tests.typesetter.raster import Scan, rasterise
from tests.typesetter.text import random_exam

LANGUAGES = ("en", "es", "fr", "pl")


class Kept:
    """A media sink that keeps nothing."""

    def put(self, data: bytes, media_type: str) -> tuple[str, str]:  # noqa: ARG002
        digest = hashlib.sha256(data).hexdigest()
        return digest, f"{digest}.png"


def folded(text: str) -> str:
    """Letters and digits alone."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def alone(path: Path, language: str) -> str:
    """The plain text of Tesseract at the resolution of the scan."""
    document = pypdfium2.PdfDocument(path)
    texts = []
    for page in document:
        picture = path.with_suffix(".png")
        page.render(scale=200 / 72, grayscale=True).to_pil().save(picture)
        command = ["tesseract", str(picture), "-", "-l", engine_languages([language])[0], "--dpi", "200"]
        texts.append(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    document.close()
    return folded("\n".join(texts))


def distance_in(stem: str, text: str) -> int:
    """The fewest wrong characters of a stem in the stretch of a text that fits best."""
    found = fuzz.partial_ratio_alignment(stem, text)
    if found is None:
        return len(stem)
    return min(Levenshtein.distance(stem, text[found.dest_start : found.dest_end]), len(stem))


def one(seed: int, folder: Path) -> dict[str, Any]:
    """Print, scan and read one booklet."""
    language = LANGUAGES[seed % len(LANGUAGES)]
    printed = print_exam(random_exam(seed, language, 10), draw(seed, language), folder, with_keys=False)
    path = rasterise(printed.booklet, folder / "scan.pdf", Scan(dpi=200, seed=seed, wrong_layer=seed % 3 == 0))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    job = PaperJob(file=path.name, sha256=digest, exam="x", edition="1", part="1", language=language)
    try:
        read = {i.exam.number: i for i in parse_paper(path, job, Kept()) if isinstance(i, Item)}
    except UserError as error:
        print(f"seed {seed}: {error.problems[0].code}", file=sys.stderr)
        read = {}
    plain = alone(path, language)
    result = dict.fromkeys(("items", "found", "letters", "wrong", "options", "all_letters", "plain_wrong"), 0)
    for item in printed.truth["items"]:
        stem = folded(item["stem"])
        result["items"] += 1
        result["all_letters"] += len(stem)
        result["plain_wrong"] += distance_in(stem, plain)
        got = read.get(str(item["number"]))
        if got is None:
            continue
        result["found"] += 1
        result["letters"] += len(stem)
        result["wrong"] += min(Levenshtein.distance(stem, folded(got.stem)), len(stem))
        result["options"] += [folded(o["text"]) for o in item["options"]] == [folded(o.text) for o in got.options]
    return result


def main() -> None:
    """Print one line per booklet and the sums."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    total: dict[str, int] = {}
    for seed in range(first, first + count):
        with tempfile.TemporaryDirectory() as folder:
            row = one(seed, Path(folder))
        print(seed, row, flush=True)
        for name, value in row.items():
            total[name] = total.get(name, 0) + value
    print(
        f"items {total['items']}; recall {total['found'] / total['items']:.4f}; "
        f"stem character error {total['wrong'] / max(total['letters'], 1):.4f}; "
        f"option sets exact {total['options'] / max(total['found'], 1):.4f}; "
        f"Tesseract alone, stem character error {total['plain_wrong'] / total['all_letters']:.4f}"
    )


if __name__ == "__main__":
    main()

"""Item recall, stem character error and keys on rasterised booklets at 200 dpi, beside what Tesseract alone gives.

Usage: python bench/ocr.py [BOOKLETS] [FIRST SEED] [--write]

Booklets are drawn at random over layouts and languages. For Tesseract alone, the best stretch of its plain text for
each stem counts: it is told where the stem is, and nothing of options or numbers. Keys count where they are text: a
file of their own as it is, or a list or letters in the booklet, which are scanned with it; not bold or coloured type.
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

from bench.extraction import put
from benchwright.schemas.errors import UserError
from benchwright.schemas.item import Item
from benchwright.schemas.papers import PaperJob
from benchwright.sources import join_keys, parse_paper, read_key
from benchwright.sources._ocr import engine_languages
from tests.typesetter.layout import INLINE_KEYS, draw
from tests.typesetter.press import print_exam
from tests.typesetter.raster import Scan, rasterise
from tests.typesetter.text import random_exam

LANGUAGES = ("en", "es", "fr", "pl")
SAME = 50.0
"""Least likeness, 0 to 100, of the text of an option as read with the printed one."""
COUNTS = (
    "items", "found", "letters", "wrong", "options", "all_letters", "plain_wrong",
    "keys", "key_right", "key_wrong", "key_absent", "printed_keys", "printed_right", "printed_wrong", "printed_absent",
)  # fmt: skip


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
    layout = draw(seed, language)
    printed = print_exam(random_exam(seed, language, 10), layout, folder)
    path = rasterise(printed.booklet, folder / "scan.pdf", Scan(dpi=200, seed=seed, wrong_layer=seed % 3 == 0))
    job = PaperJob(file=path.name, sha256=sha(path), exam="x", edition="1", part="1", language=language)
    try:
        items = [i for i in parse_paper(path, job, Kept()) if isinstance(i, Item)]
        if printed.keys:
            key = printed.keys[0]
            about = job.model_copy(update={"file": key.name, "sha256": sha(key), "role": "key"})
            items = join_keys(items, [read_key(key, about)])[0]
    except UserError as error:
        print(f"seed {seed}: {error.problems[0].code}", file=sys.stderr)
        items = []
    read = {i.exam.number: i for i in items}
    plain = alone(path, language)
    result = dict.fromkeys(COUNTS, 0)
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
        if layout.key_format not in INLINE_KEYS:
            count_key(result, item, got, "key" if printed.keys else "printed")
    return result


def sha(path: Path) -> str:
    """The digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def count_key(result: dict[str, Any], item: dict[str, Any], got: Item, kind: str) -> None:
    """Count a key as right, as wrong, as naming an option that was not read, or as none of these where it is unknown.

    A key is wrong, too, where the option that it names has the text of another one.
    """
    labels = [option["label"] for option in item["options"]]
    wanted = [[labels.index(label) for label in response] for response in item["key"] or ()]
    ids = [option.id for option in got.options]
    told = [[ids.index(one) for one in response if one in ids] for response in got.key.answers]
    absent = any(one not in ids for response in got.key.answers for one in response)
    same = all(
        fuzz.ratio(folded(item["options"][k]["text"]), folded(got.options[k].text)) > SAME
        for response in told
        for k in response
        if k < len(item["options"])
    )
    result["keys" if kind == "key" else "printed_keys"] += 1
    result[f"{kind}_right"] += told == wanted and same
    result[f"{kind}_absent"] += absent
    result[f"{kind}_wrong"] += bool(told) and not absent and not (told == wanted and same)


def main() -> None:
    """Print one line per booklet and the sums; write the sums into RESULTS.md when asked."""
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    count, first = (*numbers, *(12, 100)[len(numbers) :])
    total: dict[str, int] = dict.fromkeys(COUNTS, 0)
    for seed in range(first, first + count):
        with tempfile.TemporaryDirectory() as folder:
            row = one(seed, Path(folder))
        print(seed, row, flush=True)
        for name, value in row.items():
            total[name] += value
    told = (
        f"items {total['found'] / total['items']:.1%}, "
        f"stem character error {total['wrong'] / max(total['letters'], 1):.2%} "
        f"(Tesseract alone, told where each stem is: {total['plain_wrong'] / total['all_letters']:.2%} and no items), "
        f"option sets exact {total['options'] / max(total['found'], 1):.1%}, "
        f"keys in text files {total['key_right']} of {total['keys']} (wrong {total['key_wrong']}, "
        f"naming an option not read {total['key_absent']}), "
        f"keys printed in the scanned booklet {total['printed_right']} of {total['printed_keys']} "
        f"(wrong {total['printed_wrong']}, naming an option not read {total['printed_absent']})"
    )
    print(told)
    if "--write" in sys.argv:
        state = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
        n = f"{total['items']} questions, {count} booklets from seed {first}"
        call = f"`python bench/ocr.py {count} {first} --write`"
        put([f"| scans: rasterised typesetter booklets, 200 dpi | {told} | {n} | {call} | {state.stdout.strip()} |"])


if __name__ == "__main__":
    main()

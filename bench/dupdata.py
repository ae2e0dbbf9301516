"""Items with planted copies: fragments of real items put together anew, so that words are natural and texts are not.

Usage: python bench/dupdata.py OUT [--items 197243] [--seed 3]

Writes OUT/items.parquet (a table of items), OUT/items.jsonl (id, lang, text: what the peers read) and OUT/gold.jsonl
(a, b, grade). Grades: exact after normalisation, one word, 5, 10 and 20 % of words (half of them in the stem alone,
half in stem and options), options reordered, one number changed. In Chinese and Japanese a character counts as a word.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

GRADES = ("exact_norm", "edit1", "edit5", "edit10", "edit20", "reorder", "number")
SHARES = {"edit5": 0.05, "edit10": 0.1, "edit20": 0.2}
PLANTED = 2000
FULL = 197_243
SINGLE = {"zh", "ja"}
Row = tuple[str, str, list[str]]


def folded(text: object) -> str:
    """Return a text on one line."""
    return re.sub(r"\s+", " ", str(text)).strip()


def real_items(data: Path) -> list[Row]:
    """Return language, stem and options of real items of seven languages."""
    rows = [*_spanish_english(data), *_json_items(data), *_others(data)]
    kept = [(language, stem, [text for text in options if text]) for language, stem, options in rows]
    return [row for row in kept if len(row[1]) > 15 and len(row[2]) >= 3]


def _spanish_english(data: Path) -> Iterator[Row]:
    for language in ("es", "en"):
        for path in sorted(data.glob(f"es_mir_headqa/headqa_{language}/*.json")):
            found = json.loads(path.read_text(encoding="utf-8"))["data"]
            for one in found.values() if isinstance(found, dict) else found:
                yield language, folded(one["qtext"]), [folded(answer["atext"]) for answer in one["answers"]]


def _json_items(data: Path) -> Iterator[Row]:
    for path in sorted(data.glob("ar_examen_unico/ground_truth/*.json")):
        for one in json.loads(path.read_text(encoding="utf-8")):
            yield "es", folded(one["question"]), [folded(text) for text in one["options"].values()]
    for path in sorted(data.glob("br_revalida_json/*.json")):
        for one in json.loads(path.read_text(encoding="utf-8"))["questions"]:
            stem = one.get("text") or one.get("stem") or one.get("statement") or one.get("question") or ""
            yield "pt", folded(stem), [folded(text) for text in one["options"].values()]
    for path in sorted(data.glob("fr_frenchmedmcqa/*.json")):
        for one in json.loads(path.read_text(encoding="utf-8")):
            yield "fr", folded(one["question"]), [folded(text) for text in one["answers"].values()]


def _others(data: Path) -> Iterator[Row]:
    for path in sorted(data.glob("pl_law_exam_json/*.jsonl")):
        for one in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            yield "pl", folded(one["question"]), [folded(text) for text in one["choices"].values()]
    for path in sorted(data.glob("tw_moex_physician/ground_truth/fred_*.csv")):
        with path.open(encoding="utf-8-sig") as stream:
            for one in csv.DictReader(stream):
                yield "zh", folded(one["題目"]), [folded(one["選項" + letter]) for letter in "ABCD"]
    for path in sorted(data.glob("ja_igakuqa/*/*.jsonl")):
        if not path.name.endswith(("_translate.jsonl", "_metadata.jsonl")):
            for one in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
                yield "ja", folded(one["problem_text"]), [folded(text) for text in one["choices"]]


class Recombiner:
    """New texts out of fragments of real ones: four to nine words, or eight to twenty characters, each."""

    def __init__(self, items: list[Row], seed: int) -> None:
        self.random = random.Random(seed)
        self.fragments: dict[str, list[str]] = {}
        self.options: dict[str, list[str]] = {}
        self.lengths: dict[str, list[int]] = {}
        for language, stem, options in items:
            words, count, place = words_of(language, stem), 0, 0
            low, high = (8, 20) if language in SINGLE else (4, 9)
            while place < len(words):
                step = self.random.randint(low, high)
                self.fragments.setdefault(language, []).append(joined(language, words[place : place + step]))
                place, count = place + step, count + 1
            self.lengths.setdefault(language, []).append(count)
            self.options.setdefault(language, []).extend(options)
        self.languages = sorted(self.fragments)
        self.weights = [len(self.lengths[language]) for language in self.languages]

    def item(self) -> Row:
        """Return one new item."""
        language = self.random.choices(self.languages, self.weights)[0]
        count = max(2, self.random.choice(self.lengths[language]))
        stem = joined(language, self.random.choices(self.fragments[language], k=count))
        return language, stem, self.random.sample(self.options[language], self.random.randint(4, 5))


def words_of(language: str, text: str) -> list[str]:
    """Return the words of a text, or its characters where a language writes no spaces."""
    return list(text) if language in SINGLE else text.split(" ")


def joined(language: str, words: list[str]) -> str:
    """Return words as a text."""
    return ("" if language in SINGLE else " ").join(words)


def edited(rng: random.Random, language: str, text: str, count: int, pool: list[str]) -> str:
    """Return a text in which some words are replaced by other words of the language."""
    words = words_of(language, text)
    for place in rng.sample(range(len(words)), min(count, len(words))):
        words[place] = rng.choice(pool)
    return joined(language, words)


def copy_of(rng: random.Random, row: Row, grade: str, pool: list[str], *, everywhere: bool) -> tuple[Row, Row]:
    """Return the original, which a number may be put into, and its copy of one grade."""
    language, stem, options = row[0], row[1], list(row[2])
    if grade == "exact_norm":
        cased = stem.upper() if rng.random() < 0.5 else stem.lower()
        return row, (language, cased.replace(" ", "  ", 3) + " ", [text + " " for text in options])
    if grade == "reorder":
        while options == row[2]:
            rng.shuffle(options)
        return row, (language, stem, options)
    if grade == "number":
        words, value = words_of(language, stem), rng.randint(11, 98)
        half = len(words) // 2
        pair = [joined(language, [*words[:half], str(one), *words[half:]]) for one in (value, value + 1)]
        return (language, pair[0], row[2]), (language, pair[1], options)
    if grade == "edit1":
        return row, (language, edited(rng, language, stem, 1, pool), options)
    texts = [stem, *options] if everywhere else [stem]
    changed = [
        edited(rng, language, text, count, pool)
        for text, count in zip(texts, shared_out(rng, language, texts, SHARES[grade]), strict=True)
    ]
    return row, (language, changed[0], changed[1:] or options)


def shared_out(rng: random.Random, language: str, texts: list[str], share: float) -> list[int]:
    """Return how many words of each text are changed, so that the whole has its share."""
    sizes = [len(words_of(language, text)) for text in texts]
    owners = [place for place, size in enumerate(sizes) for _ in range(size)]
    chosen = rng.sample(owners, max(1, round(share * len(owners))))
    return [chosen.count(place) for place in range(len(texts))]


def make(data: Path, count: int, seed: int = 3) -> tuple[list[Row], list[dict[str, Any]]]:
    """Return items in random order and what was planted: places of the two and the grade."""
    maker, rng = Recombiner(real_items(data), seed), random.Random(seed * 11)
    planted = max(70, round(PLANTED * count / FULL))
    pools = {
        language: [word for text in maker.fragments[language][:4000] for word in words_of(language, text)]
        for language in maker.languages
    }
    rows = [maker.item() for _ in range(count - planted)]
    long = [place for place, row in enumerate(rows) if len(row[1]) > (30 if row[0] in SINGLE else 90)]
    gold: list[dict[str, Any]] = []
    for number, place in enumerate(rng.sample(long, planted)):
        grade, everywhere = GRADES[number % len(GRADES)], bool(number // len(GRADES) % 2)
        rows[place], copy = copy_of(rng, rows[place], grade, pools[rows[place][0]], everywhere=everywhere)
        gold.append({"a": place, "b": len(rows), "grade": grade, "everywhere": everywhere})
        rows.append(copy)
    order = list(range(len(rows)))
    rng.shuffle(order)
    new = {old: place for place, old in enumerate(order)}
    return [rows[old] for old in order], [{**one, "a": new[one["a"]], "b": new[one["b"]]} for one in gold]


def table(rows: list[Row]) -> Any:
    """Return a table of items: one real record, and the columns that differ."""
    import polars as pl

    from benchwright.schemas.item import Item
    from benchwright.schemas.parts import Exam
    from benchwright.schemas.rows import table_schema, to_frame

    names = [f"made/all/test/{place:07d}" for place in range(len(rows))]
    first = Item(
        group="made/all/test/0",
        language="en",
        origin_language="en",
        stem="x",
        kind="open",
        exam=Exam(code="made", edition="all", part="test", number="0"),
    )
    blank = to_frame([first], Item)
    options = [
        [
            {"id": label, "label": label, "text": text, "prohibited": False}
            for label, text in zip("ABCDEFGH", texts, strict=False)
        ]
        for _, _, texts in rows
    ]
    own = pl.DataFrame(
        {
            "group": names,
            "language": [row[0] for row in rows],
            "stem": [row[1] for row in rows],
            "options": pl.Series(options, dtype=table_schema(Item)["options"]),
        }
    ).with_columns(
        id=pl.concat_str("group", pl.lit("@"), "language"), origin_language="language", kind=pl.lit("single")
    )
    rest = [pl.lit(blank[name]).first().alias(name) for name in blank.columns if name not in own.columns]
    return own.with_columns(rest).select(list(table_schema(Item)))


def write(folder: Path, rows: list[Row], gold: list[dict[str, Any]]) -> None:
    """Write the table, the lines for the peers and the gold list."""
    folder.mkdir(parents=True, exist_ok=True)
    table(rows).write_parquet(folder / "items.parquet", compression="zstd", compression_level=1)
    with (folder / "items.jsonl").open("w", encoding="utf-8") as stream:
        for place, (language, stem, options) in enumerate(rows):
            text = "\n".join([stem, *options])
            stream.write(json.dumps({"id": place, "lang": language, "text": text}, ensure_ascii=False) + "\n")
    with (folder / "gold.jsonl").open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(one) + "\n" for one in gold)


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--items", type=int, default=FULL)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    data = Path(os.environ.get("BENCHWRIGHT_DATA") or ROOT.parent / "shared/data")
    rows, gold = make(data, options.items, options.seed)
    write(options.out, rows, gold)
    print(f"{len(rows)} items, {len(gold)} planted")


if __name__ == "__main__":
    main()

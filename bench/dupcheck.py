"""Recomputes the kind of a pair from the two items with plain Python: shares no code with the package.

A kind is confirmed when what it claims can be read off the two texts. Numbers, polarity words and letters are found by
other means than there: `unicodedata` and words split at spaces; the words themselves are read from the data file.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
WORDS = ROOT / "benchwright/builder/dedup/data/opposites.txt"
ANYWHERE = {"zh", "ja", "ko", "th"}
VALUES = set("+<>=±×÷≤≥≠%^√−")
LEAST = 0.75


def letters(text: str) -> str:
    """Return letters, marks, digits and signs that carry a value, folded."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("ß", "ss").replace("ς", "σ")
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LMN" or sign in VALUES)


def digits(text: str) -> list[str]:
    """Return the runs of digits of a text."""
    plain = unicodedata.normalize("NFKC", text)
    return sorted(re.findall(r"\d+", "".join(str(unicodedata.digit(s, s)) for s in plain)))


def words_by_language() -> dict[str, dict[str, list[str]]]:
    """Return the words of each sense."""
    found: dict[str, dict[str, list[str]]] = {}
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            language, sense, words = line.split("\t")
            found.setdefault(language, {})[sense] = words.split()
    return found


def sense_words(text: str, language: str, lexicon: dict[str, dict[str, list[str]]]) -> Counter[str]:
    """Return how many words of each sense a text has; number words each for themselves."""
    plain = unicodedata.normalize("NFKC", text).lower()
    tokens = Counter(re.findall(r"\w+", plain))
    counts: Counter[str] = Counter()
    for sense, entries in lexicon.get(language.split("-", maxsplit=1)[0], {}).items():
        for entry in entries:
            if language.split("-", maxsplit=1)[0] in ANYWHERE:
                number = plain.count(entry)
            elif entry.endswith("*"):
                number = sum(count for token, count in tokens.items() if token.startswith(entry[:-1]))
            else:
                number = tokens[entry]
            counts[entry if sense == "number" else sense] += number
    return +counts


def common(left: str, right: str) -> int:
    """Return the length of the longest common subsequence, one bit per letter (Hyyro 2004)."""
    masks: dict[str, int] = {}
    for place, sign in enumerate(left):
        masks[sign] = masks.get(sign, 0) | 1 << place
    row = (1 << len(left)) - 1
    full = row
    for sign in right:
        met = row & masks.get(sign, 0)
        row = ((row + met) | (row - met)) & full
    return len(left) - row.bit_count()


def alike(left: str, right: str) -> float:
    """Return twice the common part over both lengths."""
    return 2 * common(left, right) / (len(left) + len(right)) if left or right else 1.0


def holds(kind: str, a: dict[str, Any], b: dict[str, Any], lexicon: dict[str, dict[str, list[str]]]) -> bool:
    """Tell whether two items are a pair of a kind."""
    stem_a, stem_b = letters(a["stem"]), letters(b["stem"])
    own, other = [letters(text) for text in a["options"]], [letters(text) for text in b["options"]]
    whole_a, whole_b = "\n".join([a["stem"], *a["options"]]), "\n".join([b["stem"], *b["options"]])
    likeness = max(
        alike("\n".join([stem_a, *own]), "\n".join([stem_b, *other])),
        alike("\n".join([stem_a, *sorted(own)]), "\n".join([stem_b, *sorted(other)])),
    )
    counts = [sense_words(text, a["language"], lexicon) for text in (whole_a, whole_b)]
    numbers = digits(whole_a) != digits(whole_b) or numbers_of(counts[0], lexicon, a) != numbers_of(
        counts[1], lexicon, a
    )
    senses = {name for name in counts[0] | counts[1] if counts[0][name] != counts[1][name]}
    rules = {
        "exact": (a["stem"], a["options"]) == (b["stem"], b["options"]),
        "normalised": stem_a == stem_b and own == other and whole_a != whole_b and not numbers,
        "options_reordered": stem_a == stem_b and own != other and sorted(own) == sorted(other) and not numbers,
        "same_stem": stem_a == stem_b and sorted(own) != sorted(other),
        "number_changed": numbers and likeness >= LEAST,
        "polarity_changed": bool(senses) and not numbers and likeness >= LEAST,
        "near": stem_a != stem_b and not numbers and not senses and likeness >= LEAST,
    }
    return rules[kind]


def numbers_of(counts: Counter[str], lexicon: dict[str, dict[str, list[str]]], item: dict[str, Any]) -> dict[str, int]:
    """Return the number words among the counts."""
    words = lexicon.get(item["language"].split("-")[0], {}).get("number", ())
    return {word: counts[word] for word in words if counts[word]}


def confirmed(items: Path, pairs: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """Return for each kind how many of the reported pairs are confirmed."""
    wanted = pl.concat([pairs["id_a"], pairs["id_b"]]).unique()
    frame = pl.read_parquet(items, columns=["id", "language", "stem", "options"]).filter(
        pl.col("id").is_in(wanted.implode())
    )
    rows = {
        row["id"]: {**row, "options": [option["text"] for option in row["options"]]}
        for row in frame.iter_rows(named=True)
    }
    lexicon, told = words_by_language(), Counter[tuple[str, bool]]()
    for one, other, kind in pairs.select("id_a", "id_b", "kind").iter_rows():
        told[kind, holds(kind, rows[one], rows[other], lexicon)] += 1
    return {kind: (told[kind, True], told[kind, True] + told[kind, False]) for kind in sorted({k for k, _ in told})}


def medical_pairs(path: Path) -> tuple[list[tuple[str, str]], list[int]]:
    """Return question pairs that doctors labelled, and the labels."""
    if not path.is_file():
        return [], []
    with path.open(encoding="utf-8") as stream:
        rows = [row for row in csv.reader(stream) if row[-1] in {"0", "1"}]
    return [(row[1], row[2]) for row in rows], [int(row[3]) for row in rows]


def average_precision(values: Sequence[float], labels: Sequence[int]) -> float:
    """Return the mean precision at each positive, in descending order of the values; ties count as the worst order."""
    order = sorted(range(len(values)), key=lambda place: (-values[place], labels[place]))
    hits, total = 0, 0.0
    for rank, place in enumerate(order, start=1):
        if labels[place]:
            hits += 1
            total += hits / rank
    return total / max(1, hits)

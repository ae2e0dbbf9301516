"""Recomputes the kind of a pair from the two items with plain Python: shares no code with the package.

A kind is confirmed when what it claims can be read off the two texts. Numbers, polarity words and letters are found by
other means than there: `unicodedata` and patterns over words; the words themselves are read from the data files.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "benchwright/audits/_data"
ANYWHERE = {"zh", "ja", "th"}
CLASSES = {"neg", "nor", "soft", "faint", "except", "only", "turned", "plain"}
STRICT = {
    *("rise", "level", "least", "above", "max", "gain", "hyper", "tachy", "poly", "intra", "left", "upper", "front"),
    *("proximal", "medial", "inner", "unilateral", "arterial", "central", "ipsi", "sex", "kin", "child"),
}
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


def files_of(folder: str, language: str) -> list[tuple[str, list[str]]]:
    """Return name and words of the lines of a data file; a heading in brackets names the lines below it."""
    path = DATA / folder / f"{language}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    found, heading = [], ""
    for line in lines:
        if line.startswith("["):
            heading = line.strip("[]")
        elif line and not line.startswith("#"):
            name, colon, words = line.partition(":")
            found.append((name, words.split()) if colon and not heading else (heading, line.split()))
    return found


@lru_cache(maxsize=64)
def number_words(language: str) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    """Return a pattern of the number words of a language and what they say."""
    known = {
        word.replace("_", " "): value
        for heading, (value, *words) in ((name, words) for name, words in files_of("numbers", language) if words)
        if heading in {"card", "scale", "weak", "decade", "teen"}
        for word in words
    }
    if language in {"zh", "ja"}:
        known |= dict(zip("二三四五六七八九十百千万萬億亿兆两兩", "二三四五六七八九十百千万萬億亿兆两兩", strict=True))
    words = "|".join(
        re.escape(one.rstrip("*")).replace(r"\ ", r"[\s\-]{1,3}") + (r"\w*" if one.endswith("*") else "")
        for one in sorted(known, key=len, reverse=True)
    )
    edge = "" if language in ANYWHERE else r"\b"
    return (re.compile(f"{edge}(?:{words})(?!\\w)" if edge else f"(?:{words})") if known else None), known


def numbers(text: str, language: str) -> list[str]:
    """Return the numbers of a text: runs of digits, and words by what they say."""
    plain = unicodedata.normalize("NFKC", text).lower()
    runs = [str(int(one)) for one in digits(text)]
    pattern, known = number_words(language)
    said: list[str] = pattern.findall(plain) if pattern else []
    return sorted([*runs, *(known.get(one, one) for one in said)])


@lru_cache(maxsize=64)
def opposed(language: str) -> tuple[re.Pattern[str] | None, list[tuple[str, str, str]]]:
    """Return a pattern of the words of a lexicon of polarity, longest first, and its entries: name, pole, word."""
    entries = []
    for name, words in files_of("polarity", language):
        pole = "a"
        for word in words:
            if word == "|":
                pole = "b"
                continue
            spread = [word.replace("#", digit) for digit in "0123456789"] if "#" in word else [word]
            for one in spread:
                form = plain_words(one.strip("*").replace("_", " "), language)
                entries.append((name, pole, ("*" if one[0] == "*" else "") + form + ("*" if one[-1] == "*" else "")))
    whole = language in ANYWHERE
    pieces = {}
    for _, _, word in entries:
        core = word.strip("*")
        before, after = ("" if whole or word[0] == "*" else r"(?<!\S)"), ("" if whole or word[-1] == "*" else r"(?!\S)")
        pieces[before + re.escape(core) + after] = len(core) + bool(before) + bool(after)
    order = sorted(pieces, key=lambda one: (-pieces[one], one))
    return (re.compile("|".join(order)) if order else None), entries


def plain_words(text: str, language: str) -> str:
    """Return the words of a text in small letters with one space between them, marks as words of their own."""
    plain = unicodedata.normalize("NFC", text).lower()
    side = {"en": r" '", "fr": "' ", "it": "' ", "ca": "' "}.get(language, " ")
    plain = re.sub("['’ʼ`´]", side, re.sub("[,.;:!?…()。、，；：！？·]", " | ", plain))
    return " ".join(re.findall(r"[\w'|]+", plain.replace("_", " ")))


def senses(text: str, language: str) -> tuple[int, int, frozenset[tuple[str, str]]]:
    """Return how many words deny, how many ask for the exception, and on which poles of which axes words stand."""
    pattern, entries = opposed(language)
    denies = asks = 0
    poles: set[tuple[str, str]] = set()
    plain = plain_words(text, language)
    for match in pattern.finditer(plain) if pattern else ():
        inside = language not in ANYWHERE and plain[match.end() : match.end() + 1] not in {"", " "}
        means, exact = [], set()
        for name, pole, word in entries:
            same = match[0] == word.strip("*") and not (inside and word[-1] != "*")
            if same or (match[0].startswith(word.rstrip("*")) and (word[-1] == "*" or language in ANYWHERE)):
                means.append((name, pole))
            if same:
                exact.add(name)
        names = {name for name, _ in means}
        if "plain" in exact:
            denies += "neg" in names and " " in match[0]
            continue
        denies += bool(names & {"neg", "nor", "soft", "except", "turned"})
        asks += "except" in exact
        poles |= {(name, pole) for name, pole in means if name not in CLASSES}
    return denies, asks, frozenset(poles)


def turned(one: Any, other: Any) -> bool:
    """Tell whether two texts are opposed: in what they deny or ask, or by the poles of their words."""
    ours, theirs = one[2], other[2]
    flip = {"a": "b", "b": "a"}
    crossed = any(
        (name, flip[pole]) in right and (name, pole) not in right
        for left, right in ((ours, theirs), (theirs, ours))
        for name, pole in left
    )
    return one[:2] != other[:2] or crossed or any(name in STRICT for name, _ in ours ^ theirs)


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


def holds(kind: str, a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Tell whether two items are a pair of a kind."""
    language = a["language"].split("-", maxsplit=1)[0]
    stem_a, stem_b = letters(a["stem"]), letters(b["stem"])
    own, other = [letters(text) for text in a["options"]], [letters(text) for text in b["options"]]
    whole_a, whole_b = "\n".join([a["stem"], *a["options"]]), "\n".join([b["stem"], *b["options"]])
    likeness = max(
        alike("\n".join([stem_a, *own]), "\n".join([stem_b, *other])),
        alike("\n".join([stem_a, *sorted(own)]), "\n".join([stem_b, *sorted(other)])),
    )
    counted = numbers(whole_a, language) != numbers(whole_b, language)
    opposite = turned(*(senses(". ".join([one["stem"], *one["options"]]), language) for one in (a, b)))
    rules = {
        "exact": (a["stem"], a["options"]) == (b["stem"], b["options"]),
        "normalised": stem_a == stem_b and own == other and whole_a != whole_b and not counted,
        "options_reordered": stem_a == stem_b and own != other and sorted(own) == sorted(other) and not counted,
        "same_stem": stem_a == stem_b and sorted(own) != sorted(other),
        "number_changed": counted and likeness >= LEAST,
        "polarity_changed": opposite and not counted and likeness >= LEAST,
        "near": stem_a != stem_b and not counted and not opposite and likeness >= LEAST,
    }
    return rules[kind]


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
    told = Counter[tuple[str, bool]]()
    for one, other, kind in pairs.select("id_a", "id_b", "kind").iter_rows():
        told[kind, holds(kind, rows[one], rows[other])] += 1
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

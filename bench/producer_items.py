"""Questions of the real data, and invented ones, by language, for booklets that other programs print."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LETTERS = "ABCDEFGH"
LONGEST_STEM, LONGEST_OPTION = 900, 220
SIGNED_MARK = re.compile(r"^\W{0,2}(?:[A-Ha-h\d]|[\u0400-\u04ff]|[\u05d0-\u05ea])[.)\]:] ")
REFUSED = re.compile(
    r"[\u0000-\u001f\u007f-\u009f\ue000-\uf8ff\u200b\u200d-\u200f\u202a-\u202e\ufffd|<>\\\u0300-\u036f]|\$\$|https?:"
)
POINTS_AT = re.compile(r"imagen|figur|image|tabela|quadro|рисун|малюн|^\d+[.)]|statement [12]", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """One question: its text, its options, and the places of the right ones from 0."""

    stem: str
    options: tuple[str, ...]
    right: frozenset[int]


Rows = Iterator[tuple[str, list[str], list[int]]]


def _headqa(data: Path) -> Rows:
    for path in sorted((data / "es_mir_headqa/headqa_es").glob("*.json")):
        for row in json.loads(path.read_text(encoding="utf-8"))["data"]:
            ids = [str(option["aid"]) for option in row["answers"]]
            if not row["image"] and row["ra"] in ids:
                yield row["qtext"], [option["atext"] for option in row["answers"]], [ids.index(row["ra"])]


def _krok(name: str) -> Callable[[Path], Rows]:
    def rows(data: Path) -> Rows:
        for path in sorted((data / "ua_krok").glob(f"krok*_{name}.json")):
            for stem, options in json.loads(path.read_text(encoding="utf-8")).items():
                right = [k for k, one in enumerate(options) if one.get("Correct")]
                yield stem, [one["Answer"] for one in options], right

    return rows


def _revalida(data: Path) -> Rows:
    for path in sorted((data / "br_revalida_json").glob("*.json")):
        for row in json.loads(path.read_text(encoding="utf-8"))["questions"]:
            if not (row["annulled"] or row["hasImage"] or row["hasTable"]):
                yield row["stem"], list(row["options"].values()), [list(row["options"]).index(row["correct"])]


def _french(data: Path) -> Rows:
    for row in json.loads((data / "fr_frenchmedmcqa/dev.json").read_text(encoding="utf-8")):
        names = list(row["answers"])
        yield row["question"], list(row["answers"].values()), [names.index(one) for one in row["correct_answers"]]


def _law(data: Path) -> Rows:
    for path in sorted((data / "pl_law_exam_json").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            names = list(row["choices"])
            yield row["question"], list(row["choices"].values()), [names.index(row["answer"])]


def _igaku(data: Path) -> Rows:
    for path in sorted((data / "ja_igakuqa").glob("*/*-?.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["text_only"] and row["choices"] and all(one in "abcdefgh" for one in row["answer"]):
                yield row["problem_text"], row["choices"], ["abcdefgh".index(one) for one in row["answer"]]


def _mmlu(folder: str) -> Callable[[Path], Rows]:
    def rows(data: Path) -> Rows:
        for path in sorted((data / "mmlu_medical" / folder).glob("*.csv")):
            for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))):
                if len(row) == 6 and row[5] in LETTERS[:4]:
                    yield row[0], row[1:5], [LETTERS.index(row[5])]

    return rows


def _school(name: str) -> Callable[[Path], Rows]:
    def rows(data: Path) -> Rows:
        for line in (data / f"exams_multilingual/dev_{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            choices = row["question"]["choices"]
            names = [one["label"] for one in choices]
            if row["answerKey"] in names:
                yield row["question"]["stem"], [one["text"] for one in choices], [names.index(row["answerKey"])]

    return rows


def _hebrew(data: Path) -> Rows:
    for path in sorted((data / "il_ima_internal/ground_truth").glob("*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            options = [re.sub(r"^[א-ת][.)]\s*", "", one) for one in row["options"]]
            if isinstance(row["correct"], int) and 0 <= row["correct"] < len(options):
                yield row["question"], options, [row["correct"]]


def _invented(language: str) -> Callable[[Path], Rows]:
    def rows(_: Path) -> Rows:
        phrases = tomllib.loads((ROOT / "tests/typesetter/phrases.toml").read_text(encoding="utf-8"))[language]
        pick = random.Random(f"invented {language}")
        for _turn in range(400):
            signs = pick.sample(phrases["signs"], 6)
            intro = " ".join(pick.sample(phrases["intro"], pick.randint(0, 3)))
            told = intro.replace("{age}", str(pick.randint(20, 80))).replace("{drug}", pick.choice(phrases["drugs"]))
            told = told.replace("{dose}", "5 mg").replace("{lab}", "Na 128 mmol/L").replace("{sign}", signs[5])
            between = "" if language in ("ja", "zh-Hant", "zh-Hans") else " "
            yield f"{told}{between}{pick.choice(phrases['questions'])}".strip(), signs[:4], [pick.randrange(4)]

    return rows


SOURCES: dict[str, Callable[[Path], Rows]] = {
    "es": _headqa,
    "en": _krok("en"),
    "uk": _krok("uk"),
    "ru": _krok("ru"),
    "pt": _revalida,
    "fr": _french,
    "pl": _law,
    "ja": _igaku,
    "ar": _mmlu("ar_mmlu_gpt"),
    "tr": _school("turkish"),
    "vi": _school("vietnamese"),
    "it": _school("italian"),
    "hu": _school("hungarian"),
    "bg": _school("bulgarian"),
    "he": _hebrew,
    **{name: _invented(name) for name in ("de", "el", "fa", "hi", "ko", "th", "zh-Hant")},
}
"""Languages, and where their questions are from; the last seven are invented by the typesetter."""
INVENTED = ("de", "el", "fa", "hi", "ko", "th", "zh-Hant")


def _fits(stem: str, options: list[str], right: list[int]) -> bool:
    """Return whether a question can be printed and compared: no markup, no lines of its own, options that differ."""
    texts = [stem, *options]
    folded = {
        "".join(sign for sign in unicodedata.normalize("NFKC", one).casefold() if sign.isalnum()) for one in options
    }
    return (
        3 <= len(options) <= 5
        and bool(right)
        and 12 <= len(stem) <= LONGEST_STEM
        and all(0 < len(one) <= LONGEST_OPTION for one in options)
        and len(folded) == len(options)
        and "" not in folded
        and not any(REFUSED.search(one) or SIGNED_MARK.match(one) for one in texts)
        and not POINTS_AT.search(stem)
        and all(ord(sign) < 0x10000 for one in texts for sign in one)
    )


@cache
def pool(language: str, data: Path) -> tuple[Question, ...]:
    """Return the questions of a language, each stem once."""
    seen: dict[str, Question] = {}
    for stem, options, right in SOURCES[language](data):
        texts = [re.sub(r"\s+", " ", unicodedata.normalize("NFC", str(one))).strip() for one in (stem, *options)]
        if _fits(texts[0], texts[1:], right):
            seen.setdefault(texts[0].casefold(), Question(texts[0], tuple(texts[1:]), frozenset(right)))
    return tuple(seen.values())

"""Real items whose language is known, for the checks of language: file, language, stem and options.

Each file is wholly in the development half or wholly in the held-out half, by a hash of its name, so that thresholds
are not set on what is reported.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Labelled", "labelled", "pairs"]

EXAMS = {
    "albanian": "sq", "bulgarian": "bg", "croatian": "hr", "hungarian": "hu", "italian": "it", "north_macedonian": "mk",
    "polish": "pl", "portuguese": "pt", "serbian": "sr", "turkish": "tr", "vietnamese": "vi",
}  # fmt: skip
ORIGINS = (("headqa/en", "es"), ("igaku/1", "ja"), ("ar_mmlu", "en"), ("ja_jmmlu", "en"))
DEMETR = {"polish": "pl", "czech": "cs", "russian": "ru", "german": "de", "french": "fr"}


class Labelled(NamedTuple):
    """One item; ``held`` tells the half."""

    file: str
    language: str
    stem: str
    options: tuple[str, ...]
    held: bool

    @property
    def origin(self) -> str | None:
        """The language that the item was translated from, where we know it."""
        return next((tag for start, tag in ORIGINS if self.file.startswith(start)), None)


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def lines(path: Path) -> Iterator[Any]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def table(path: Path, delimiter: str = ",") -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file, delimiter=delimiter)


def labelled(data: Path) -> list[Labelled]:
    """Return all items that have a stem, each once, in the order of the files."""
    found: dict[tuple[str, str, tuple[str, ...]], Labelled] = {}
    for reader in READERS:
        for file, language, stem, options in reader(data):
            texts = tuple(" ".join(str(one).split()) for one in options if str(one).strip())
            stem_ = " ".join(str(stem).split())
            if stem_:
                half = hashlib.sha256(file.encode()).digest()[0] % 2 == 1
                found.setdefault((language, stem_, texts), Labelled(file, language, stem_, texts, half))
    return list(found.values())


Row = tuple[str, str, str, Sequence[Any]]


def exams(data: Path) -> Iterator[Row]:
    # One file per language: the halves are made by subject, for every language must be in both.
    for path in sorted((data / "exams_multilingual").glob("*.jsonl")):
        language = EXAMS[path.stem.removeprefix("dev_")]
        for one in lines(path):
            question = one["question"]
            name = f"exams/{language}/{one['info']['subject']}"
            yield name, language, question["stem"], [choice["text"] for choice in question["choices"]]


def mlqe(data: Path) -> Iterator[Row]:
    for folder in sorted((data / "mlqe_pe").glob("*-*")):
        for language, name in zip(folder.name.split("-"), ("dev.src", "dev.pe"), strict=True):
            path = folder / name
            for line in path.read_text(encoding="utf-8").splitlines():
                yield f"mlqe/{folder.name}/{name}", language, line, ()


def mmlu(data: Path) -> Iterator[Row]:
    for folder, language in (("ar_mmlu_gpt", "ar"), ("ja_jmmlu", "ja")):
        for path in sorted((data / "mmlu_medical" / folder).glob("*.csv")):
            for row in table(path):
                yield f"{folder}/{path.name}", language, row[0], row[1:5]


def head_qa(data: Path) -> Iterator[Row]:
    for language in ("es", "en"):
        for path in sorted((data / f"es_mir_headqa/headqa_{language}").glob("*.json")):
            for one in load(path)["data"]:
                yield f"headqa/{language}/{path.name}", language, one["qtext"], [a["atext"] for a in one["answers"]]


def french(data: Path) -> Iterator[Row]:
    for number, one in enumerate(load(data / "fr_frenchmedmcqa/dev.json")):
        yield f"frenchmedmcqa/{number // 52}", "fr", one["question"], list(one["answers"].values())


def krok(data: Path) -> Iterator[Row]:
    for path in sorted((data / "ua_krok").glob("*.json")):
        for number, (stem, answers) in enumerate(load(path).items()):
            yield f"krok/{path.name}/{number // 200}", path.stem[-2:], stem, [one["Answer"] for one in answers]


def revalida(data: Path) -> Iterator[Row]:
    for path in sorted((data / "br_revalida_json").glob("*.json")):
        for one in load(path)["questions"]:
            stem = one.get("stem") or one.get("question") or ""
            yield f"revalida/{path.name}", "pt-BR", stem, list((one.get("options") or {}).values())


def igaku(data: Path) -> Iterator[Row]:
    for path in sorted((data / "ja_igakuqa").glob("*/*.jsonl")):
        if path.stem.endswith("_translate"):
            for one in lines(path):
                yield f"igaku/{path.name}", "en", one["problem_text_en"], one["choices_en"]
        elif "_" not in path.stem:
            for one in lines(path):
                yield f"igaku/{path.name}", "ja", one["problem_text"], one["choices"]


def law(data: Path) -> Iterator[Row]:
    for path in sorted((data / "pl_law_exam_json").glob("*.jsonl")):
        for one in lines(path):
            yield f"law/{path.name}", "pl", one["question"], list(one["choices"].values())


def taiwan(data: Path) -> Iterator[Row]:
    for path in sorted((data / "tw_moex_physician/ground_truth").glob("*.csv")):
        for row in list(table(path))[1:]:
            yield f"moex/{path.name}/{row[2]}", "zh-Hant", row[4], row[5:9]


def israel(data: Path) -> Iterator[Row]:
    for path in sorted((data / "il_ima_internal/ground_truth").glob("*.json")):
        for one in load(path):
            yield f"ima/{path.name}", "he", one["question"], one["options"]


def biomqm(data: Path) -> Iterator[Row]:
    for folder in sorted(path for path in (data / "biomqm").iterdir() if path.is_dir()):
        source, target = folder.name.split("2")
        for path in sorted(folder.glob("*.json")):
            if (folder.name, path.stem) == ("en2es", "TMT_run1"):
                continue  # it has lost its letters with marks, and is found as a file
            for one in load(path):
                yield f"biomqm/{folder.name}/source", source, one["source"], ()
                yield f"biomqm/{folder.name}/{path.name}", target, one["target"], ()


def demetr(data: Path) -> Iterator[Row]:
    for path in sorted((data / "demetr").glob("*.json")):
        for one in load(path):
            language = DEMETR[one["lang_tag"]]
            yield f"demetr/{language}/{one['data_source']}", language, one["src_sent"], ()
            yield f"demetr/en/{language}", "en", one["eng_sent"], ()


def vietnam(data: Path) -> Iterator[Row]:
    for path in sorted((data / "vn_hsge/ground_truth").glob("*.json")):
        if "_Eng_" in path.name:
            continue
        for one in load(path):
            first, *rest = (
                one["Question"].replace("\nB.", "\nA.").replace("\nC.", "\nA.").replace("\nD.", "\nA.").split("\nA.")
            )
            yield f"vnhsge/{path.name}", "vi", first, rest


READERS: tuple[Callable[[Path], Iterator[Row]], ...] = (
    exams, mlqe, mmlu, head_qa, french, krok, revalida, igaku, law, taiwan, israel, biomqm, demetr, vietnam,
)  # fmt: skip


def pairs(data: Path) -> Iterator[tuple[Labelled, Labelled]]:
    """Yield items with the same item in the language that it was translated from: target, then source."""
    for path in sorted((data / "es_mir_headqa/headqa_en").glob("*.json")):
        source = {one["qid"]: one for one in load(path.parent.parent / "headqa_es" / path.name)["data"]}
        for one in load(path)["data"]:
            if one["qid"] in source:
                yield _head(path.name, "en", one), _head(path.name, "es", source[one["qid"]])
    for path in sorted((data / "ja_igakuqa").glob("*/*_translate.jsonl")):
        own = {one["problem_id"]: one for one in lines(path.with_name(path.name.replace("_translate", "")))}
        for one in lines(path):
            other = own[one["problem_id"]]
            name = f"igaku/{path.name}"
            held = hashlib.sha256(name.encode()).digest()[0] % 2 == 1
            yield (
                Labelled(name, "en", one["problem_text_en"], tuple(one["choices_en"]), held),
                Labelled(name, "ja", other["problem_text"], tuple(other["choices"]), held),
            )


def _head(name: str, language: str, one: Any) -> Labelled:
    file = f"headqa/{language}/{name}"
    held = hashlib.sha256(name.encode()).digest()[0] % 2 == 1
    return Labelled(file, language, one["qtext"], tuple(answer["atext"] for answer in one["answers"]), held)

"""English sentences from the real data, for the model of holes: clean texts, and nothing of DEMETR and bio-MQM.

MedQuAD's answers, LiveQA's answers, MMLU's medical subjects, pairs of medical questions (MQP, MEDIQA), CasiMedicos, and
the post-edits of MLQE-PE into English. HEAD-QA in English is left out: a machine translation is not clean. Only whole
sentences are kept, that begin with a capital, a number or a sign and end with a full stop or the like.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

__all__ = ["sentences"]

_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"(])")
_PARAGRAPHS = re.compile(r"\n\s*\n|\s{3,}-\s|\n\s*[-•*]\s")
"""Empty lines, and the marks of lists: a line may end in the middle of a sentence."""
_WHOLE = re.compile(r"[^a-z].*[.?!:]")
_SPACED = re.compile(r"\s+([.,;:?!)])")


def sentences(data: Path) -> Iterator[str]:
    """Yield the sentences of all sets, each source in the order of its files."""
    for reader in _READERS:
        for text in reader(data):
            for paragraph in _PARAGRAPHS.split(text):
                whole = " ".join(paragraph.split())
                yield from (one for one in _ENDS.split(whole) if _WHOLE.fullmatch(one))


def _xml(path: Path, tag: str) -> Iterator[str]:
    for node in ET.parse(path).iter(tag):
        yield node.text or ""


def _medquad(data: Path) -> Iterator[str]:
    for path in sorted((data / "medquad").glob("*/*.xml")):
        yield from _xml(path, "Answer")


def _liveqa(data: Path) -> Iterator[str]:
    yield from _xml(data / "mediqa2019/QA_LiveQAMed.xml", "AnswerText")


def _mmlu(data: Path) -> Iterator[str]:
    for path in sorted((data / "mmlu_medical/en_mmlu_redux").glob("*.csv")):
        text = path.read_text(encoding="utf-8")
        mark = max(";,", key=text.split("\n", 1)[0].count)
        for row in csv.DictReader(text.splitlines(), delimiter=mark):
            yield row["question"] or ""


def _pairs(data: Path) -> Iterator[str]:
    with (data / "mqp/mqp.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            yield from row[1:3]
    for tag in ("chq", "faq"):
        yield from _xml(data / "mediqa2019/RQE_validation.xml", tag)


def _casimedicos(data: Path) -> Iterator[str]:
    """Tokens, one a line with its tag; an empty line ends a document."""
    for path in sorted((data / "casimedicos_arg/EN").glob("*.tsv")):
        for document in path.read_text(encoding="utf-8").split("\n\n"):
            words = " ".join(line.split("\t")[0] for line in document.splitlines())
            yield _SPACED.sub(r"\1", words)


def _postedits(data: Path) -> Iterator[str]:
    for path in sorted((data / "mlqe_pe").glob("*-en/dev.pe")):
        yield from (_SPACED.sub(r"\1", line) for line in path.read_text(encoding="utf-8").splitlines())


_READERS: tuple[Callable[[Path], Iterator[str]], ...] = (_medquad, _liveqa, _mmlu, _pairs, _casimedicos, _postedits)

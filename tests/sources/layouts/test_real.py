"""The published files themselves: told by `auto`, imported whole, and what is refused is known beforehand."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchwright.schemas.item import Item
from benchwright.schemas.tables import Reject
from tests.sources.layouts.kit import read

_DATA = Path(os.environ.get("BENCHWRIGHT_DATA", Path(__file__).parents[3] / ".." / "shared" / "data"))


@dataclass(frozen=True)
class Real:
    """Files of one benchmark. ``keyed`` is how many items have an answer; ``rejects`` are the expected refusals."""

    layout: str
    pattern: str
    items: int
    keyed: int
    rejects: tuple[tuple[str, int], ...] = ()


REAL = [
    Real("headqa", "es_mir_headqa/headqa_es/*.json", 4023, 4023),
    Real("headqa", "es_mir_headqa/headqa_en/*.json", 4023, 4023),
    Real("igakuqa", "ja_igakuqa/*/*-[A-F].jsonl", 1200, 1200),
    Real("igakuqa_en", "ja_igakuqa/*/*_translate.jsonl", 1200, 1200),
    Real("mmlu_csv", "mmlu_medical/ja_jmmlu/*.csv", 732, 732),
    Real("mmlu_csv", "mmlu_medical/ar_mmlu_gpt/*.csv", 1068, 1068),
    Real("mmlu_redux", "mmlu_medical/en_mmlu_redux/*.csv", 500, 500),
    Real("frenchmedmcqa", "fr_frenchmedmcqa/*.json", 312, 312),
    Real("casimedicos_tokens", "casimedicos_arg/*/*.tsv", 344, 344),
    Real("revalida", "br_revalida_json/*.json", 200, 189),
    Real("medquad", "medquad/*/*.xml", 802, 802),  # 798 in one form of the documents, 4 in the other
    Real("mediqa_rqe", "mediqa2019/RQE_validation.xml", 302, 302),
    Real("question_pairs", "mqp/mqp.csv", 1942, 1942),
    Real("exams", "exams_multilingual/*.jsonl", 2672, 2672),
    Real("biomqm", "biomqm/*2*/*.json", 2 * 5630, 0),
    Real("mlqe_da", "mlqe_pe/*/*.df.short.tsv", 2 * 4000, 0),
    Real("mlqe_critical", "mlqe_pe/catastrophic_errors/*.tsv", 2 * 2000, 0),
    Real("demetr", "demetr/*.json", 2 * 6000, 0),
]


@pytest.mark.parametrize("real", REAL, ids=[one.pattern for one in REAL])
def test_published_files_are_imported_whole(real: Real, tmp_path: Path) -> None:
    items, rejects, records = [], list[Reject](), 0
    for path in _files(real):
        layout, found, refused, seen = read(path, path.relative_to(_DATA).as_posix(), tmp_path)
        assert layout.name == real.layout
        items += found
        rejects += refused
        records += seen
    assert Counter(reject.reason for reject in rejects) == dict(real.rejects), [one.detail for one in rejects[:5]]
    assert len(items) == records == real.items
    assert sum(_answered(item) for item in items) == real.keyed
    assert all(item.stem.strip() for item in items)


def _files(real: Real) -> Iterator[Path]:
    paths = sorted(_DATA.glob(real.pattern))
    if not paths:
        pytest.skip(f"the real data are not at {_DATA}")
    yield from paths


def _answered(item: Item) -> bool:
    return bool(item.key.answers or item.key.accepted)


def test_editions_of_one_benchmark_have_the_same_groups(tmp_path: Path) -> None:
    groups = []
    for pattern in ("es_mir_headqa/headqa_es/*_2013_1_B.json", "es_mir_headqa/headqa_en/*_2013_1_B.json"):
        (path,) = list(_files(Real("headqa", pattern, 0, 0)))
        _, items, _, _ = read(path, path.relative_to(_DATA).as_posix(), tmp_path)
        groups.append({item.group for item in items})
    assert groups[0] == groups[1]


def test_what_candidates_did_is_read_beside_the_questions(tmp_path: Path) -> None:
    (path,) = list(_files(Real("igakuqa", "ja_igakuqa/2020/114-A.jsonl", 0, 0)))
    _, items, _, _ = read(path, "2020/114-A.jsonl", tmp_path)
    first = next(item for item in items if item.exam.number == "114A1")
    assert first.human is not None
    assert first.human.share_correct == pytest.approx(0.948)
    assert [share.share for share in first.human.distribution] == pytest.approx([0.034, 0.003, 0.006, 0.948, 0.009])
    sixth = next(item for item in items if item.exam.number == "114A6")
    assert [option.id for option in sixth.options if option.prohibited] == ["D"]

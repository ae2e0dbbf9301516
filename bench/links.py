"""Links of real benchmarks, counted: `python bench/links.py` (data by BENCHWRIGHT_DATA or at ../shared/data)."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from benchwright.builder.importing import import_files
from benchwright.builder.linking import LinkRun, Way, link_items
from benchwright.sources import IntakeOptions

DATA = Path(os.environ.get("BENCHWRIGHT_DATA", Path(__file__).parents[2] / "shared" / "data"))


def _items(files: Sequence[Path], layout: str = "auto", language: str | None = None) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "items.parquet"
        import_files(files, out, layout=layout, options=IntakeOptions(language=language), workers=1)
        return pl.read_parquet(out)


def _link(name: str, left: pl.DataFrame, right: pl.DataFrame, by: Way = "auto", *, gold: bool = False) -> LinkRun:
    start = time.process_time()
    run = link_items(left, right, by)
    seconds = time.process_time() - start
    right_ones = f", right {(run.links['left'] == run.links['right']).sum()}" if gold else ""
    doubts = run.doubtful.filter(pl.col("kind") != "none").height
    print(f"{name}: {left.height} and {right.height} items, links {run.kinds}{right_ones}, doubtful {doubts}, ", end="")
    print(f"{seconds:.1f} s")
    return run


def main() -> None:
    """Link what is a known truth, and count where none is."""
    folder = DATA / "es_mir_headqa"
    es, en = (_items(sorted((folder / f"headqa_{one}").glob("*.json"))) for one in ("es", "en"))
    _link("HEAD-QA es, en by id", es, en, gold=True)
    _link("HEAD-QA es, en by content", es, en, "content", gold=True)
    _link("HEAD-QA es, 70 % of en by order", es, en.sample(fraction=0.7, seed=2), "order", gold=True)
    folder = DATA / "mmlu_medical"
    ja, ar = (
        _items(sorted((folder / name).glob("*.csv")), "mmlu_csv", name[:2]) for name in ("ja_jmmlu", "ar_mmlu_gpt")
    )
    run = _link("MMLU ja, ar", ja, ar)
    print("\n".join(note for note in run.notes if "chance" in note))
    krok = {one: _items([DATA / "ua_krok" / f"krok1_medicine_{one}.json"], language=one) for one in ("uk", "ru", "en")}
    for left, right in (("uk", "ru"), ("uk", "en"), ("ru", "en")):
        _link(f"KROK {left}, {right} (alignment not known)", krok[left], krok[right])


if __name__ == "__main__":
    main()

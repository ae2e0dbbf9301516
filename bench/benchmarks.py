"""Real benchmarks as tables of items, imported once into `bench/out/benchmarks`; shared by the scripts beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from benchwright.builder.importing import import_files
from benchwright.sources import IntakeOptions

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("BENCHWRIGHT_DATA") or ROOT.parent / "shared" / "data")
OUT = ROOT / "bench/out/benchmarks"

BENCHMARKS: dict[str, tuple[str, str | None]] = {
    "HEAD-QA es": ("es_mir_headqa/headqa_es/*.json", "es"),
    "HEAD-QA en": ("es_mir_headqa/headqa_en/*.json", "en"),
    "JMMLU": ("mmlu_medical/ja_jmmlu/*.csv", "ja"),
    "MMLU-Redux": ("mmlu_medical/en_mmlu_redux/*.csv", "en"),
    "MMLU ar": ("mmlu_medical/ar_mmlu_gpt/*.csv", "ar"),
    "FrenchMedMCQA": ("fr_frenchmedmcqa/dev.json", "fr"),
    "Revalida": ("br_revalida_json/*.json", "pt-BR"),
    "CasiMedicos es": ("casimedicos_arg/ES/*.tsv", "es"),
    "CasiMedicos en": ("casimedicos_arg/EN/*.tsv", "en"),
    "EXAMS": ("exams_multilingual/*.jsonl", None),
    "IgakuQA ja": ("ja_igakuqa/*/*-[A-F].jsonl", "ja"),
    "IgakuQA en": ("ja_igakuqa/*/*_translate.jsonl", "en"),
    "KROK uk": ("ua_krok/krok1_medicine_uk.json", "uk"),
    "KROK ru": ("ua_krok/krok1_medicine_ru.json", "ru"),
    "KROK en": ("ua_krok/krok?_medicine_en.json", "en"),
    "Polish law": ("pl_law_exam_json/*.jsonl", "pl"),
}


def benchmarks(*names: str) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield name and items of each benchmark that is there, or of those named."""
    for name, (pattern, language) in BENCHMARKS.items():
        files = sorted(DATA.glob(pattern))
        if files and (not names or name in names):
            out = OUT / name.replace(" ", "_") / "items.parquet"
            if not out.is_file():
                out.parent.mkdir(parents=True, exist_ok=True)
                import_files(files, out, options=IntakeOptions(language=language), workers=1)
            yield name, pl.read_parquet(out)

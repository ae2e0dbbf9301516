"""Releases measured: speed on many items, texts put back from papers, forgeries found, scores recomputed.

    python bench/release.py [--items 20000] [--project FOLDER_OF_A_BUILT_PROJECT]

The items are drawn, in two languages; the project is that of `make demo`, and is only read. Each part can be left out:
without --project nothing is put back. Times are wall seconds of one process.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from benchwright.builder.diff import diff
from benchwright.builder.publish import publish
from benchwright.builder.release import _build, make_release, verify_release
from benchwright.builder.release.rehydrate import rehydrate
from benchwright.builder.results.run import score_predictions
from benchwright.builder.run import run_build
from benchwright.builder.status import ProjectStatus, StageStatus
from benchwright.schemas import Item, Key, Option, Prediction
from benchwright.schemas.ids import make_group
from benchwright.schemas.parts import Exam, Licence
from benchwright.schemas.rows import to_frame
from benchwright.schemas.tables import Finding, LedgerEntry, Reject

WORDS = [
    "fiebre",
    "tos",
    "dolor",
    "agudo",
    "crónico",
    "derecho",
    "izquierdo",
    "dosis",
    "mg",
    "vía",
    "oral",
    "paciente",
    "años",
    "varón",
    "mujer",
]
RECIPE = """\
recipe: 1
dataset: {name: drawn, languages: [es, en]}
licence: {id: CC-BY-4.0}
gate: {missing_numbers: null}
exams: [{id: drawn, expect: 1, files: [{match: '.*', role: ignore}]}]
"""


def drawn(count: int) -> list[Item]:
    """Return so many items, half of them in each language."""
    chance = random.Random(7)
    keys = {number: chance.choice("ABCD") for number in range(1, count // 2 + 1)}
    items = [_drawn(chance, number, language, keys[number]) for number in keys for language in ("es", "en")]
    return sorted(items, key=lambda one: one.id)


def _drawn(chance: random.Random, number: int, language: str, key: str) -> Item:
    return Item(
        group=make_group("drawn", "1", "1", str(number)),
        language=language,
        origin_language="es",
        origin="native" if language == "es" else "official_translation",
        stem=" ".join(chance.choices(WORDS, k=30)) + f" {number}?",
        options=tuple(Option(id=one, label=one, text=" ".join(chance.choices(WORDS, k=5))) for one in "ABCD"),
        key=Key(status="official", answers=((key,),)),
        exam=Exam(code="drawn", edition="1", part="1", number=str(number)),
        licence=Licence(id="CC-BY-4.0"),
    )


def project_of(folder: Path, items: list[Item]) -> Path:
    """Write a project whose build is finished."""
    build = folder / "build"
    build.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    to_frame(items, Item).write_parquet(build / "items.parquet")
    for name, record in (("findings", Finding), ("rejects", Reject)):
        to_frame([], record).write_parquet(build / f"{name}.parquet")
    line = LedgerEntry(stage="parse", rows_in=len(items), rows_out=len(items))
    to_frame([line], LedgerEntry).write_parquet(build / "ledger.parquet")
    manifest = {"kind": "build", "name": "drawn", "facts": {"overrides": []}}
    (build / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def timed(name: str, work: Callable[[], Any], n: int) -> Any:
    """Run a piece of work and print how long it took."""
    started = time.monotonic()
    result = work()
    seconds = time.monotonic() - started
    print(f"{name}: {seconds:.1f} s, {n / seconds:,.0f} items/s, n {n:,} items", flush=True)
    return result


def speed(folder: Path, count: int) -> None:
    """Time the commands on drawn items, and check what each found."""
    items = drawn(count)
    project = project_of(folder / "p", items)
    answers = folder / "answers.parquet"
    chance = random.Random(9)
    rows = [
        Prediction(group=one.group, item_id=one.id, language=one.language, model=model, setting_hash="", answer=answer)
        for model in ("first", "second", "third")
        for one in items
        for answer in [chance.choice("ABCD")]
    ]
    to_frame(rows, Prediction).write_parquet(answers)
    first = timed("release", lambda: make_release(project, "1.0.0", predictions=[answers]), count)
    report = timed("verify", lambda: verify_release(first), count)
    print(f"verify: {len(report.checks)} comparisons, {len(report.differences)} differ")
    changed = [one.replace(key=Key(status="revised", answers=(("A",),))) if n % 100 == 0 else one
               for n, one in enumerate(items)]  # fmt: skip
    project_of(project, changed)
    second = make_release(project, "next")
    told = timed("diff with the effect on scores", lambda: diff(str(first), str(second), out=folder / "diff"), count)
    moved = sum(a.key != b.key for a, b in zip(items, changed, strict=True))
    print(f"diff: re-keyed {told.difference.counts['rekeyed']} of {moved}, {len(told.effect)} rows of effect")
    scored = timed("score-predictions, 3 models", lambda: score_predictions(str(first), out=folder / "scores"), count)
    print(f"scored: {scored.scored} of {scored.answers} answers")
    timed("publish dir:", lambda: publish(first, f"dir:{folder / 'out'}"), count)


def forged(folder: Path, release: Path, times: int) -> None:
    """Change one byte at a random place of a random file, and count how often verify says so."""
    chance = random.Random(11)
    names = [path.relative_to(release) for path in sorted(release.rglob("*")) if path.is_file()]
    found = 0
    copy = Path(shutil.copytree(release, folder / "forged"))
    for _ in range(times):
        path = copy / chance.choice(names)
        whole = path.read_bytes()
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
        path.write_bytes(bytes(data))
        found += not verify_release(copy).ok
        path.write_bytes(whole)
    print(f"verify: {found} of {times} changed bytes found in {len(names)} files")


def put_back(folder: Path, built: Path) -> None:
    """Release a project with its texts withheld, and put them back from its papers."""
    project = folder / "withheld"
    shutil.copytree(built / "raw", project / "raw")
    recipe = (built / "recipe.yaml").read_text(encoding="utf-8")
    (project / "recipe.yaml").write_text(recipe.replace("CC-BY-4.0", "unknown"), encoding="utf-8")
    run_build(project)
    release = make_release(project, "1.0.0")
    result = rehydrate(release, project / "raw", folder / "whole")
    items = pl.read_parquet(project / "build/items.parquet").drop("revision")
    same = items.equals(pl.read_parquet(folder / "whole/items.parquet").drop("revision"))
    print(f"rehydrate: {result.restored} of {result.items} items restored, {len(result.differing)} differ, "
          f"equal to the build: {same}")  # fmt: skip
    numbers = (release / "numbers.tsv").read_text(encoding="utf-8").splitlines()
    print(f"card: {len(numbers) - 2} numbers, each with its line of manifest.json")
    forged(folder, release, 40)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--project", type=Path)
    wish = parser.parse_args()
    done = StageStatus("parse", done=1, stale=0, missing=0)
    with tempfile.TemporaryDirectory() as made:
        if wish.project:
            put_back(Path(made), wish.project)
        # The drawn project was made by no stage.
        _build.project_status = lambda _: ProjectStatus((done,), (), gate_met=True)
        speed(Path(made), wish.items)
    return 0


if __name__ == "__main__":
    sys.exit(main())

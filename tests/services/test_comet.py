"""COMET as a worker: its numbers are those of the official tool, whatever kills it and whatever it is given."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchwright.builder.environments import ENV_FOLDER, find
from benchwright.builder.score import CometSettings, ScoreWish, score_items
from benchwright.builder.score._worker import CometWorker, Row
from benchwright.builder.score.comet import CometPool
from benchwright.schemas.errors import InputError
from benchwright.schemas.tables import Finding
from tests.builder.score.sets import EN, items, parallel, write
from tests.conftest import ROOT
from tests.services.running import INSTALL, run
from tests.services.tiny_comet import kinds, texts

pytestmark = pytest.mark.services

TINY = ROOT / "tests/services/tiny_comet.py"
QUIET = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The environment as `doctor --install comet` makes it; failing to make it is a failure."""
    before = os.environ.get(ENV_FOLDER)
    if before is None:
        os.environ[ENV_FOLDER] = str(tmp_path_factory.mktemp("environments"))
    try:
        program = "from benchwright.builder.environments import install; install('comet')"
        run([sys.executable, "-c", program], seconds=INSTALL)
        yield find("comet").python
    finally:
        if before is None:
            del os.environ[ENV_FOLDER]


@pytest.fixture(scope="module")
def models(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny models of every class."""
    folder = tmp_path_factory.mktemp("models")
    run([str(python), str(TINY), "build", str(folder)], seconds=120, env=QUIET)
    return folder


@pytest.fixture(scope="module")
def process(python: Path, models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CometWorker]:
    """One process that loads model after model: starting one takes seconds."""
    with CometWorker(python, str(models / "qe"), tmp_path_factory.mktemp("log") / "log") as worker:
        yield worker


def use(worker: CometWorker, model: Path, settings: CometSettings | None = None) -> CometWorker:
    """Let the process load another model."""
    worker.model, worker.settings = str(model), settings or CometSettings()
    about = worker._ask({"op": "load", "model": str(model), **worker.settings.request()})
    assert about is not None
    assert "error" not in about, about
    worker.about = about
    return worker


def rows(count: int, *, reference: bool, seed: int = 3) -> list[Row]:
    """Return rows; sources and references are repeated, as with several systems, and some name special tokens."""
    sources, targets, others = (
        texts(count // 2, seed, 1, 8),
        texts(count, seed + 1, 1, 8),
        texts(count // 2, seed + 2, 1, 8),
    )
    found = [(sources[n // 2], text, others[n // 2] if reference else None) for n, text in enumerate(targets)]
    return [*found, ("fever <pad> pain", "fiebre </s> y", "dolor" if reference else None)]


@pytest.fixture(scope="module")
def truth(python: Path, models: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The numbers of COMET's own predict, of every model."""
    path = tmp_path_factory.mktemp("truth") / "rows.json"
    path.write_text(json.dumps(rows(40, reference=True)), encoding="utf-8")
    told = run([str(python), str(TINY), "official", str(models), str(path)], seconds=400, env=QUIET)
    found: dict[str, dict[str, Any]] = json.loads(told.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", [*kinds(""), "xcomet-bare"])
def test_scores_are_those_of_the_official_tool(
    process: CometWorker, models: Path, truth: dict[str, dict[str, Any]], name: str
) -> None:
    asked = rows(40, reference="bare" not in name)
    worker = use(process, models / name.removesuffix("-bare"), CometSettings(tokens=128, threads=1))
    told = worker.score(asked)
    assert worker.about["needs_reference"] is (worker.about["class"] == "regression_metric")
    assert told["reasons"] == [None] * len(asked)
    apart = [abs(a - b) for a, b in zip(told["scores"], truth[name]["scores"], strict=True)]
    assert max(apart) < 1e-5, apart.index(max(apart))
    assert len({round(one, 7) for one in told["scores"]}) > 20
    if name.startswith("xcomet"):
        made, expected = (
            [[(s["start"], s["end"], s["severity"]) for s in one] for one in spans]
            for spans in (told["spans"], truth[name]["spans"])
        )
        assert made == expected
        assert any(made)


def test_a_row_has_its_number_whatever_stands_beside_it(process: CometWorker, models: Path) -> None:
    asked = rows(60, reference=True)
    worker = use(process, models / "regression")
    whole = worker.score(asked)["scores"]
    alone = [worker.score([row])["scores"][0] for row in reversed(asked)][::-1]
    assert max(abs(a - b) for a, b in zip(whole, alone, strict=True)) < 1e-6


@pytest.mark.parametrize("name", ["regression", "unified", "xcomet"])
def test_texts_that_the_library_would_cut_are_told(process: CometWorker, models: Path, name: str) -> None:
    long = " ".join(["fever"] * 300)
    asked: list[Row] = [("pain", "dolor", "pain"), (long, "dolor", "pain"), ("pain", "dolor", long)]
    told = use(process, models / name).score(asked)
    assert told["scores"][0] is not None
    assert told["scores"][1] is None
    assert told["reasons"][1].startswith("too-long:")
    assert (told["reasons"][2] is None) == (name == "unified")


def test_bfloat16_is_near(process: CometWorker, models: Path) -> None:
    asked = rows(20, reference=True)
    wishes = [CometSettings(dtype=dtype) for dtype in ("fp32", "bf16")]
    made = [use(process, models / "regression", one).score(asked)["scores"] for one in wishes]
    apart = [abs(a - b) for a, b in zip(*made, strict=True)]
    assert 0 < max(apart) < 0.05


def test_a_model_that_moved_is_loaded_with_its_encoder(python: Path, models: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    (models / "qe").rename(moved)
    (models / "encoder").rename(tmp_path / "encoder")
    try:
        with pytest.raises(InputError) as caught, CometWorker(python, str(moved), tmp_path / "log"):
            pass
        assert "--comet-encoder" in str(caught.value)
        settings = CometSettings(encoder=str(tmp_path / "encoder"))
        with CometWorker(python, str(moved / "checkpoints/model.ckpt"), tmp_path / "log", settings) as worker:
            assert worker.score([("fever", "fiebre", None)])["scores"][0] is not None
    finally:
        moved.rename(models / "qe")
        (tmp_path / "encoder").rename(models / "encoder")


def test_no_checkpoint_and_no_worker_are_errors_with_the_log(python: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no checkpoint") as caught, CometWorker(python, "./gone", tmp_path / "log"):
        pass
    assert {one.code for one in caught.value.problems} == {"model-unreadable"}
    with (
        pytest.raises(InputError) as other,
        CometWorker(Path("/usr/bin/false"), "./gone", tmp_path / "log"),
    ):
        pass
    assert {one.code for one in other.value.problems} == {"worker-failed"}


def test_a_process_that_gives_no_sign_of_life_is_ended_and_started_again(
    python: Path, models: Path, tmp_path: Path
) -> None:
    with CometWorker(python, str(models / "qe"), tmp_path / "log") as worker:
        first = worker.score([("fever", "fiebre", None)])["scores"]
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGSTOP)
        worker.silence = 20
        # The one that is started after 20 s may take its time: the machine may be busy.
        patience = threading.Timer(25, setattr, (worker, "silence", 300))
        patience.start()
        assert worker.score([("fever", "fiebre", None)])["scores"] == first
        patience.join()
        assert worker.deaths == 1


def kept_numbers(folder: Path) -> int:
    """Return how many numbers a run that goes on would find."""
    try:
        with closing(sqlite3.connect(f"file:{folder / 'work' / 'numbers.sqlite'}?mode=ro", uri=True)) as base:
            return int(base.execute("select count(*) from numbers").fetchone()[0])
    except sqlite3.OperationalError:
        # The file, or its table, is not made yet.
        return 0


def test_killed_twenty_times_in_two_thousand_rows_gives_the_same_bytes(
    python: Path, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 400
    stems = texts(count, 11)
    options = texts(count * 4, 12, 1, 4)
    english = [(stem, options[4 * place : 4 * place + 4]) for place, stem in enumerate(stems)]
    spanish = [(stem[::-1] or "x", [one[::-1] for one in some]) for stem, some in english]
    en = write(tmp_path / "en.parquet", items(english, "en"))
    es = write(tmp_path / "es.parquet", items(spanish, "es", variant="mt", origin="machine_translation"))
    wish = ScoreWish([en], metrics=(), comet=[str(models / "qe")], shard_rows=40, settings=CometSettings(threads=1))
    whole = score_items([es], tmp_path / "whole", wish)
    assert whole.scores.filter(pl.col("field").is_not_null()).height == 2000

    pools: list[CometPool] = []
    enter = CometPool.__enter__

    def known(pool: CometPool) -> CometPool:
        pools.append(pool)
        return enter(pool)

    monkeypatch.setattr(CometPool, "__enter__", known)
    stop = threading.Event()
    killed = 0

    def kill() -> None:
        nonlocal killed
        last = None
        while not stop.is_set() and killed < 20:
            pid = pools[0].workers[0].pid if pools and pools[0].about else None
            if pid is not None and pid != last and kept_numbers(tmp_path / "killed") > 40 * killed:
                os.kill(pid, signal.SIGKILL)
                last, killed = pid, killed + 1
            time.sleep(0.01)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        run_ = score_items([es], tmp_path / "killed", wish)
    finally:
        stop.set()
        killer.join()
    assert killed == 20
    assert run_.facts["run"]["comet_restarts"] == 20
    for name in ("scores", "findings", "skipped", "scored"):
        one, other = (tmp_path / where / f"{name}.parquet" for where in ("whole", "killed"))
        assert one.read_bytes() == other.read_bytes(), name


def test_scores_of_a_set_name_model_environment_and_hash(python: Path, models: Path, tmp_path: Path) -> None:
    files = parallel(tmp_path / "set")
    comet = [str(models / name) for name in ("regression", "qe", "xcomet")]
    settings = replace(CometSettings(), threads=1)
    wish = ScoreWish([files["en"]], back=[files["back"]], metrics=("facts",), comet=comet, settings=settings)
    made = score_items([files["es"]], tmp_path / "out", wish)
    names = {"comet_back:regression", "comet_qe:qe", "comet_qe:xcomet", "comet_back:xcomet"}
    assert names <= set(made.scores["name"])
    place = find("comet")
    for signature in made.scores.filter(pl.col("name").is_in(sorted(names)))["signature"].unique():
        assert place.lock_sha256[:12] in signature
        assert "sha256:" in signature
        assert signature.endswith("|version:2.2.7")
    spans = made.findings.filter(pl.col("code") == "F201")
    stems = {f"ponds/2031/1/{number:03d}@es#mt": text for number, (text, _) in enumerate(EN, 1)}
    assert set(spans["item_id"]) <= set(stems)
    for one in spans.iter_rows(named=True):
        Finding.model_validate(one)
        (span,) = one["spans"]
        assert span["text"] is not None
        assert span["end"] - span["start"] == len(span["text"])

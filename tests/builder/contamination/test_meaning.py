"""Copies in other words and other languages are found by their vectors, and their numbers, names and options decide."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from typer.testing import CliRunner

from benchwright.builder.clean._runs import load_run
from benchwright.builder.cli import app
from benchwright.builder.contamination import ContaminationWish, Searched, _corpus, search_corpus
from benchwright.builder.contamination._fields import fields_of, numbers_of, support
from benchwright.builder.contamination._job import SearchJob
from benchwright.builder.contamination._passages import passages_of, sizes_of
from benchwright.builder.dedup import _encode
from benchwright.schemas import Item
from tests.builder.contamination.corpus import filler, filler_texts, full, items_of, write_items, write_lines

ITEMS = items_of(30)


class Synonyms:
    """An encoder to which a word and its mirror image mean the same, wherever they stand."""

    name = "synonyms"
    calls = 0
    until = 10**9

    def __init__(self, model: str) -> None:
        self.model = model

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        Synonyms.calls += 1
        if Synonyms.calls > Synonyms.until:
            raise KeyboardInterrupt
        made = np.stack([self._of(text) for text in texts])
        return np.asarray(made / np.maximum(1e-9, np.linalg.norm(made, axis=1, keepdims=True)), np.float32)

    def _of(self, text: str) -> NDArray[np.float64]:
        vector = np.full(64, 1e-3)
        for word in text.lower().replace("?", " ").replace(".", " ").split():
            low = min(word, word[::-1])
            seed = int.from_bytes(hashlib.sha256(low.encode()).digest()[:4], "big")
            vector += np.random.default_rng(seed).normal(size=64)
        return vector


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    Synonyms.calls, Synonyms.until = 0, 10**9
    monkeypatch.setattr(_encode, "SentenceEncoder", Synonyms)


def reworded(text: str, seed: int = 4) -> str:
    """The words of a text in another order, every one replaced by another word; numbers stay."""
    words = [word if any(sign.isdigit() for sign in word) else word[::-1] for word in text.rstrip("?").split()]
    random.Random(seed).shuffle(words)
    return " ".join(words).replace(":", "") + "?"


def search(folder: Path, corpus: Path, items: list[Item] | None = None, embed: str | None = "made") -> Searched:
    folder.mkdir(exist_ok=True)
    table = write_items(folder / "items.parquet", ITEMS if items is None else items)
    return search_corpus(table, ContaminationWish(corpus=[corpus], out=folder / "hits.parquet", embed=embed))


def test_a_copy_in_other_words_is_found_with_its_place(tmp_path: Path) -> None:
    one = ITEMS[3]
    texts = filler_texts(reworded(one.stem))
    corpus = write_lines(tmp_path / "c.jsonl", texts)
    run = search(tmp_path, corpus)
    (hit,) = run.hits.iter_rows(named=True)
    assert (hit["item_id"], hit["name"], hit["kind"]) == (one.id, "d1", "rephrased")
    assert texts[1][hit["start"] :].startswith(reworded(one.stem)[:40])
    assert hit["evidence"].startswith("numbers 1 of 1")
    assert hit["cosine"] > 0.9
    assert hit["stem_share"] < 0.2
    states = dict(run.certificate.select("item_id", "state").iter_rows())
    assert states.pop(one.id) == "exposed"
    assert set(states.values()) == {"clean"}
    assert run.summary["meaning"]["model"] == "synonyms"
    plain = search(tmp_path / "plain", corpus, embed=None)
    assert plain.hits.is_empty()
    assert plain.summary["meaning"] is None


def test_a_text_with_other_numbers_is_another_question(tmp_path: Path) -> None:
    one = ITEMS[3]
    number = next(word for word in one.stem.split("-")[0].split() if word.isdigit())
    text = reworded(one.stem).replace(f"{number}-year-old", "17-year-old")
    assert search(tmp_path, write_lines(tmp_path / "c.jsonl", filler_texts(text))).hits.is_empty()


def test_what_the_words_show_is_not_told_by_the_meaning_again(tmp_path: Path) -> None:
    run = search(tmp_path, write_lines(tmp_path / "c.jsonl", filler_texts(full(ITEMS[3]))))
    assert run.hits.select("item_id", "kind", "cosine").rows() == [(ITEMS[3].id, "verbatim", None)]


def test_other_texts_of_the_same_words_are_clean(tmp_path: Path) -> None:
    draw = random.Random(9)
    texts = [filler(draw) for _ in range(40)]
    assert search(tmp_path, write_lines(tmp_path / "c.jsonl", texts)).hits.is_empty()


def test_a_search_that_was_stopped_goes_on_behind_the_last_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_corpus, "BLOCK", 4000)
    draw = random.Random(2)
    texts = [filler(draw) for _ in range(40)]
    for number in (2, 20, 37):
        texts[number] += "\n" + reworded(ITEMS[number % 30].stem)
    corpus = write_lines(tmp_path / "c.jsonl", texts)
    whole = search(tmp_path / "whole", corpus)
    needed = Synonyms.calls
    assert whole.hits["document"].to_list() == [20, 2, 37] or sorted(whole.hits["document"]) == [2, 20, 37]
    Synonyms.calls, Synonyms.until = 0, needed // 2
    with pytest.raises(KeyboardInterrupt):
        search(tmp_path / "stopped", corpus)
    Synonyms.calls, Synonyms.until = 0, 10**9
    again = search(tmp_path / "stopped", corpus)
    assert Synonyms.calls < needed
    assert again.hits.equals(whole.hits)
    for name in ("hits.parquet", "hits.certificate.parquet", "hits.json"):
        assert (tmp_path / "stopped" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_task_elsewhere_finds_the_same(tmp_path: Path) -> None:
    corpus = write_lines(tmp_path / "c.jsonl", filler_texts(reworded(ITEMS[5].stem)))
    here = search(tmp_path / "here", corpus)
    job = SearchJob(tmp_path / "job", [corpus], pl.read_parquet(tmp_path / "here/items.parquet"), 1, "", "made", None)
    job.save()
    (step,) = load_run(tmp_path / "job").steps
    step.run("0")
    assert step.open_units() == []
    assert job.part(0).hits().drop("common").equals(here.hits.drop("common"))


def test_another_model_or_threshold_searches_anew(tmp_path: Path) -> None:
    corpus = write_lines(tmp_path / "c.jsonl", filler_texts(reworded(ITEMS[3].stem)))
    assert search(tmp_path, corpus, embed=None).hits.is_empty()
    assert search(tmp_path, corpus).hits.height == 1
    wish = ContaminationWish(corpus=[corpus], out=tmp_path / "hits.parquet", embed="made", least=1.0)
    assert search_corpus(tmp_path / "items.parquet", wish).hits.is_empty()


def test_a_long_document_is_searched_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_corpus, "BLOCK", 3001)
    monkeypatch.setattr(_corpus, "_OVERLAP", 1500)
    draw = random.Random(8)
    text = "\n".join([*(filler(draw) for _ in range(6)), reworded(ITEMS[4].stem), *(filler(draw) for _ in range(4))])
    (tmp_path / "c.txt").write_text(text, encoding="utf-8")
    (hit,) = search(tmp_path, tmp_path / "c.txt").hits.iter_rows(named=True)
    assert text[hit["start"] :].startswith(reworded(ITEMS[4].stem)[:30])


@given(st.text(st.sampled_from("ab .?。é\n"), max_size=3000), st.lists(st.integers(80, 600), min_size=1, max_size=2))
def test_passages_lie_in_the_text_and_are_few(text: str, sizes: list[int]) -> None:
    spans = passages_of(text, sizes)
    assert spans == sorted(set(spans))
    assert all(0 <= begin < end <= len(text) and text[begin:end].strip() for begin, end in spans)
    assert len(spans) <= sum(4 * len(text.encode()) // size + 2 for size in sizes)
    if text.strip():
        covered = {place for begin, end in spans for place in range(begin, end)}
        assert {place for place, sign in enumerate(text) if not sign.isspace()} <= covered


def test_passages_are_as_long_as_the_items() -> None:
    assert sizes_of([]) == ()
    assert sizes_of(["x" * 100] * 9) == (100,)
    assert sizes_of(["x" * 90] * 5 + ["x" * 400] * 5) == (90, 400)
    assert sizes_of(["蝦" * 30] * 9) == (90,)
    text = "The first sentence of a text has some words. The second one has a few more of them. And this is the last."
    assert [text[a:b] for a, b in passages_of(text, [38])][:2] == [
        "The first sentence of a text has some words. ",
        "The second one has a few more of them. ",
    ]


@pytest.mark.parametrize(
    ("text", "language", "numbers"),
    [
        ("twelve mg of 1,5 and 1.000 in 3 weeks", "en", {"12", "1.5", "1000", "3"}),
        ("douze mg, 1.5 et ٣", "fr-CA", {"12", "1.5", "3"}),
        ("no number", "xx", set()),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, language: str, numbers: set[str]) -> None:
    assert numbers_of(text, language) == numbers


def test_fields_speak_for_a_translation_and_against_other_numbers() -> None:
    fields = fields_of(
        "A man of 46 with Crohn disease takes 25 mg of Azathioprin. Which gene is tested?", ["TPMT", "CFTR"], "en"
    )
    text = "Un homme de 46 ans, maladie de Crohn, prend 25 mg d'azathioprine. Quel gène teste-t-on ? TPMT, CFTR"
    found = support(fields, text, text, "en")
    assert (found.speaks, found.against) == (3, False)
    assert found.evidence == "numbers 2 of 2, names 2 of 2, options 2 of 2"
    other = support(fields, text.replace("46", "64").replace("25", "50"), text, "en")
    assert other.against
    assert support(fields_of("Which bird sings?", [], "en"), text, text, "en").evidence == ""
    assert fields_of("¿Qué pájaro canta? ¿Quién lo sabe?", [], "es").names == frozenset()


def test_the_command_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    corpus = write_lines(tmp_path / "c.jsonl", filler_texts("x"))
    table = write_items(tmp_path / "items.parquet", ITEMS)
    call = ["contamination", str(table), "--corpus", str(corpus), "-o", str(tmp_path / "h.parquet"), "--embed", "a"]
    outcome = CliRunner().invoke(app, call)
    assert outcome.exit_code == 2
    assert "benchwright[embed]" in outcome.output

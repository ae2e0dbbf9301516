"""A search on disk that was stopped goes on where it stood, and ends with the same pairs."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchwright.builder.cli import app
from benchwright.builder.dedup import DedupRun, DedupWish, find, find_duplicates
from tests.builder.dedup.tables import item, made, written


def items_at(path: Path, seed: int = 6) -> Path:
    rng = random.Random(seed)
    texts = [made(rng, 20) for _ in range(40)]
    texts += [f"{text} {made(rng, 1)}" for text in texts[:12]]
    return written(path, [item(number, text, ()) for number, text in enumerate(texts)])


def search(path: Path, folder: Path) -> DedupRun:
    return find_duplicates([path], DedupWish(shards=3, folder=folder))


@pytest.mark.parametrize("stop", ["letters", "compare"])
def test_a_stopped_search_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: str) -> None:
    path = items_at(tmp_path / "items.parquet")
    whole = search(path, tmp_path / "whole")
    seen: list[str] = []

    def tell(stage: str, done: int, total: int, name: str) -> None:
        del done, total, name
        seen.append(stage)
        if seen.count(stop) == 1 and stage == stop:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find_duplicates([path], DedupWish(shards=3, folder=tmp_path / "again"), tell)
    made_again: list[str] = []
    for name in ("letters_of", "_verified"):
        plain = getattr(find, name)

        def counted(*given: object, _name: str = name, _plain: object = plain) -> object:
            made_again.append(_name)
            return _plain(*given)  # type: ignore[operator]

        monkeypatch.setattr(find, name, counted)
    again = search(path, tmp_path / "again")
    assert again.pairs.equals(whole.pairs)
    assert again.places.equals(whole.places)
    assert again.rows_of(again.places["id"]).equals(whole.rows_of(whole.places["id"]))
    assert ("letters_of" in made_again) == (stop == "letters")
    assert made_again.count("_verified") == (3 if stop == "letters" else 2)
    assert again.pairs.height >= 12


def test_another_search_takes_nothing_of_it(tmp_path: Path) -> None:
    path = items_at(tmp_path / "items.parquet")
    first = search(path, tmp_path / "parts")
    items_at(path, seed=7)
    other = search(path, tmp_path / "parts")
    assert not other.pairs.equals(first.pairs)
    assert len(list((tmp_path / "parts").iterdir())) == 2
    first.close()
    other.close()
    assert not list((tmp_path / "parts").iterdir())


def test_the_command_leaves_no_parts_behind(tmp_path: Path) -> None:
    path = items_at(tmp_path / "items.parquet")
    call = ["dedup", str(path), "-o", str(tmp_path / "d.parquet"), "--shards", "2", "--html", str(tmp_path / "c.html")]
    outcome = CliRunner().invoke(app, [*call, "--leakage", str(tmp_path / "l.parquet")])
    assert outcome.exit_code == 0, outcome.output
    assert sorted(one.name for one in tmp_path.iterdir()) == ["c.html", "d.parquet", "items.parquet", "l.parquet"]

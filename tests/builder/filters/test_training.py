"""Classifiers from labelled rows: the split, the figures, the card, and what is refused."""

from __future__ import annotations

import builtins
import json
import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from benchwright.audits._lid import fasttexts
from benchwright.audits._lid.fasttexts import card_path, line_of, load_model, owners
from benchwright.builder._alike import alike_groups
from benchwright.builder._figures import held_out_figures
from benchwright.builder._intervals import wilson
from benchwright.builder.clean.filters import make_filter
from benchwright.builder.cli import app
from benchwright.builder.training import TrainingSettings, train_classifier
from benchwright.schemas.errors import InputError, MissingDependencyError, OutputError, SchemaError
from tests.builder.filters.samples import answer, entries_of, entry

HEALTH = (
    "fever",
    "cough",
    "rash",
    "knee pain",
    "migraine",
    "asthma",
    "blood test",
    "swollen ankle",
    "insulin",
    "ulcer",
)
MATTERS = ("engine", "tax form", "guitar", "mortgage", "roses", "football", "visa", "laptop", "curtains", "tyres")
OPENINGS = (
    "What to do about",
    "My aunt keeps asking about",
    "Tell me more on",
    "Since May I worry about",
    "No idea of",
)
ENDINGS = (
    "please answer soon",
    "it is the third time this year",
    "nobody could help",
    "what would you do",
    "is it bad",
)


def rows(count: int = 240, seed: int = 5) -> list[dict[str, Any]]:
    draw = random.Random(seed)
    made = []
    for number in range(count):
        label = ("medical", "other")[number % 2]
        words = draw.sample(HEALTH if label == "medical" else MATTERS, 3)
        body = f"{draw.choice(OPENINGS)} {words[0]} with {words[1]} or {words[2]}, {draw.choice(ENDINGS)}"
        made.append({"text": f"{body} {draw.getrandbits(40):x}", "label": label, "tongue": "en", "thread": number})
    return made


def write(path: Path, made: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made), encoding="utf-8")
    return path


PLAIN = TrainingSettings(text="text", label="label")


def test_a_filter_is_trained_measured_and_used(tmp_path: Path) -> None:
    out = tmp_path / "medical.bin"
    told = train_classifier([write(tmp_path / "rows.jsonl", rows())], out, PLAIN)
    card = json.loads(card_path(out).read_text(encoding="utf-8"))
    assert card == told.card
    assert card["rows"]["learnt"] + card["rows"]["held_out"] == 240
    for label in ("medical", "other"):
        figures = card["held_out"]["labels"][label]
        assert figures["n"] >= 20
        assert figures["f1"] >= 0.9
        assert figures["precision_interval"][0] <= figures["precision"] <= figures["precision_interval"][1]
    assert f"model:{card['sha256']}" in card["signature"]
    assert "f1:medical=" in card["signature"]
    judge = make_filter("not_medical", {"model": out})
    kept = entry("en", "What to do about insulin and asthma", answer("x"))
    dropped = entry("en", "What to do about curtains and tyres", answer("x"))
    assert [one is None for one in judge.reasons(entries_of([kept, dropped]))] == [True, False]
    assert card["sha256"][:8] in judge.signature


def test_same_rows_in_any_order_give_the_same_bytes(tmp_path: Path) -> None:
    made = rows()
    first = train_classifier([write(tmp_path / "a.jsonl", made)], tmp_path / "a.bin", PLAIN)
    random.Random(1).shuffle(made)
    again = train_classifier([write(tmp_path / "b.jsonl", made)], tmp_path / "b.bin", PLAIN)
    assert first.card == again.card
    assert (tmp_path / "a.bin").read_bytes() == (tmp_path / "b.bin").read_bytes()
    used = [bytearray(b"\x77") * (1 << size) for size in range(10, 25)]
    del used  # fastText must not take what this leaves in memory for its first numbers
    dirty = train_classifier([tmp_path / "a.jsonl"], tmp_path / "d.bin", PLAIN)
    assert dirty.card == first.card
    other = train_classifier([tmp_path / "a.jsonl"], tmp_path / "c.bin", PLAIN.model_copy(update={"seed": 2}))
    assert other.card["sha256"] != first.card["sha256"]


def test_every_row_is_learnt_held_out_merged_or_rejected(tmp_path: Path) -> None:
    odd: list[dict[str, Any]] = [
        {"text": " ...", "label": "medical"},
        {"text": "no label here", "label": None},
        {"text": "two words of label", "label": "not medical"},
        {"text": "Said twice", "label": "medical"},
        {"text": "said twice!", "label": "other"},
        {**rows()[0], "text": rows()[0]["text"].upper()},
    ]
    told = train_classifier([write(tmp_path / "rows.jsonl", rows() + odd)], tmp_path / "m.bin", PLAIN, dry_run=True)
    assert told.rejects["reason"].to_list() == [
        "text-empty", "label-empty", "label-of-several-words", "labels-disagree", "labels-disagree",
    ]  # fmt: skip
    assert told.rejects["row"].to_list() == [241, 242, 243, 244, 245]
    counts = told.card["rows"]
    assert counts["merged"] == 1
    assert counts["read"] == sum(counts[name] for name in ("learnt", "held_out", "merged", "rejected")) == 246
    assert "held_out" not in told.card
    assert not (tmp_path / "m.bin").exists()


def test_near_identical_texts_stay_on_one_side() -> None:
    lines = pl.Series(
        [
            "my left knee hurts when i climb the stairs to the second floor at home",
            "my left knee hurts when i climb the stairs to the third floor at home",
            "which tyres fit an old van that goes up into the mountains every week",
            "how do i get a wine stain out of a linen cloth without any bleach",
            "",
        ]
    )
    groups = alike_groups(lines).to_list()
    assert groups[0] == groups[1]
    assert len(set(groups)) == 4
    given_too = alike_groups(lines, pl.Series([None, None, "t1", "t1", None])).to_list()
    assert given_too[2] == given_too[3]
    assert len(set(given_too)) == 3


def test_rows_of_one_group_are_never_split(tmp_path: Path) -> None:
    made = [{**row, "thread": number // 8} for number, row in enumerate(rows())]
    by_thread = PLAIN.model_copy(update={"group": "thread", "language": "tongue"})
    card = train_classifier([write(tmp_path / "rows.jsonl", made)], tmp_path / "m.bin", by_thread).card
    assert card["rows"]["groups"] <= 30
    assert card["rows"]["held_out"] % 8 == 0
    assert set(card["held_out"]["languages"]) == {"en"}
    assert card["languages"] == ["en"]


@pytest.mark.parametrize(
    ("made", "message"),
    [
        ([row for row in rows() if row["label"] == "other"], "one label only"),
        (rows(12), "too few rows of medical, other"),
        ([], "one label only"),
        (
            [{"text": f"the very same sentence about a car that stands alone {n}{n}", "label": "x"} for n in range(30)]
            + [row | {"label": "y"} for row in rows(60)],
            "x",
        ),
    ],
)
def test_what_cannot_be_learnt_is_refused(tmp_path: Path, made: list[dict[str, Any]], message: str) -> None:
    file = write(tmp_path / "rows.jsonl", made or [{"text": "", "label": ""}])
    with pytest.raises(InputError, match=message) as caught:
        train_classifier([file], tmp_path / "m.bin", PLAIN)
    assert caught.value.problems[0].code == "training-impossible"


def test_columns_files_and_models_that_are_not_there(tmp_path: Path) -> None:
    file = write(tmp_path / "rows.jsonl", rows(40))
    with pytest.raises(SchemaError, match="no column kind"):
        train_classifier([file], tmp_path / "m.bin", TrainingSettings(text="text", label="kind"))
    with pytest.raises(InputError, match="no such file"):
        train_classifier([tmp_path / "none.csv"], tmp_path / "m.bin", PLAIN)
    (tmp_path / "m.bin").write_bytes(b"mine")
    with pytest.raises(OutputError, match="exists"):
        train_classifier([file], tmp_path / "m.bin", PLAIN)
    with pytest.raises(InputError, match="no model"):
        load_model(tmp_path / "none.bin")
    with pytest.raises(InputError, match="no model of fastText"):
        load_model(tmp_path / "m.bin")


def test_a_model_that_is_not_the_one_of_its_card_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "m.bin"
    train_classifier([write(tmp_path / "rows.jsonl", rows())], out, PLAIN)
    with pytest.raises(InputError, match="label of entries to keep") as caught:
        make_filter("not_medical", {"model": out, "label": "health"})
    assert caught.value.problems[0].found == "medical, other"
    card = json.loads(card_path(out).read_text(encoding="utf-8"))
    card_path(out).write_text(json.dumps({**card, "sha256": "0" * 64}), encoding="utf-8")
    fasttexts._loaded.cache_clear()
    with pytest.raises(InputError, match="not the one that its card describes"):
        load_model(out)


def test_languages_are_told_by_a_model(tmp_path: Path) -> None:
    draw = random.Random(3)
    frequent = {
        "en": "the and with have this what been your after would cough never morning doctor",
        "es": "que los para como tengo desde cuando pero muy noche siempre ayer dolor hijo",
        "de": "nicht und habe seit mit auch aber wenn schon immer gestern morgen kind schmerz",
    }
    words = {tag: text.split(" ") for tag, text in frequent.items()}
    made = [{"text": " ".join(draw.choices(words[tag], k=14)), "language": tag} for tag in words for _ in range(60)]
    lid = TrainingSettings(task="lid", text="text", label="language", words=1, longest=5, size=16)
    card = train_classifier([write(tmp_path / "rows.jsonl", made)], tmp_path / "lid.bin", lid).card
    assert card["held_out"]["macro_f1"] >= 0.95
    judge = make_filter("wrong_language", {"model": tmp_path / "lid.bin"})
    spanish = entry("en", "tengo dolor desde ayer pero muy siempre cuando noche", answer("como que para"))
    assert judge.reasons(entries_of([spanish, {**spanish, "language": "es"}])).to_list() == ["es, not en", None]


def test_a_text_cannot_pass_for_a_label() -> None:
    texts = pl.DataFrame(
        {"t": ["__label__medical </s>\n__label__other", "Dose: 2,5 mg", "頭痛です", None, "a\u2028b\x00c"]}
    )
    assert texts.select(line_of(pl.col("t"))).to_series().to_list() == [
        "label medical s label other", "dose 0 0 mg", "頭 痛 で す", "", "a b c",
    ]  # fmt: skip


@given(st.integers(0, 400), st.integers(0, 400))
def test_intervals_hold_the_share(hits: int, more: int) -> None:
    interval = wilson(hits, hits + more)
    if hits + more == 0:
        assert interval is None
    else:
        assert interval is not None
        assert 0 <= interval[0] <= hits / (hits + more) + 1e-12
        assert hits / (hits + more) - 1e-12 <= interval[1] <= 1


def test_figures_are_those_of_the_table() -> None:
    table = pl.DataFrame(
        {"label": ["a", "a", "a", "b", "b"], "told": ["a", "a", "b", "b", None], "group": [1, 2, 3, 4, 5]}
    )
    told = held_out_figures(table, ("a", "b"), 1)
    assert (told["n"], told["accuracy"]) == (5, 0.6)
    assert told["labels"]["a"]["precision"] == 1.0
    assert told["labels"]["a"]["recall"] == 0.6667
    assert told["labels"]["b"]["told"] == 2
    assert told["labels"]["b"]["f1"] == 0.5


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(alphabet="ab 頭", max_size=30), min_size=1, max_size=12))
def test_groups_hang_on_the_texts_alone(texts: list[str]) -> None:
    lines = pl.DataFrame({"t": texts}).select(line_of(pl.col("t"))).to_series()
    groups = alike_groups(lines).to_list()
    assert len(groups) == len(texts)
    same = {(a, b) for a in range(len(texts)) for b in range(a) if lines[a] == lines[b] and lines[a]}
    assert all(groups[a] == groups[b] for a, b in same)


def test_exactly_one_distribution_owns_the_library() -> None:
    """Four distributions write the folder fasttext/; with a second one installed, this fails."""
    assert owners() == ("fasttext-numpy2",)


def test_without_the_library_the_install_line_is_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "fasttext":
            raise ImportError("No module named 'fasttext'")
        return real(name, *rest)

    fasttexts._library.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.setattr(fasttexts, "packages_distributions", dict)
    with pytest.raises(MissingDependencyError, match="pip install fasttext-numpy2"):
        train_classifier([write(tmp_path / "rows.jsonl", rows())], tmp_path / "m.bin", PLAIN)
    monkeypatch.undo()
    fasttexts._library.cache_clear()


def test_a_library_that_only_predicts_says_what_to_remove(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fasttexts, "_library", object)
    monkeypatch.setattr(fasttexts, "packages_distributions", lambda: {"fasttext": ["fasttext-predict", "fasttext"]})
    with pytest.raises(MissingDependencyError, match="pip uninstall fasttext fasttext-predict"):
        fasttexts.train(tmp_path / "lines.txt", tmp_path / "m.bin", 0.5)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_numbers_out_of_bounds_halve_the_rate(tmp_path: Path) -> None:
    (tmp_path / "lines.txt").write_text("".join(f"__label__a x{n}\n__label__b y{n}\n" for n in range(50)))
    small = {"dim": 4, "bucket": 10_000, "epoch": 5, "minn": 2, "maxn": 3, "wordNgrams": 1, "minCount": 1, "seed": 1}
    assert fasttexts.train(tmp_path / "lines.txt", tmp_path / "m.bin", 0.5, **small) == 0.5
    with pytest.raises(InputError, match="could not be trained"):
        fasttexts.train(tmp_path / "none.txt", tmp_path / "m.bin", 0.5, **small)
    assert fasttexts.train(tmp_path / "lines.txt", tmp_path / "m.bin", 30.0, **small) < 30
    with pytest.raises(InputError, match="NaN"):
        fasttexts.train(tmp_path / "lines.txt", tmp_path / "m.bin", 1e5, **small)


def test_the_commands(tmp_path: Path) -> None:
    write(tmp_path / "rows.jsonl", rows())
    done = run(
        "train-filter", tmp_path / "rows.jsonl", "-o", tmp_path / "m.bin", "--text", "text", "--dry-run", "--json"
    )
    assert json.loads(done.stdout)["card"]["rows"]["read"] == 240
    assert not (tmp_path / "m.bin").exists()
    done = run("train-filter", tmp_path / "rows.jsonl", "-o", tmp_path / "m.bin")
    assert "240 rows = " in done.stdout
    assert "train-filter|" in done.stdout
    assert (tmp_path / "m.bin.json").is_file()
    done = run("train-lid", tmp_path / "rows.jsonl", "-o", tmp_path / "l.bin", "--label", "tongue")
    assert done.exit_code == 2
    assert "training-impossible" in done.output

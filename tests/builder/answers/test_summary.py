"""Tables over answers: shares and differences that are known by hand, with intervals."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from benchwright.builder._intervals import with_wilson
from benchwright.builder.answers import summary
from benchwright.builder.answers._shares import paired_difference
from benchwright.builder.answers.run import AnswerWish
from benchwright.builder.auditing import AuditWish, audit_files
from benchwright.schemas import Item
from benchwright.schemas.rows import to_frame
from tests.audits.answers import answered_exam, row, table
from tests.audits.clean import exam

ITEMS = exam(40)


def answers(rows: list[dict[str, object]], right: list[bool]) -> pl.DataFrame:
    told = table([{**one, "shown": one.get("shown", [])} for one in rows]).collect()
    return told.with_columns(pl.Series("right", right))


def test_interval_of_a_share_is_the_published_one() -> None:
    # Newcombe 1998, table I, method 3 (score): 81 of 263 and 15 of 148.
    told = with_wilson(pl.DataFrame({"n": [263, 148], "right": [81, 15]}))
    assert told["low"].round(4).to_list() == [0.2553, 0.0624]
    assert told["high"].round(4).to_list() == [0.3662, 0.1605]


def test_consistency_between_languages() -> None:
    rows, right = [], []
    for one in ITEMS:
        number = int(one.exam.number or "0")
        said = "A" if number <= 10 else "B" if number <= 20 or one.language == "es" else "C"
        rows.append(row(one, "m", said))
        right.append(said == "A")
    told = summary.consistency(answers(rows, right)).row(0, named=True)
    assert (told["n"], told["same"], told["both_right"], told["one_right"], told["same_wrong"]) == (
        40,
        20,
        0.25,
        0.0,
        0.25,
    )


def test_repeats_and_orders() -> None:
    rows = [
        row(one, "m", "AB"[repeat if n < 10 else 0], repeat=repeat) for n, one in enumerate(ITEMS) for repeat in (0, 1)
    ]
    told = summary.repeats(answers(rows, [True] * len(rows)))
    assert (told["n"].sum(), told["same"].sum()) == (80, 70)
    turned = [{**one, "shown": ["D", "C", "B", "A"] if one["repeat"] else []} for one in rows]
    told = summary.option_orders(answers(turned, [True] * len(turned)))
    assert (told["n"].sum(), told["same"].sum()) == (80, 70)


def test_gap_between_machine_and_human_translations() -> None:
    rng = random.Random(1)
    human = [one for one in ITEMS if one.language == "en"]
    machine = [
        one.replace(
            id=f"{one.id}#mt",
            origin="machine_translation",
            derived_from={"id": one.id, "text_hash": one.hashes.text_hash},
        )
        for one in human
    ]
    rows, right = [], []
    for n, (one, other) in enumerate(zip(human, machine, strict=True)):
        for model in range(6):
            rows += [row(one, f"m{model}", "A"), row(other, f"m{model}", "A")]
            right += [True, n % 4 > 0 or rng.random() < 0.1]
    told = summary.gaps(answers(rows, right), to_frame([*human, *machine], Item)).row(0, named=True)
    assert told["language"] == "en"
    assert told["low"] < told["difference"] < told["high"] < 0
    assert told["p"] < 0.01
    nothing = summary.gaps(answers(rows, [True] * len(rows)), to_frame([*human, *machine], Item)).row(0, named=True)
    assert (nothing["difference"], nothing["p"]) == (0.0, 1.0)


def test_variants_are_paired_with_what_they_were_made_from() -> None:
    base = [one for one in ITEMS if one.language == "en"]
    made = [
        one.replace(
            id=f"{one.id}#turned",
            origin="perturbed",
            derived_from={"id": one.id, "text_hash": one.hashes.text_hash, "edit": "negation"},
        )
        for one in base
    ]
    rows, right = [], []
    for n, (one, other) in enumerate(zip(base, made, strict=True)):
        for model in range(4):
            rows += [row(one, f"m{model}", "A"), row(other, f"m{model}", "A")]
            right += [True, n % 4 > 0]
    told = summary.variants(answers(rows, right), to_frame([*base, *made], Item)).row(0, named=True)
    assert (told["edit"], told["n"], told["difference"]) == ("negation", 40, -0.25)
    assert told["low"] < -0.25 < told["high"] < 0
    assert told["p"] < 0.01
    assert summary.variants(answers(rows, right), to_frame(base, Item)).is_empty()


def test_no_effect_tells_what_would_have_been_seen() -> None:
    rng = random.Random(2)
    rows = pl.DataFrame(
        {
            "by": ["x"] * 400,
            "group": [str(n) for n in range(400)],
            "difference": [rng.choice((-1.0, 0.0, 1.0)) for _ in range(400)],
        }
    )
    told = paired_difference(rows, "by").row(0, named=True)
    assert told["low"] < 0 < told["high"]
    assert told["detectable"] == pytest.approx(2.8 * (2 / 3) ** 0.5 / 20, rel=0.1)


def test_conditions_are_paired_with_the_whole_item() -> None:
    rows = [row(one, "m", "A", condition=name) for one in ITEMS for name in ("full", "no-image")]
    right = [name == "full" or n % 2 == 0 for n, _ in enumerate(ITEMS) for name in ("full", "no-image")]
    told = summary.conditions(answers(rows, right)).row(0, named=True)
    assert (told["condition"], told["n"], told["difference"]) == ("no-image", 40, -0.5)


def test_accuracy_before_and_after_a_cut_off() -> None:
    items = list(exam(200, ("es",)))
    rng = random.Random(3)
    rows, right = [], []
    for n, one in enumerate(items):
        hard = rng.random()
        for model in range(5):
            rows.append(row(one, f"m{model}", "A"))
            right.append(rng.random() < 1 - hard or (model == 0 and n < 100 and rng.random() < 0.6))
    released = pl.DataFrame(
        [
            {"item_id": one.id, "model": f"m{model}", "released": "before" if n < 100 else "after"}
            for n, one in enumerate(items)
            for model in range(5)
        ]
    )
    told = summary.time_effect(answers(rows, right), released)
    assert told["model"].to_list() == [f"m{model}" for model in range(5)]
    assert told["low"][0] > 0
    assert (told["low"][1:] < 0.15).all()
    assert told["degrades"].to_list() == (told["low"] > 0).to_list()


def test_an_audit_with_logs_writes_findings_and_tables(tmp_path: Path) -> None:
    def lost(rng: random.Random, number: int, language: str, ability: float) -> str | None:
        del ability
        return rng.choice("BCD") if number == 7 and language == "en" else None

    items, told = answered_exam(80, ("es", "en"), 20, choose=lost, seed=8)
    to_frame(items, Item).write_parquet(tmp_path / "items.parquet")
    told.collect().select("item_id", "model", "answer").write_csv(tmp_path / "answers.csv")
    wish = AuditWish(select=("A",), answers=AnswerWish([tmp_path / "answers.csv"]))
    run = audit_files([tmp_path / "items.parquet"], tmp_path / "out", wish)
    assert "ex/2031/1/007@en" in run.findings.filter(pl.col("code") == "A101")["subject"]
    assert {"divergence_q", "key_doubt", "risk"} <= set(run.scores["name"])
    risk = dict(run.scores.filter(pl.col("name") == "risk").select("item_id", "value").iter_rows())
    assert risk["ex/2031/1/007@en"] > risk["ex/2031/1/008@en"]
    predictions = pl.read_parquet(tmp_path / "out/predictions.parquet")
    assert predictions.height == 3200
    assert predictions["correct"].sum() == (predictions["answer"] == "A").sum()
    assert pl.read_csv(tmp_path / "out/answers/models.csv")["n"].to_list() == [80] * 40
    assert "007@en" in (tmp_path / "out/report.html").read_text(encoding="utf-8")

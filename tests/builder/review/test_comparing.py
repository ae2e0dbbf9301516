"""Two versions side by side: blind pages, judgements back, shares of wins, strengths, circular triads."""

from __future__ import annotations

import json
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from benchwright.builder.cli import app
from benchwright.builder.review.agreement import AgreementWish, agreement
from benchwright.builder.review.axes import axes_named
from benchwright.builder.review.comparing.pairs import is_pair, turned, version_pairs
from benchwright.builder.review.comparing.standing import standings, strengths
from benchwright.builder.review.comparing.triads import circular_triads
from benchwright.builder.review.exchange.run import take_files, write_files
from benchwright.builder.review.folder import ReviewFolder
from benchwright.builder.review.judges import position_bias
from benchwright.builder.review.labelstudio.pull import pull_server
from benchwright.builder.review.pushing import RoundWish, material_for, plan_round, push_round
from benchwright.builder.review.states import pair_states, round_states
from benchwright.schemas import Item, Option, Verdict
from benchwright.schemas.errors import UserError
from benchwright.schemas.rows import to_frame
from tests.builder.review.exam import MemoryBoard, chosen, item, write_exam

FORM = {one.name: one for one in axes_named(("preference", "errors"))}
GOOD = {"human": 3, "mega": 2, "small": 1}


def version(number: int, name: str, language: str = "es") -> Item:
    """Return one version of a question, which says in its options how good it is."""
    source = item(number)
    options = tuple(Option(id=one, label=f"{one}.", text=f"{name} {one}{number}") for one in "ABCD")
    return item(number, language, source, id=f"{source.group}@{language}#{name}", options=options)


def written(tmp_path: Path, count: int = 6, names: tuple[str, ...] = tuple(GOOD), **more: Any) -> tuple[Any, ...]:
    _, sources = write_exam(tmp_path / "exam", count)
    path = tmp_path / "exam/versions.parquet"
    made = sorted((version(n, name) for n in range(1, count + 1) for name in names), key=lambda one: one.id)
    to_frame(made, Item).write_parquet(path)
    told: dict[str, Any] = {"reviewers": ("ana@x.org", "ben@x.org"), "axes": ("preference",), **more}
    wish = RoundWish(items=path, project="p", source=sources, pairwise=True, **told)
    return wish, ReviewFolder(tmp_path / "review")


def better(task: dict[str, Any]) -> str:
    """Say which side is better, as somebody would who reads the texts."""
    sides = [next(GOOD[name] for name in GOOD if name in task["data"][f"version_{side}"]) for side in "ab"]
    return "a" if sides[0] > sides[1] else "b"


def test_pairs_are_of_one_question_and_language_and_equal_texts_are_left_out() -> None:
    made = [version(1, "x"), version(1, "y"), version(2, "x"), version(1, "x", "ar"), item(2, "es", item(2))]
    by_id = {one.id: one for one in made}
    pairs, equal = version_pairs(to_frame([by_id[name] for name in sorted(by_id)], Item))
    assert pairs.select("id", "stratum").rows() == [
        ("ex/2024/1/001@es#x|ex/2024/1/001@es#y", "x ~ y"),
        ("ex/2024/1/002@es|ex/2024/1/002@es#x", "- ~ x"),
    ]
    assert equal == 0
    same = [item(1, "es", id="ex/2024/1/001@es#x"), item(1, "es", id="ex/2024/1/001@es#y")]
    assert version_pairs(to_frame(same, Item))[1] == 1


def test_a_round_is_blind_with_sides_by_the_seed_and_repeats_the_other_way(tmp_path: Path) -> None:
    wish, folder = written(tmp_path, 20, per_item=2, repeated=3)
    made = plan_round(wish, folder)
    assert (made.plan.kind, made.plan.items, made.plan.control) == ("pairs", 60, 60)
    tasks = folder.tasks()
    own = tasks.filter(pl.col("role") == "item")
    assert own.height == 120
    assert own.group_by("text_hash", "reviewer").len()["len"].max() == 1
    first = Counter(one.partition("|")[0].rpartition("#")[2] for one in own["item_id"])
    swapped = sum(one > two for one, two in (name.split("|") for name in own["item_id"]))
    assert 40 < swapped < 80
    assert all(20 < count < 60 for count in first.values())
    for row in tasks.filter(pl.col("role") == "repeat").iter_rows(named=True):
        one, two = row["item_id"].split("|")
        assert own.filter((pl.col("item_id") == f"{two}|{one}") & (pl.col("reviewer") == row["reviewer"])).height == 1
    board = MemoryBoard()
    push_round(wish, folder, board, made.plan)
    sent = board.every_task()
    assert len(sent) == 126
    assert not any("#" in str({k: v for k, v in one["data"].items() if not k.startswith("version_")}) for one in sent)
    page = ET.fromstring(next(iter(board.configs.values())))
    assert [one.get("name") for one in page.iter("Text")] == ["original", "version_a", "version_b", "key"]
    assert [one.get("name") for one in page.iter("Choices")] == ["preference"]
    again = ReviewFolder(tmp_path / "again")
    assert plan_round(wish, again).plan == made.plan
    assert again.tasks().equals(tasks)


def test_judgements_come_back_and_tell_the_better_version(tmp_path: Path) -> None:
    wish, folder = written(tmp_path, 10, per_item=2)
    plan = plan_round(wish, folder).plan
    board = MemoryBoard()
    board.users = {1: ("ana@x.org",), 2: ("ben@x.org",)}
    push_round(wish, folder, board, plan)
    for mark, number in board.made.items():
        for task in board.held[number]:
            board.annotate(task, int(mark[-1]), [chosen("preference", better(task))])
    wrong = board.every_task()[0]
    wrong["data"]["version_b"] += " changed"
    done = pull_server(board, folder, "p", FORM)
    assert (done.annotations, done.taken, done.refused, done.partial) == (60, 59, 1, 0)
    assert done.rows[0]["reason"] == "text-changed"
    found = standings(done.verdicts, 100)
    shares = {
        (row["version"], row["against"]): row for row in found.iter_rows(named=True) if "share" in row["statistic"]
    }
    assert shares["human", "mega"]["estimate"] == shares["human", "*"]["estimate"] == 1.0
    assert shares["mega", "*"]["estimate"] == pytest.approx(0.5, abs=0.03)
    logs = found.filter(pl.col("statistic") == "bradley_terry").sort("estimate")
    assert logs["version"].to_list() == ["small", "mega", "human"]
    assert found.filter(pl.col("low") > pl.col("high")).is_empty()
    told = agreement(turned(done.verdicts), AgreementWish(resamples=0))
    assert told.filter(pl.col("statistic") == "percent")["estimate"].to_list() == [1.0]
    assert told["items"][0] >= 29
    assert pair_states(folder.tasks(), done.verdicts)["done"].sum() == 59
    assert pair_states(folder.tasks(), done.verdicts)["pairs"].to_list() == [10, 10, 10]
    assert round_states(folder.tasks(), folder.shown(), done.verdicts, folder.read_decisions()).is_empty()


def test_rounds_of_items_and_of_pairs_stand_in_one_review_with_their_own_questions(tmp_path: Path) -> None:
    wish, folder = written(tmp_path, 4, names=("human", "mega"))
    items = RoundWish(items=wish.items, project="p", source=wish.source, reviewers=wish.reviewers, axes=("errors",))
    plan_round(items, folder)
    more = RoundWish(**{**vars(wish), "next_round": True})
    plan = plan_round(more, folder).plan
    assert (plan.round, plan.kind) == (2, "pairs")
    board = MemoryBoard()
    push_round(more, folder, board, plan)
    asked = {mark: config for mark, number in board.made.items() for config in [board.configs[number]]}
    assert all(('name="preference"' in text) == ("p/2/" in mark) for mark, text in asked.items())
    assert all(('name="errors"' in text) == ("p/1/" in mark) for mark, text in asked.items())
    for mark, number in board.made.items():
        for task in board.held[number]:
            said = chosen("preference", better(task)) if "p/2/" in mark else chosen("errors", "none")
            board.annotate(task, 0, [said])
    done = pull_server(board, folder, "p", FORM)
    assert (done.taken, done.partial, done.refused) == (12, 0, 0)
    with pytest.raises(UserError, match="all of them in earlier rounds"):
        plan_round(more, folder)


def test_a_sheet_of_pairs_comes_back(tmp_path: Path) -> None:
    wish, folder = written(tmp_path, 3, names=("human", "mega"), reviewers=("ana@x.org",))
    plan_round(wish, folder)
    material = material_for(wish, folder)
    (path,), _ = write_files(folder, tmp_path / "out", "csv", list(FORM.values()), material, (), "p")
    text = path.read_text(encoding="utf-8-sig")
    assert "#human" not in text
    head = text.splitlines()[0].split(",")
    assert {"version_a", "version_b", "preference"} <= set(head)
    assert "errors" not in head
    table = pl.read_csv(path, infer_schema=False).with_columns(pl.lit("tie").alias("preference"))
    table.write_csv(path)
    done = take_files(folder, [path], FORM, material, ())
    assert (done.taken, done.refused) == (3, 0)
    assert done.verdicts["value"].to_list() == ["tie"] * 3
    files, notes = write_files(folder, tmp_path / "pear", "pearmut", list(FORM.values()), material, (), "p")
    assert (files, "does not ask" in notes[0]) == ([], True)


@pytest.mark.parametrize("names", [("human",), ()])
def test_nothing_to_compare_is_told(tmp_path: Path, names: tuple[str, ...]) -> None:
    wish, folder = written(tmp_path, 2, names=names or ("human",))
    with pytest.raises(UserError, match="no two versions"):
        plan_round(wish, folder)


def test_one_id_with_two_texts_in_two_tables_is_told(tmp_path: Path) -> None:
    wish, folder = written(tmp_path, 2, names=("human",))
    other = tmp_path / "other.parquet"
    changed = [version(n, "human").replace(stem="otro") for n in (1, 2)]
    to_frame(changed, Item).write_parquet(other)
    with pytest.raises(UserError, match="2 ids stand in both tables"):
        plan_round(RoundWish(**{**vars(wish), "against": other}), folder)
    to_frame([version(n, "mega") for n in (1, 2)], Item).write_parquet(other)
    assert plan_round(RoundWish(**{**vars(wish), "against": other}), folder).plan.items == 2


# Wins of the row over the column in the American League, 1987 (Agresti 2002, "Categorical Data Analysis", table 10.10).
BASEBALL = [
    [0, 7, 9, 7, 7, 9, 11],
    [6, 0, 7, 5, 11, 9, 9],
    [4, 6, 0, 7, 7, 8, 12],
    [6, 8, 6, 0, 6, 7, 10],
    [6, 2, 6, 7, 0, 7, 12],
    [4, 4, 5, 6, 6, 0, 6],
    [2, 4, 1, 3, 1, 7, 0],
]


def test_strengths_are_the_published_ones() -> None:
    found = strengths(np.array([BASEBALL], dtype=np.float64), added=0)[0]
    # The estimates that Agresti prints, Baltimore being 0.
    assert (found - found[-1]).round(2).tolist() == [1.58, 1.44, 1.29, 1.25, 1.11, 0.68, 0.0]


def judged(who: str, one: str, two: str, value: str, question: int = 1) -> Verdict:
    names = [name if "@" in name else f"q/{question}@es#{name}" for name in (one, two)]
    return Verdict(item_id="|".join(names), text_hash="h", reviewer=who, axis="preference", value=value)


def test_shares_rest_on_questions_and_unlinked_versions_have_no_strengths() -> None:
    rows = [judged("r", "x", "y", "a", n) for n in range(6)] + [judged("r", "y", "x", "tie", n) for n in range(6, 8)]
    found = standings(to_frame(rows, Verdict), 200)
    share = found.filter(pl.col("version") == "x").row(0, named=True)
    assert (share["estimate"], share["questions"], share["judgements"], share["ties"]) == (7 / 8, 8, 8, 2)
    rows += [judged("r", "v", "w", "a", n) for n in range(3)]
    logs = standings(to_frame(rows, Verdict), 50).filter(pl.col("statistic") == "bradley_terry")
    assert logs["estimate"].null_count() == 4
    one = standings(to_frame([judged("r", "x", "y", "a")], Verdict))
    assert one["estimate"].null_count() == one.height
    assert set(one["note"]) == {"fewer than two questions"}
    others = standings(to_frame([judged("r", "k/1@es", "k/2@es", "a")], Verdict))
    assert others.is_empty()


def test_intervals_of_shares_hold_the_truth() -> None:
    draw = np.random.default_rng(3)
    held = 0
    for seed in range(60):
        rows = [judged("r", "x", "y", "a" if draw.random() < 0.7 else "b", n) for n in range(60)]
        row = standings(to_frame(rows, Verdict), 200, seed).filter(pl.col("version") == "x").row(0, named=True)
        held += row["low"] <= 0.7 <= row["high"]
    assert held >= 52  # 95 % of 60 less three standard errors


def test_a_version_that_always_wins_is_not_sure_to_win() -> None:
    found = standings(to_frame([judged("r", "x", "y", "a", n) for n in range(5)], Verdict), 100)
    rows = {(row["version"], row["statistic"]): row for row in found.iter_rows(named=True)}
    share = rows["x", "win_share"]
    assert (share["estimate"], share["high"]) == (1.0, 1.0)
    assert share["low"] == pytest.approx(0.5655, abs=1e-3)  # Wilson, 5 of 5
    assert rows["x", "bradley_terry"]["low"] is None
    assert "no interval" in rows["x", "bradley_terry"]["note"]
    thrice = [judged(who, "x", "y", "ab"[n % 2], n) for n in range(10) for who in "rst"]
    wide = standings(to_frame(thrice, Verdict), 400).row(0, named=True)
    assert (wide["low"], wide["high"]) == pytest.approx((0.2366, 0.7634), abs=0.03)  # as 5 of 10, not 15 of 30


def circle(count: int) -> list[Verdict]:
    """Return a tournament with as many circular triads as there can be: each beats the next half of the others."""
    beats = {(one, (one + step) % count) for one in range(count) for step in range(1, count // 2 + 1)}
    names = [f"k/{one}@es" for one in range(count)]
    return [judged("r", names[x], names[y], "a" if (x, y) in beats else "b") for x, y in combinations(range(count), 2)]


@pytest.mark.parametrize("count", [3, 5, 7, 9])
def test_the_most_circular_triads_are_those_of_the_formula(count: int) -> None:
    found = circular_triads(to_frame(circle(count), Verdict), 200)
    row = found.filter(pl.col("reviewer") == "r").row(0, named=True)
    # Kendall and Babington Smith 1940: (n^3 - n) / 24 for odd n.
    assert row["circular"] == (count**3 - count) // 24
    assert row["triads"] == count * (count - 1) * (count - 2) // 6
    assert row["p"] > 0.5


def test_an_order_has_no_circles_and_ties_break_triads() -> None:
    names = [f"k/{one}@es" for one in range(7)]
    order = [judged("r", names[x], names[y], "a") for x, y in combinations(range(7), 2)]
    row = circular_triads(to_frame(order, Verdict)).filter(pl.col("reviewer") == "*").row(0, named=True)
    assert (row["circular"], row["triads"], row["ties"]) == (0, 35, 0)
    assert row["p"] < 0.01
    assert row["by_chance"] == pytest.approx(0.25, abs=0.02)
    tied = [judged("r", names[0], names[1], "tie"), *order[1:]]
    row = circular_triads(to_frame(tied, Verdict), 100).filter(pl.col("reviewer") == "r").row(0, named=True)
    assert (row["triads"], row["ties"]) == (30, 1)
    backwards = [judged("r", names[y], names[x], "b") for x, y in combinations(range(7), 2)]
    assert circular_triads(to_frame(backwards, Verdict), 100)["circular"].to_list() == [0, 0, 0]


def test_coins_are_told_from_judgements_as_often_as_the_test_says() -> None:
    draw = np.random.default_rng(11)
    names = [f"k/{one}@es" for one in range(8)]
    low = 0
    for seed in range(100):
        coins = draw.integers(0, 2, 28)
        rows = [
            judged("r", names[x], names[y], "ab"[coin])
            for (x, y), coin in zip(combinations(range(8), 2), coins, strict=True)
        ]
        p = circular_triads(to_frame(rows, Verdict), 200, seed).filter(pl.col("reviewer") == "r")["p"][0]
        low += p <= 0.05
    assert low <= 12  # 5 % of 100, and three standard errors


def test_a_reviewer_who_takes_the_left_one_is_seen(tmp_path: Path) -> None:
    rows = [judged("r", "x", "y", "a", n) for n in range(4)] + [judged("r", "y", "x", "a", n) for n in range(4)]
    row = position_bias(to_frame(rows, Verdict)).row(0, named=True)
    assert (row["pairs"], row["consistent"], row["first"]) == (4, 0.0, 1.0)


def command(*words: str | Path, code: int = 0) -> Any:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout) if code == 0 else result.output


def test_the_commands_compare_without_a_server(tmp_path: Path) -> None:
    wish, folder = written(tmp_path, 6)
    where = ("--folder", folder.root, "--json")
    push = ("review", "push", wish.items, "--source", wish.source, *where, "--dry-run")
    told = command(*push, "--pairwise", "--reviewers", "ana@x,ben@x", "--per-item", "2", "--budget", "12")
    assert told["plan"]["control"] == 12
    assert told["plan"]["axes"] == ["preference"]
    command("review", "export", wish.items, "--source", wish.source, *where, "--format", "csv", "-o", tmp_path / "s")
    files = sorted((tmp_path / "s").iterdir())
    for path in files:
        table = pl.read_csv(path, infer_schema=False)
        said = [better({"data": row}) for row in table.iter_rows(named=True)]
        table.with_columns(pl.Series("preference", said)).write_csv(path)
    taken = command("review", "import", *files, "--items", wish.items, "--source", wish.source, *where)
    assert taken["taken"] == 24
    found = command("review", "agreement", *where, "--resamples", "50")
    logs = {one["version"]: one["estimate"] for one in found["versions"] if one["statistic"] == "bradley_terry"}
    assert logs["human"] > logs["mega"] > logs["small"]
    assert found["agreement"][0]["estimate"] == 1.0
    assert all(is_pair(one) for one in folder.read_verdicts()["item_id"])
    assert command("review", "status", wish.items, *where)["pairs"][0]["pairs"] == 4
    settled = command("review", "adjudicate", wish.items, *where)
    assert (settled["decisions"], settled["conflicts"]) == (0, [])
    assert "only --pairwise" in command(*push, "--against", wish.items, code=2)

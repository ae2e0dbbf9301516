"""Many tasks: what is listed and fetched, what a killed pull keeps, how large a batch is."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.review.folder import ReviewFolder
from benchwright.builder.review.labelstudio.pull import pull_server
from benchwright.builder.review.labelstudio.push import batch_size
from benchwright.builder.review.pushing import plan_round, push_round
from benchwright.schemas.errors import UserError
from tests.builder.review.exam import Killed, MemoryBoard, chosen
from tests.builder.review.test_push_pull import FORM, planned, pushed, tasks_of


def test_a_killed_pull_goes_on_with_the_rest_and_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchwright.builder.review.labelstudio.fetch._BATCH", 5)
    board, folder = pushed(tmp_path)
    for user, who in ((1, "R01"), (2, "R02")):
        for task in tasks_of(board, who):
            board.annotate(task, user, [chosen("errors", "none")])
    exports = iter([None, None, None, Killed()])

    def kill(call: str) -> None:
        if call == "export" and (error := next(exports, None)):
            raise error

    board.before = kill
    with pytest.raises(Killed):
        pull_server(board, folder, "p", FORM)
    assert board.fetched == 12  # batches of 5, 5 and 2 tasks
    changed = next(task for task in tasks_of(board, "R01"))
    board.annotate(changed, 1, [chosen("errors", "critical")], updated_at="2027-01-01T00:00:00Z")
    withdrawn = tasks_of(board, "R01")[-1]
    withdrawn["annotations"].clear()
    done = pull_server(board, folder, "p", FORM)
    assert board.fetched == 12 + 1 + 12
    assert (done.verdicts.height, done.doubled) == (23, 1)
    assert done.verdicts.filter(pl.col("value") == "critical")["item_id"].to_list() == [changed["data"]["item_id"]]
    assert not folder.people.with_name("pulling").exists()


def test_a_new_project_is_not_listed_and_a_lost_task_is_seen_by_the_count(tmp_path: Path) -> None:
    wish, folder = planned(tmp_path)
    board = MemoryBoard()
    push_round(wish, folder, board, folder.plans()[-1])
    assert board.lists == 0
    push_round(wish, folder, board, folder.plans()[-1])
    assert board.lists == 2

    def lose(call: str) -> None:
        if call == "add":
            next(iter(held for held in board.held.values() if held)).pop()

    other = ReviewFolder(tmp_path / "other")
    plan_round(wish, other)
    board = MemoryBoard()
    board.after = lose
    with pytest.raises(UserError, match="lost tasks"):
        push_round(wish, other, board, other.plans()[-1])
    board.after = lambda _: None
    assert push_round(wish, other, board, other.plans()[-1]).added == 13


def test_a_batch_ends_at_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchwright.builder.review.labelstudio.push._BYTES", 100)
    tasks = [{"data": {"text": "x" * size}} for size in (300, 60, 30, 20, 5)]
    assert [batch_size(tasks[start:]) for start in range(5)] == [1, 2, 3, 2, 1]

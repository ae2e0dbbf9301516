"""What the answers to probes say: how much of the exam a model can finish, beside what chance would give."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import comb
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz.distance import LCSseq

from benchwright.builder.contamination.index import plain_words
from benchwright.builder.contamination.probes import EXPECTED
from benchwright.builder.store import write_json, write_table
from benchwright.schemas.errors import InputError, NotFoundError, Problem

__all__ = ["ProbeScores", "score_probes"]

_TESTED: Final = 300
"""Answers that are compared with the texts of all others; more are drawn from."""
_ROUNDS: Final = 10_000
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ProbeScores:
    """One row per answer, and what they say together."""

    rows: pl.DataFrame
    summary: dict[str, Any]


def score_probes(folder: Path, answers: Path, *, seed: int = 0) -> ProbeScores:
    """Score answers of a model and write ``scores.parquet`` and ``scores.json`` beside the probes.

    A completion has ``share``, the longest common subsequence of words as a share of the expected ones, and ``exact``.
    Whether the shares are more than texts of one exam share anyway is told by comparing each answer with the expected
    texts of other items of its language, drawn anew in ten thousand rounds; ``p`` is the share of rounds that reach the
    mean. The guided and the plain prompt are compared by flipping signs of their differences. Orders are tested
    against one half.

    Raises:
        NotFoundError: the folder holds no probes, or there is no file of answers.
        InputError: ``file-unreadable``: a line of the answers is no JSON object with ``probe_id`` and ``answer``, or
            two lines answer one probe.
    """
    wanted = {one["probe_id"]: one for one in _rows(folder / EXPECTED, ("probe_id", "expected"))}
    given: dict[str, str] = {}
    for place, one in enumerate(_rows(answers, ("probe_id", "answer")), 1):
        if one["probe_id"] in given:
            raise _unreadable(answers, place, f"a second answer to {one['probe_id']}")
        given[one["probe_id"]] = str(one["answer"])
    known = sorted(given.keys() & wanted.keys())
    rows = [
        {name: wanted[one][name] for name in ("probe_id", "item_id", "kind", "language", "expected")}
        | {"answer": given[one]}
        for one in known
    ]
    draw = np.random.default_rng(seed)
    frame = _scored(rows)
    summary: dict[str, Any] = {
        "probes": len(wanted),
        "answers": len(known),
        "answers_missing": len(wanted) - len(known),
        "answers_unknown": len(given) - len(known),
    }
    for kind in ("completion-guided", "completion-plain"):
        if some := [row for row in rows if row["kind"] == kind]:
            summary[kind] = _completion(some, draw)
    if (both := _guidance(frame, draw)) is not None:
        summary["guided-beside-plain"] = both
    orders = frame.filter(pl.col("kind") == "order")
    if orders.height:
        right = int(orders["exact"].sum())
        summary["order"] = {"answers": orders.height, "right": right, "p": _half(right, orders.height)}
    write_table(folder / "scores.parquet", frame)
    write_json(folder / "scores.json", summary)
    return ProbeScores(frame, summary)


def _scored(rows: list[dict[str, Any]]) -> pl.DataFrame:
    expected = plain_words([row["expected"] for row in rows])
    answered = plain_words([row["answer"] for row in rows])
    made = [
        {
            "probe_id": row["probe_id"],
            "item_id": row["item_id"],
            "kind": row["kind"],
            "exact": bool(one) and one == other[: len(one)],
            "share": None if row["kind"] == "order" else _share(one, other),
        }
        for row, one, other in zip(rows, expected, answered, strict=True)
    ]
    schema = {
        "probe_id": pl.String,
        "item_id": pl.String,
        "kind": pl.String,
        "exact": pl.Boolean,
        "share": pl.Float64,
    }
    return pl.DataFrame(made, schema=schema)


def _share(expected: tuple[bytes, ...], answer: tuple[bytes, ...]) -> float:
    # What a model adds behind the text is cut off: a long answer would find any words.
    return LCSseq.similarity(expected, answer[: 2 * len(expected)]) / len(expected) if expected else 0.0


def _completion(rows: list[dict[str, Any]], draw: np.random.Generator) -> dict[str, Any]:
    expected = plain_words([row["expected"] for row in rows])
    answered = plain_words([row["answer"] for row in rows])
    shares = np.array([_share(*both) for both in zip(expected, answered, strict=True)])
    exact = sum(bool(one) and one == other[: len(one)] for one, other in zip(expected, answered, strict=True))
    chosen = np.sort(draw.permutation(len(rows))[:_TESTED])
    matrix = np.array([[_share(expected[one], answered[other]) for one in chosen] for other in chosen])
    languages = np.array([rows[at]["language"] for at in chosen])
    means = np.zeros(_ROUNDS)
    for language in np.unique(languages):
        own = np.flatnonzero(languages == language)
        order = draw.permuted(np.tile(own, (_ROUNDS, 1)), axis=1)
        means += matrix[own[None, :], order].sum(axis=1)
    means /= len(chosen)
    observed = float(np.trace(matrix) / len(chosen))
    return {
        "answers": len(rows),
        "exact": exact,
        "share": round(float(shares.mean()), 4),
        "share_by_chance": round(float(means.mean()), 4),
        "tested": len(chosen),
        "p": float((1 + np.count_nonzero(means >= observed - 1e-12)) / (_ROUNDS + 1)),
    }


def _guidance(frame: pl.DataFrame, draw: np.random.Generator) -> dict[str, Any] | None:
    """Compare the shares of both prompts of the same items."""
    sides = [
        frame.filter(pl.col("kind") == f"completion-{kind}").select("item_id", pl.col("share").alias(kind))
        for kind in ("guided", "plain")
    ]
    both = sides[0].join(sides[1], on="item_id")
    if both.is_empty():
        return None
    differences: _Floats = (both["guided"] - both["plain"]).to_numpy()
    mean = float(differences.mean())
    # Sums of signed differences, a thousand rounds at once: a round for each row would be a table of gigabytes.
    reached = sum(
        int(
            np.count_nonzero(
                (draw.choice((-1.0, 1.0), (1000, len(differences))) @ differences) / len(differences) >= mean
            )
        )
        for _ in range(_ROUNDS // 1000)
    )
    return {"items": both.height, "difference": round(mean, 4), "p": (1 + reached) / (_ROUNDS + 1)}


def _half(right: int, n: int) -> float:
    """Return the probability of so many or more of n by guessing one of two."""
    ways: int = sum(comb(n, k) for k in range(right, n + 1))
    return float(min(1.0, ways / 2**n))


def _rows(path: Path, needed: tuple[str, ...]) -> list[dict[str, Any]]:
    if not path.is_file():
        raise NotFoundError(
            Problem("file-not-found", "there is no such file", str(path), remedy="run --probe export first")
        )
    rows = []
    for place, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise _unreadable(path, place, str(error)) from error
        if not isinstance(row, dict) or any(not isinstance(row.get(name), str) for name in needed):
            raise _unreadable(path, place, line[:80])
        rows.append(row)
    return rows


def _unreadable(path: Path, place: int, found: str) -> InputError:
    expected = "a JSON object with probe_id and answer, one for each probe"
    return InputError(
        Problem("file-unreadable", "a line of the answers cannot be read", str(path), f"line {place}", found, expected)
    )

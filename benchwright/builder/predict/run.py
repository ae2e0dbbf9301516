"""Items -> prompts -> answers of a model, resumable, as a table of predictions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.audits import judged
from benchwright.builder.answers._options import answered, option_table
from benchwright.builder.predict._asked import Asked, ask
from benchwright.builder.predict._model import Model
from benchwright.builder.store import write_table, writing
from benchwright.schemas.rows import table_schema
from benchwright.schemas.signature import signature
from benchwright.schemas.tables import Prediction
from benchwright.schemas.text import sha256_text

__all__ = ["PredictRun", "PredictWish", "counted", "predict_items"]

_CHUNK: Final = 2_000
_HASH: Final = 12

Progress = Callable[[str, int, int, str], None]


@dataclass(frozen=True)
class PredictWish:
    """How items are shown, and how often. ``condition`` is one of those of :mod:`_asked`."""

    condition: str = "full"
    repeats: int = 1
    seed: int = 0


@dataclass(frozen=True)
class PredictRun:
    """What was asked: prompts of this run and from the cache, answers that name no option, and prompts that failed."""

    asked: int
    cached: int
    unread: int
    failed: list[tuple[str, str]]
    skipped: int
    """Items without two options."""
    accuracy: dict[str, tuple[int, int]]
    """Right answers and keyed ones, by language."""


def predict_items(
    items: pl.DataFrame, model: Model, wish: PredictWish, out: Path, *, progress: Progress | None = None
) -> PredictRun:
    """Ask a model all items and write its answers.

    Every reply is appended to ``<out>.replies.jsonl`` as it comes: a run that was stopped asks what is missing, and a
    prompt that failed is asked again. The same prompt to the same model in the same setting is never paid twice.

    Raises:
        InputError: the server refuses key, address or model; the model cannot be loaded.
        OutputError: the output cannot be written.
    """
    setting = _setting(model, wish)
    asked = list(_all(items, wish))
    log = out.with_name(f"{out.name}.replies.jsonl")
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    known = _replies(log, setting)
    left = [one for one in asked if one.name not in known]
    failed = []
    with writing(log), log.open("a", encoding="utf-8") as stream:
        for done, said in enumerate(model.answers(left), 1):
            name = said.asked.name
            if said.fault is not None:
                failed.append((said.asked.item_id, said.fault))
                continue
            known[name] = _Reply(said.text or "", said.scores)
            line = {"setting": setting, "name": name, "said": said.text, "scores": said.scores}
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
            stream.flush()
            if progress:
                progress("predict", done, len(left), said.asked.item_id)
    table = _table(items, [one for one in asked if one.name in known], known, model, wish, setting)
    write_table(out, table)
    told = table.filter(pl.col("correct").is_not_null()).group_by("language").agg(pl.col("correct").sum(), pl.len())
    return PredictRun(
        len(left) - len(failed),
        len(asked) - len(left),
        table["answer"].null_count(),
        sorted(failed),
        items.height * wish.repeats - len(asked),
        {language: (right, n) for language, right, n in told.sort("language").iter_rows()},
    )


def counted(items: pl.DataFrame, wish: PredictWish) -> tuple[int, int]:
    """Return how many prompts a run would send, and their characters."""
    lengths = [len(one.prompt) for one in _all(items, wish)]
    return len(lengths), sum(lengths)


@dataclass(frozen=True)
class _Reply:
    """What was said to a prompt, with the scores of the options as shown where there are any."""

    said: str
    scores: tuple[float, ...] = ()


def _setting(model: Model, wish: PredictWish) -> str:
    order = wish.seed if wish.condition == "shuffled" else None
    return signature("predict", version=1, **model.setting(), order=order)


def _all(items: pl.DataFrame, wish: PredictWish) -> Iterator[Asked]:
    """Yield the prompts; one row at a time, because each is one text that goes over the wire."""
    rows = items.sort("id").select("id", "group", "language", "kind", "context", "stem", "options")
    for row in rows.iter_rows(named=True):
        for repeat in range(wish.repeats):
            one = ask(row, wish.condition, repeat, wish.seed)
            if one is not None:
                yield one


def _replies(log: Path, setting: str) -> dict[str, _Reply]:
    """Return what was said in this setting; a last line that was cut off is asked again."""
    known: dict[str, _Reply] = {}
    if not log.exists():
        return known
    with log.open("rb+") as stream:
        whole = 0
        for line in stream:
            try:
                one: dict[str, Any] = json.loads(line)
            except ValueError:
                break
            whole += len(line)
            if one.get("setting") == setting:
                known[one["name"]] = _Reply(one["said"] or "", tuple(one.get("scores", ())))
        stream.truncate(whole)
    return known


def _table(
    items: pl.DataFrame, asked: list[Asked], known: dict[str, _Reply], model: Model, wish: PredictWish, setting: str
) -> pl.DataFrame:
    options = option_table(items)
    texts = {(item, option): said for item, option, said in options.select("item_id", "option", "said").iter_rows()}
    own = dict(options.group_by("item_id", maintain_order=True).agg("option").iter_rows())
    parts = [pl.DataFrame(schema=table_schema(Prediction))]
    for start in range(0, len(asked), _CHUNK):
        chunk = asked[start : start + _CHUNK]
        rows = pl.DataFrame(
            {
                "item_id": [one.item_id for one in chunk],
                "group": [one.group for one in chunk],
                "language": [one.language for one in chunk],
                "answer": [known[one.name].said for one in chunk],
                "scores": [_own_order(one, known[one.name].scores, own) for one in chunk],
                "place": pl.Series([None] * len(chunk), dtype=pl.Int64),
                "options": [[texts[one.item_id, name] for name in one.shown] for one in chunk],
                "order": [list(one.shown) if one.moved else [] for one in chunk],
                "prompt_hash": [sha256_text(one.prompt)[:_HASH] for one in chunk],
                "repeat": [one.repeat for one in chunk],
            },
            schema_overrides={
                "options": pl.List(pl.String),
                "order": pl.List(pl.String),
                "repeat": pl.Int64,
                "scores": pl.List(pl.Float64),
            },
        )
        parts.append(_shaped(answered(rows, options), model, wish, setting))
    told = pl.concat(parts).sort("item_id", "repeat")
    right = judged(items.lazy(), told.lazy()).collect()
    return right.with_columns(pl.col("right").alias("correct")).select(list(table_schema(Prediction)))


def _own_order(asked: Asked, scores: tuple[float, ...], own: dict[str, list[str]]) -> list[float]:
    """Return the scores in the order of the item's options."""
    if not scores:
        return []
    told = dict(zip(asked.shown, scores, strict=True))
    return [told[option] for option in own[asked.item_id]]


def _shaped(rows: pl.DataFrame, model: Model, wish: PredictWish, setting: str) -> pl.DataFrame:
    made = rows.select(
        "group",
        "item_id",
        pl.lit(None).alias("revision"),
        pl.lit(None).alias("dataset_version"),
        "language",
        pl.lit(model.model).alias("model"),
        pl.lit(hashlib.sha256(setting.encode()).hexdigest()[:_HASH]).alias("setting_hash"),
        pl.lit(wish.condition).alias("condition"),
        "prompt_hash",
        "repeat",
        pl.col("option").alias("answer"),
        pl.lit(None).alias("correct"),
        pl.col("scores").alias("loglikelihoods"),
        pl.col("order").alias("shown"),
    )
    return made.select([pl.col(name).cast(dtype) for name, dtype in table_schema(Prediction).items()])

"""Items as the questions of an evaluation: letters, prompt, answers, pictures; and what cannot be asked, with why."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl

from benchwright.builder._words import Words, words_of
from benchwright.builder.release.models import MANIFEST
from benchwright.builder.release.verify import read_manifest
from benchwright.builder.tables import items_table
from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.item import Item

__all__ = ["Picture", "Question", "Questions", "TaskWish", "prompt_of", "questions_of"]

Form = Literal["mcq", "open"]
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CHOICE: Final = {"single", "multiple", "true_false"}
_OPEN: Final = {"short_answer", "open", "numeric"}
TEST: Final = "test"


@dataclass(frozen=True)
class TaskWish:
    """What the user says of an export to an evaluation program."""

    name: str = "exam"
    """Name of the task; languages are added to it."""
    languages: tuple[str, ...] = ()
    """Empty takes all."""
    shots: int = 0
    """Solved examples before each question."""
    shots_from: str | None = None
    """Split that they come from; null takes a split other than test, or else sets questions of the test apart."""
    form: Form = "mcq"
    """``mcq`` asks for a letter, ``open`` hides the options and asks for the answer in words."""
    prompt: Literal["native", "english"] = "native"
    """Language of the words around the question."""
    images: bool = False
    """Whether pictures are part of the questions; else questions that need one are left out."""
    rationale: bool = False
    """Whether the solved examples explain the answer."""


@dataclass(frozen=True)
class Picture:
    """One picture of a question."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Question:
    """One question as it is asked."""

    id: str
    group: str
    language: str
    exam: str
    subject: str | None
    kind: str
    text: str
    """Context and stem."""
    options: tuple[tuple[str, str, str], ...]
    """Letter, option id and text."""
    answers: tuple[tuple[str, ...], ...]
    """Complete correct responses, as letters."""
    accepted: tuple[str, ...]
    """Right answers in words: accepted texts, or the texts of the right options."""
    rationale: str | None
    pictures: tuple[Picture, ...]
    points: float | None
    revision: int | None

    @property
    def several(self) -> bool:
        """Tell whether a response must name several options, so that one letter is not enough."""
        return self.kind == "multiple" or any(len(one) != 1 for one in self.answers)


@dataclass(frozen=True)
class Questions:
    """What is asked, what is shown solved before it, and what was left out."""

    name: str
    version: str | None
    canary: str | None
    wish: TaskWish
    asked: list[Question]
    shots: dict[str, list[Question]]
    """Solved examples by language; none of them, nor another question of its vignette, is asked."""
    left_out: dict[str, list[str]]
    """Ids of items that cannot be asked, by reason."""
    pass_rules: dict[str, dict[str, Any]]
    """Rule by which people pass, by exam."""

    def by_language(self) -> dict[str, list[Question]]:
        """Return the questions of each language."""
        found: dict[str, list[Question]] = defaultdict(list)
        for one in self.asked:
            found[one.language].append(one)
        return dict(sorted(found.items()))

    def words(self, language: str) -> Words:
        """Return the words around the questions of a language."""
        return words_of("en" if self.wish.prompt == "english" else language)


def questions_of(source: Path, wish: TaskWish) -> Questions:
    """Return the questions of a release or table of items.

    Raises:
        NotFoundError: there is no such table.
        InputError: nothing can be asked, or there are too few questions for the examples.
    """
    frame, name, version, canary = _read(source, images=wish.images)
    if wish.languages:
        frame = frame.filter(pl.col("language").is_in(list(wish.languages)))
    asked: dict[str, list[Question]] = defaultdict(list)
    left: dict[str, list[str]] = defaultdict(list)
    contexts: dict[str, str] = {}
    # A loop over rows: each is written as text for one evaluation.
    for row in frame.iter_rows(named=True):
        why = _why_not(row, wish)
        if why is not None:
            left[why].append(row["id"])
            continue
        asked[row["split"]].append(_question(row))
        contexts[row["id"]] = _unit(row)
    shots, whole = _shots(asked, wish, contexts, left)
    if not whole:
        raise InputError(
            Problem(
                code="release-no-items",
                message="there is nothing to ask",
                file=str(source),
                found="; ".join(f"{why}: {len(ids)}" for why, ids in sorted(left.items())) or "0 items",
                expected="items with a key and texts, in the languages that are asked for",
                remedy="see the reasons; --images takes questions with pictures, where the format holds them",
            )
        )
    rules = {
        row["exam"]["code"]: row["exam"]["pass_rule"]
        for row in frame.select("exam").iter_rows(named=True)
        if row["exam"]["pass_rule"]
    }
    own = replace(wish, name=wish.name if wish.name != TaskWish.name else name)
    return Questions(own.name, version, canary, own, whole, shots, dict(sorted(left.items())), rules)


def _read(source: Path, *, images: bool) -> tuple[pl.DataFrame, str, str | None, str | None]:
    """Return the items with ``split`` and ``images``, and name, version and canary."""
    manifest = read_manifest(source) if (source / MANIFEST).is_file() else None
    if manifest is not None:
        frames = [
            _without_bytes(pl.read_parquet(source / row["file"]), images=images).with_columns(
                split=pl.lit(row["split"])
            )
            for row in manifest.facts["tables"]
        ]
        whole = pl.concat(frames).select(*Item.model_fields, "withheld", "images", "split").sort("id")
        return whole, manifest.name, manifest.version, str(manifest.facts["canary"])
    items = items_table(source).select(list(Item.model_fields)).sort("id")
    folder = next(
        (one for one in (source / "media", source / "build" / "media") if one.is_dir()), source.parent / "media"
    )
    found = [_loaded(folder, media, images=images) for media in items["media"].to_list()]
    dtype = pl.List(pl.Struct({"bytes": pl.Binary, "path": pl.String}))
    added = items.with_columns(
        pl.lit(None, pl.String).alias("withheld"), pl.Series("images", found, dtype=dtype), pl.lit(TEST).alias("split")
    )
    return added, TaskWish.name, None, None


def _without_bytes(rows: pl.DataFrame, *, images: bool) -> pl.DataFrame:
    """Return the items with the names alone of their pictures where nobody asks for more: all may be large."""
    if images:
        return rows
    nothing = pl.lit(None, pl.Binary).alias("bytes")
    return rows.with_columns(
        pl.col("images").list.eval(pl.element().struct.with_fields(nothing)).cast(rows.schema["images"])
    )


def _loaded(folder: Path, media: list[dict[str, Any]], *, images: bool) -> list[dict[str, Any]]:
    wanted = [one["file"] for one in media if one["file"] and str(one["media_type"]).startswith("image/")]
    there = [one for one in wanted if (folder / one).is_file()]
    return [{"bytes": (folder / one).read_bytes() if images else None, "path": one} for one in there]


def _why_not(row: dict[str, Any], wish: TaskWish) -> str | None:
    key = row["key"]
    if row["withheld"] is not None:
        return "its texts are withheld"
    if key["status"] in {"annulled", "unknown"} or not (key["answers"] or key["accepted"] or row["numeric"]):
        return "it has no key"
    known = {option["id"] for option in row["options"]}
    if known and not all(set(response) <= known for response in key["answers"]):
        return "its key names an option that it does not have"
    if row["kind"] not in _CHOICE | _OPEN:
        return f"a question of kind {row['kind']} is not asked"
    if row["kind"] in _OPEN and wish.form == "mcq":
        return "it has no options (--form open asks it)"
    if row["kind"] in _CHOICE and len(row["options"]) > len(_LETTERS):
        return "it has more options than letters"
    pictured = row["needs_image"] == "yes" or any(one["attached_to"].startswith("option") for one in row["media"])
    if pictured and not (wish.images and row["images"]):
        return "it needs a picture (--images)" if row["images"] else "it needs a picture that is not there"
    if wish.form == "open" and row["kind"] in _CHOICE and (row["kind"] != "single" or len(key["answers"]) != 1):
        return "its answer is no single text"
    return None


def _unit(row: dict[str, Any]) -> str:
    return f"{row['exam']['code']} {row['context']['id']}" if row["context"] else row["group"]


def _question(row: dict[str, Any]) -> Question:
    letters = {option["id"]: _LETTERS[place] for place, option in enumerate(row["options"])}
    texts = {option["id"]: option["text"] for option in row["options"]}
    key = row["key"]
    accepted = list(key["accepted"])
    if row["numeric"]:
        accepted.append(" ".join(filter(None, (f"{row['numeric']['value']:g}", row["numeric"]["unit"]))))
    accepted += [texts[one[0]] for one in key["answers"] if len(one) == 1]
    explained = [one["text"] for one in row["rationales"] if one["language"] == row["language"]]
    subject = next((one["value"] for one in row["labels"] if one["taxonomy"] == "subject"), row["exam"]["specialty"])
    stem = row["stem"] if row["context"] is None else f"{row['context']['text']}\n\n{row['stem']}"
    return Question(
        id=row["id"],
        group=row["group"],
        language=row["language"],
        exam=row["exam"]["code"],
        subject=subject,
        kind=row["kind"],
        text=stem,
        options=tuple((letters[one["id"]], one["id"], one["text"]) for one in row["options"]),
        answers=tuple(tuple(sorted(letters[one] for one in response)) for response in key["answers"]),
        accepted=tuple(dict.fromkeys(accepted)),
        rationale=explained[0] if explained else None,
        pictures=tuple(Picture(one["path"], one["bytes"]) for one in row["images"]),
        points=row["exam"]["points"],
        revision=row["revision"],
    )


def _shots(
    by_split: dict[str, list[Question]], wish: TaskWish, units: dict[str, str], left: dict[str, list[str]]
) -> tuple[dict[str, list[Question]], list[Question]]:
    """Return the solved examples by language, and the questions that are asked."""
    source = wish.shots_from or next((name for name in sorted(by_split) if name != TEST), TEST)
    pool = by_split.get(source, [])
    asked = [one for name, some in sorted(by_split.items()) for one in some if name == TEST or not wish.shots]
    if not wish.shots:
        return {}, asked
    shots: dict[str, list[Question]] = {}
    # By unit, so that the same questions are shown in all languages, and nothing of them is asked.
    plain = [one for one in pool if not one.several and not one.pictures]
    order = sorted({units[one.id] for one in plain}, key=lambda unit: hashlib.sha256(unit.encode()).digest())
    for language in sorted({one.language for one in asked}):
        own = {units[one.id]: one for one in reversed(plain) if one.language == language}
        shots[language] = [own[unit] for unit in order if unit in own][: wish.shots]
        if len(shots[language]) < wish.shots:
            raise InputError(
                Problem(
                    code="release-no-items",
                    message=f"there are too few questions in {language} for {wish.shots} examples",
                    found=f"{len(shots[language])} in split {source}",
                    expected=f"{wish.shots} questions with one right option and no picture",
                    remedy="ask for fewer examples, or name another split with --shots-from",
                )
            )
    shown = {units[one.id] for some in shots.values() for one in some}
    kept = [one for one in asked if units[one.id] not in shown]
    gone = [one.id for one in asked if units[one.id] in shown]
    if gone:
        left["it is shown as a solved example, or shares its vignette"] = gone
    return shots, kept


def prompt_of(one: Question, words: Words, wish: TaskWish, *, solved: bool = False) -> str:
    """Return a question as text, ending where the answer begins, or with the answer."""
    lines = [f"{words.question}: {one.text}"]
    if wish.form == "mcq":
        lines += [f"{letter}. {text}" for letter, _, text in one.options]
        lines.append(words.choose_all if one.several else words.choose_one)
    else:
        lines.append(words.briefly)
    if solved and wish.rationale and one.rationale:
        lines.append(f"{words.explanation}: {one.rationale}")
    answer = f"{words.answer}:"
    if solved:
        told = ", ".join(one.answers[0]) if wish.form == "mcq" else one.accepted[0]
        answer = f"{answer} {told}"
    return "\n".join([*lines, answer])

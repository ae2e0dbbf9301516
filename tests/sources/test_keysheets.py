"""Key files drawn at random: column pairs, turned pages, several keys in one file, cells of annulled questions."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from benchwright.schemas.papers import KeySheet, PaperJob
from benchwright.sources._join import canonical_label
from benchwright.sources.pdf import KEYS
from tests.typesetter.families.keysheet import Form, KeyStyle, OneKey, Turn, key_truth, print_key_sheet
from tests.typesetter.model import Responses
from tests.typesetter.styles import word

ALPHABETS = {"ja": "katakana", "he": "hebrew", "ru": "cyrillic", "el": "greek", "ko": "circled"}
LANGUAGES = ("es", "en", "pl", "zh-Hant", "tr", "fr", *ALPHABETS)
FORMS: tuple[Form, ...] = ("down", "down", "across", "rows", "runs", "lines")
TURNS: tuple[Turn, ...] = ("none", "none", "page", "text")
NAMES = ("Cardiovel", "Nefrosal", "Ortovelk", "Pediambro", "Radiocord", "Urovelt")
SIGNS = ("*", "X", "-")


def drawn(seed: int) -> tuple[str, KeyStyle, list[OneKey]]:
    """A language, a style and keys; what nobody could tell apart is not drawn."""
    pick = random.Random(f"key sheet {seed}")
    language = pick.choice(LANGUAGES)
    form, pairs = pick.choice(FORMS), pick.choice((2, 3, 4, 5, 6, 8))
    runs = form == "runs"
    style = KeyStyle(
        form=form,
        pairs=pairs,
        headers=pick.random() < 0.6,
        ruled=pick.random() < 0.5,
        turn=pick.choice(TURNS),
        number=pick.choice(("{}.", "{}-", "{}:", "{}) ") if runs else ("{}", "{}", "{}.", "{})", "{:0>2}", "{:0>3}")),
        answers=pick.choice(("upper:{}", "digit:{}", f"{ALPHABETS.get(language, 'lower')}:{{}}")),
        annulled=pick.choice((None, *SIGNS[: 2 if runs else 3])),
        own_page=pick.random() < 0.5,
        depth=pick.choice((12, 25, 34)),
    )
    if pairs >= 6 and style.annulled is None:
        style = replace(style, annulled="*")
    if style.annulled is not None:
        style = replace(style, legend=f"({style.annulled}) {word(language, 'annulled')}")
    count, files = pick.choice((20, 35, 50, 80, 100, 130, 200)), pick.choice((1, 1, 3, 6))
    keys = [
        OneKey(
            NAMES[k] if files > 1 else "",
            _answers(pick, count - pick.choice((0, 0, 7)), lower="lower" in style.answers),
        )
        for k in range(files)
    ]
    return language, style, keys


def _answers(pick: random.Random, count: int, *, lower: bool) -> tuple[tuple[int, Responses], ...]:
    answers: list[tuple[int, Responses]] = [
        (number, () if pick.random() < 0.04 else ((pick.choice("ABCD"),),)) for number in range(1, count + 1)
    ]
    if not lower:  # between small letters "a" and "e" are answers as well as words
        answers[pick.randrange(count)] = (0, ())
        answers = [(place, answer) for place, (_, answer) in enumerate(answers, 1)]
    return tuple(answers)


def job(key: OneKey, language: str) -> PaperJob:
    """The job of one booklet, whose key has a heading where the file holds several."""
    return PaperJob(
        file="key.pdf", sha256="0" * 64, exam="x", edition="2031", part="1", language=language, role="key",
        table=key.heading or None,
    )  # fmt: skip


def told(sheet: KeySheet) -> dict[str, object]:
    """What a sheet says of each number."""
    return {
        entry.number: sorted([canonical_label(one) for one in response] for response in entry.answers)
        if entry.status != "unknown"
        else "unknown"
        for entry in sheet.entries
    }


@pytest.mark.parametrize("seed", range(48))
def test_every_cell_of_every_key_is_read(tmp_path: Path, seed: int) -> None:
    language, style, keys = drawn(seed)
    path = print_key_sheet(tmp_path / "key.pdf", f"2031. {word(language, 'key')}", keys, style, language)
    for key in keys:
        truth = {
            number: sorted([canonical_label(one) for one in response] for response in answers)
            for number, answers in key_truth(key, style).items()
        }
        assert told(KEYS.read_key(path, job(key, language))) == truth, style


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_that_no_legend_explains_is_unknown(tmp_path: Path, sign: str) -> None:
    answers = tuple((number, () if number == 7 else (("B",),)) for number in range(1, 31))
    path = print_key_sheet(
        tmp_path / "key.pdf", "2031", [OneKey("", answers)], KeyStyle(annulled=sign, answers="upper:{}"), "es"
    )
    assert told(KEYS.read_key(path, job(OneKey("", ()), "es")))["7"] == "unknown"


@pytest.mark.parametrize("turn", ["page", "text"])
def test_cells_of_a_turned_page_are_found_where_they_stand(tmp_path: Path, turn: Turn) -> None:
    answers: tuple[tuple[int, Responses], ...] = tuple((number, (("ABCD"[number % 4],),)) for number in range(1, 41))
    path = print_key_sheet(tmp_path / "key.pdf", "2031", [OneKey("", answers)], KeyStyle(turn=turn), "es")
    entries = KEYS.read_key(path, job(OneKey("", ()), "es")).entries
    boxes = {(entry.x0, entry.y0, entry.x1, entry.y1) for entry in entries}
    width, height = (841.89, 595.28) if turn == "page" else (595.28, 841.89)
    assert len(boxes) == 40
    assert all(
        None not in (x0, y0, x1, y1) and 0 < x0 < x1 < width and 0 < y0 < y1 < height  # type: ignore[operator]
        for x0, y0, x1, y1 in boxes
    )

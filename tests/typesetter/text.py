"""Seeded exams of made-up items in sixteen languages; no sentence comes from a real paper."""

from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.typesetter.model import Figure, PrintExam, PrintItem, PrintOption, Responses, letter, options_of
from tests.typesetter.pictures import picture
from tests.typesetter.styles import word

_LABS = (
    "Na⁺ {a} mmol/L",
    "4.{b} × 10⁹/L",
    "pH 7.{b}",
    "{a} mg/dL",
    "{b} % (0–{a})",
    "CO₂ {a} mmHg",
    "< 0.{b} µg/mL",
    "{a}–{c} U/L",
)
_DOSES = ("{b} mg", "{a} mg/kg", "0.{b} mL/h", "{a} µg", "{b},5 g")


@cache
def phrases() -> dict[str, dict[str, Any]]:
    """The sentences by language."""
    return tomllib.loads((Path(__file__).parent / "phrases.toml").read_text(encoding="utf-8"))


LANGUAGES = tuple(phrases())
"""The languages that `random_exam` writes."""


def random_exam(
    seed: int,
    language: str = "en",
    count: int = 20,
    *,
    options: tuple[int, int] = (4, 4),
    parts: int = 1,
    figures: bool = False,
    tables: bool = False,
    contexts: bool = False,
    long_options: float = 0.3,
    revised: bool = False,
    multiple: bool = False,
) -> PrintExam:
    """An exam of `count` made-up items in each part, numbered from 1 in each.

    Args:
        seed: equal seeds give equal exams.
        language: one of `LANGUAGES`.
        count: items in each part.
        options: the least and the greatest number of options of an item (2 to 6).
        parts: parts with restarting numbers.
        figures: some items have a picture in the stem, before the options, or as options.
        tables: some items have a table in the stem.
        contexts: some items share a vignette.
        long_options: share of items whose options are long.
        revised: a corrected key with annulled items and several accepted answers.
        multiple: some items ask for a set of options.
    """
    generator = random.Random(f"exam {seed} {language}")
    writer = _Writer(generator, language)
    items: list[PrintItem] = []
    for part in range(1, parts + 1):
        shared: str | None = None
        left = 0
        for number in range(1, count + 1):
            if left:
                left -= 1
            else:
                shared = None
            if contexts and not left and shared is None and number < count and generator.random() < 0.2:
                shared, left = writer.vignette(), generator.randint(1, min(3, count - number))
            how_many = generator.randint(*options)
            key: Responses = ((letter(generator.randrange(how_many)),),)
            if multiple and how_many > 2 and generator.random() < 0.2:
                key = (tuple(sorted(letter(p) for p in generator.sample(range(how_many), 2))),)
            items.append(
                PrintItem(
                    number,
                    writer.stem(),
                    writer.options(how_many, long=generator.random() < long_options),
                    key,
                    part,
                    shared,
                    table=writer.table() if tables and generator.random() < 0.15 else None,
                )
            )
    if figures:
        items = [_with_figures(item, generator) for item in items]
    if revised:
        items = _revise(items, generator)
    about = phrases()[language]
    titles = tuple(word(language, "part").format(part) for part in range(1, parts + 1)) if parts > 1 else ()
    return PrintExam(
        about["title"], language, tuple(items), about["header"], about["footer"], tuple(about["instructions"]), titles
    )


class _Writer:
    def __init__(self, generator: random.Random, language: str) -> None:
        self._random = generator
        self._about = phrases()[language]

    def _number(self, template: str) -> str:
        first = self._random.randint(2, 90)
        return template.format(a=first, b=self._random.randint(1, 9), c=first + self._random.randint(3, 40))

    def _fill(self, template: str) -> str:
        pick = self._random.choice
        return template.format(
            age=self._random.randint(19, 88),
            drug=pick(self._about["drugs"]),
            dose=self._number(pick(_DOSES)),
            lab=self._number(pick(_LABS)),
            sign=pick(self._about["signs"]),
        )

    def stem(self) -> str:
        """Up to three sentences and a question."""
        intro = self._random.sample(self._about["intro"], self._random.randint(0, 3))
        return self._join([*intro, self._random.choice(self._about["questions"])])

    def vignette(self) -> str:
        """A shared case of three sentences."""
        return self._join(self._random.sample(self._about["intro"], 3))

    def _join(self, templates: list[str]) -> str:
        between: str = self._about.get("between", " ")
        return between.join(self._fill(template) for template in templates)

    def options(self, count: int, *, long: bool) -> tuple[PrintOption, ...]:
        """Different options: numbers with units, signs, or long phrases."""
        if not long and self._random.random() < 0.3:
            template = self._random.choice((*_LABS, *_DOSES))
            texts: list[str] = []
            while len(texts) < count:
                text = self._number(template)
                if text not in texts:
                    texts.append(text)
                elif len(texts) >= 3:
                    template = self._random.choice((*_LABS, *_DOSES))
            return options_of(*texts)
        signs = self._random.sample(self._about["signs"], count)
        if long:
            signs = [sign + self._about["joiner"] + self._random.choice(self._about["signs"]) for sign in signs]
        return options_of(*(sign[0].upper() + sign[1:] for sign in signs))

    def table(self) -> tuple[tuple[str, ...], ...]:
        """A table of three columns."""
        body = [
            (self._random.choice(self._about["drugs"]), self._number("{a} mg"), self._number("{b},{a} %"))
            for _ in range(self._random.randint(2, 4))
        ]
        return (("", "I", "II"), *body)


def _with_figures(item: PrintItem, generator: random.Random) -> PrintItem:
    chance = generator.random()
    seed = generator.randrange(10_000)
    if chance < 0.12:
        return replace(item, figures=(Figure(picture(seed), "stem"),))
    if chance < 0.24:
        return replace(item, figures=(Figure(picture(seed), "between"),))
    if chance < 0.30:
        drawn = tuple(
            replace(option, text="", figure=picture(seed + position, 120, 80))
            for position, option in enumerate(item.options)
        )
        return replace(item, options=drawn)
    return item


def _revise(items: list[PrintItem], generator: random.Random) -> list[PrintItem]:
    chosen = generator.sample(range(len(items)), min(len(items), max(2, len(items) // 8)))
    for order, position in enumerate(chosen):
        item = items[position]
        first = (item.key or (("A",),))[0]
        others = [option.label for option in item.options if option.label not in first]
        revised: Responses = () if order == 0 else (first, (others[0],)) if order % 2 else ((others[-1],),)
        items[position] = replace(item, revised_key=revised)
    return items

"""Draws an exam by a seed: which questions, which conventions of layout, and the blocks that a program prints."""

# ruff: noqa: E501  (markup of other programs is easier to read on one line)

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from bench.producer_items import ROOT, Question, pool

Style = Literal["", "i", "b", "u", "sup", "sub", "mark", "red"]
Run = tuple[str, Style]
Runs = tuple[Run, ...]
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he"})
KEYS = ("none", "table", "table", "run", "bold", "mark", "red", "u", "tick", "answer", "csv", "xlsx", "file", "file")
"""Forms of the key; those before `tick` that are no words are looks of the right option."""
LOOKS: dict[str, Style] = {"bold": "b", "mark": "mark", "red": "red", "u": "u"}
ALPHABETS: dict[str, str | tuple[str, ...]] = {"uk": "АБВГД", "ru": "АБВГД", "bg": "АБВГД", "el": "ΑΒΓΔΕ", "ar": "أبجده", "he": "אבגדה", "hi": "कखगघङ", "th": "กขคงจ", "ko": "①②③④⑤", "fa": ("الف", "ب", "ج", "د", "ه")}  # fmt: skip
SMALL = re.compile(r"(?<=[A-Za-zμµ])([²³])|(?<=[HC])(₂)|\b(CO|H|O|SO|HCO|PaCO|PaO|NH|Na)([2-4])(?=[^\d.,\w]|O\b|$)")
OWN = {
    "uk": ("Питання", "Відповідь", "Ключ", "Частина {}", "Питання {} - {} стосуються наступного випадку.", "Сторінка {page} з {pages}", "Державний іспит", "Оберіть одну правильну відповідь."),
    "bg": ("Въпрос", "Отговор", "Ключ с отговори", "Част {}", "Въпроси {} - {} се отнасят за следния случай.", "Страница {page} от {pages}", "Държавен изпит", "Отбележете един верен отговор."),
    "hu": ("Kérdés", "Válasz", "Megoldókulcs", "{}. rész", "A(z) {}-{}. kérdések az alábbi esetre vonatkoznak.", "{page}. oldal, összesen {pages}", "Országos szakvizsga", "Minden kérdésnél egy választ jelöljön meg."),
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """The fixed expressions of a language; `refer` names two numbers, `part` one, `page` two."""

    question: str
    answer: str
    key: str
    part: str
    refer: str
    page: str
    title: str
    instructions: tuple[str, ...]


@cache
def words(language: str) -> Words:
    """Return the expressions of a language."""
    if language in OWN:
        question, answer, key, part, refer, page, title, told = OWN[language]
        return Words(question, answer, key, part, refer, page, title, (told, told, told))
    folder = ROOT / "tests/typesetter"
    said = tomllib.loads((folder / "words.toml").read_text(encoding="utf-8"))[language]
    more = tomllib.loads((folder / "phrases.toml").read_text(encoding="utf-8"))[language]
    fixed = {name: said[name] for name in ("question", "answer", "key", "part", "refer", "page")}
    return Words(**fixed, title=more["title"], instructions=tuple(more["instructions"]))


@dataclass(frozen=True)
class Look:
    """Conventions of one paper. `number` and `mark` are patterns with `{}`; `per_row` 0 lets options run on."""

    number: str
    bold_number: bool
    own_line: bool
    mark: str
    alphabet: tuple[str, ...]
    automatic: bool
    columns: int
    per_row: int
    size: int
    justified: bool
    header: str
    footer: str
    title_page: bool
    second_title: str
    sections: int
    restart: bool
    key: str
    separate_key: bool
    key_columns: int
    key_down: bool
    family: int
    spacing: int
    rules: bool
    options_table: bool
    hyphens: bool


@dataclass(frozen=True)
class Ask:
    """One question as it is printed."""

    number: int
    section: int
    stem: Runs
    options: tuple[Runs, ...]
    right: frozenset[int]
    picture: bool = False


@dataclass(frozen=True)
class Case:
    """A vignette that several questions share: its lead and its text."""

    lead: str
    text: Runs


@dataclass(frozen=True)
class Heading:
    """The heading of a section."""

    text: str


Block = Ask | Case | Heading


@dataclass(frozen=True)
class Paper:
    """One exam to be printed."""

    seed: int
    language: str
    look: Look
    words: Words
    blocks: tuple[Block, ...]
    cases: dict[tuple[int, int], str] = field(default_factory=dict)
    """Texts of vignettes by section and number of the questions that share them."""

    @property
    def asks(self) -> list[Ask]:
        """Return the questions in order."""
        return [block for block in self.blocks if isinstance(block, Ask)]

    @property
    def right_to_left(self) -> bool:
        """Return whether the paper is read from the right."""
        return self.language in RIGHT_TO_LEFT

    def number(self, ask: Ask) -> str:
        """Return a question's number as it is printed."""
        return self.look.number.format(ask.number)

    def mark(self, at: int) -> str:
        """Return an option's mark as it is printed."""
        return self.look.mark.format(self.look.alphabet[at])

    def answer(self, ask: Ask) -> str:
        """Return the marks of the right options."""
        between = "" if len(self.look.alphabet[0]) == 1 else ", "
        return between.join(self.look.alphabet[at] for at in sorted(ask.right))

    def key_tables(self) -> list[tuple[str, list[list[str]]]]:
        """Return the tables of the key, one a section where numbers start anew: heading, rows of cells."""
        groups: dict[int, list[Ask]] = {}
        for ask in self.asks:
            groups.setdefault(ask.section if self.look.restart else 0, []).append(ask)
        tables = []
        wide = self.look.key_columns
        for section, some in groups.items():
            pairs = [(str(ask.number), self.answer(ask)) for ask in some]
            pairs += [("", "")] * (-len(pairs) % wide)
            title = self.words.part.format("I" * (section + 1)) if self.look.restart else ""
            lines = [pairs[at : at + wide] for at in range(0, len(pairs), wide)]
            if self.look.key_down:
                tall = len(pairs) // wide
                lines = [[pairs[column * tall + row] for column in range(wide)] for row in range(tall)]
                rows = [[cell for pair in line for cell in pair] for line in lines]
            else:
                rows = [[pair[place] for pair in line] for line in lines for place in (0, 1)]
            tables.append((title, rows))
        return tables

    def option(self, ask: Ask, at: int) -> Runs:
        """Return an option with the look that tells the key."""
        runs, key = ask.options[at], self.look.key
        if at not in ask.right:
            return runs
        if key in LOOKS:
            return tuple((text, LOOKS[key] if style in ("", "i") else style) for text, style in runs)
        return (*runs, (" ✓", "")) if key == "tick" else runs

    def rows(self, ask: Ask, widest: int) -> int:
        """Return how many options stand on a line, where `widest` signs fit one; 0 where they run on."""
        if self.look.per_row in (0, 1):
            return self.look.per_row
        longest = max(len(plain(runs)) for runs in ask.options) + 5
        if self.language in ("ja", "ko", "zh-Hant"):
            longest *= 2
        return next((n for n in (len(ask.options), 4, 2) if n <= self.look.per_row + 1 and longest * n <= widest), 1)


def plain(runs: Runs) -> str:
    """Return the text of runs."""
    return "".join(text for text, _ in runs)


def marked(text: str, pick: random.Random, small: bool) -> Runs:
    """Return a text as runs: raised and lowered signs, and now and then a word in italics."""
    runs: list[Run] = []
    at = 0
    for found in SMALL.finditer(text) if small else ():
        raised, lowered, element, count = found.groups()
        runs.append((text[at : found.start()] + (element or ""), ""))
        digit = (raised or lowered or count).translate(str.maketrans("²³₂", "232"))
        runs.append((digit, "sup" if raised else "sub"))
        at = found.end()
    runs.append((text[at:], ""))
    long = [k for k, (one, style) in enumerate(runs) if style == "" and one.count(" ") >= 6]
    if long and pick.random() < 0.12:
        place = pick.choice(long)
        parts = runs[place][0].split(" ")
        word = pick.randrange(1, len(parts) - 1)
        before, after = " ".join(parts[:word]) + " ", " " + " ".join(parts[word + 1 :])
        runs[place : place + 1] = [(before, ""), (parts[word], "i"), (after, "")]
    return tuple(run for run in runs if run[0])


def draw_look(pick: random.Random, language: str) -> Look:
    """Draw the conventions of a paper."""
    said = words(language)
    own_line = pick.random() < 0.15
    named = [f"{said.question} {{}}", f"{said.question} {{}}.", f"{said.question} {{}}:"]
    numbers = ["{}.", "{}.", "{}.", "{})", "{}.-", "{} -", "{:02d}.", "{}", "({})", "[{}]", *named]
    number = pick.choice(named if own_line else numbers)
    if language in ("ja", "zh-Hant") and pick.random() < 0.5:
        number = pick.choice(("{}．", "{}", "{}、", "問{}"))
    alphabets: list[str | tuple[str, ...]] = ["ABCDE", "ABCDE", "abcde"]
    alphabets += [ALPHABETS[language]] * 3 if language in ALPHABETS else []
    alphabet = tuple(pick.choice([*alphabets, "12345"] if number not in ("{}.", "{})") else alphabets))
    mark = pick.choice(("{}.", "{})", "{})", "({})", "{}", "{} -", "[{}]")) if alphabet[0] != "①" else "{}"
    if mark == "{}" and alphabet[0] not in "①A":
        mark = "{})"
    key = pick.choice(KEYS)
    size = pick.choice((9, 10, 10, 11, 12))
    columns = pick.choice((1, 1, 2))
    sections = pick.choice((1, 1, 1, 2, 3))
    title = said.title
    return Look(
        number=number,
        bold_number=pick.random() < 0.5,
        own_line=own_line,
        mark=mark,
        alphabet=alphabet,
        automatic=pick.random() < 0.5,
        columns=columns,
        per_row=pick.choice((1, 1, 1, 0, 2, 4)),
        size=min(size, 10) if columns == 2 else size,
        justified=pick.random() < 0.5,
        header=pick.choice(("", title, f"{title} 2031")),
        footer=pick.choice(("", said.page, "{page}", "- {page} -", "{page}/{pages}")),
        title_page=pick.random() < 0.3,
        second_title=words("en").title if language != "en" and pick.random() < 0.3 else "",
        sections=sections,
        restart=sections > 1 and pick.random() < 0.4,
        key=key,
        separate_key=key == "file",
        key_columns=pick.choice((2, 4, 5, 10)),
        key_down=pick.random() < 0.4,
        family=pick.randrange(3),
        spacing=pick.choice((0, 0, 0, 1)),
        rules=pick.random() < 0.2,
        options_table=pick.random() < 0.5,
        hyphens=pick.random() < 0.6,
    )


def draw(seed: int, language: str, data: Path) -> Paper:
    """Draw a paper of 20 to 40 questions."""
    pick = random.Random(f"paper {language} {seed}")
    look, said = draw_look(pick, language), words(language)
    chosen = pick.sample(pool(language, data), min(pick.randint(20, 40) + 4, len(pool(language, data))))
    spare, asked = chosen[:4], chosen[4:]
    small = pick.random() < 0.6
    cases: dict[tuple[int, int], str] = {}
    blocks = tuple(_blocks(pick, look, said, asked, spare, small, cases))
    return Paper(seed, language, look, said, blocks, cases)


def _blocks(
    pick: random.Random,
    look: Look,
    said: Words,
    asked: list[Question],
    spare: list[Question],
    small: bool,
    cases: dict[tuple[int, int], str],
) -> Iterator[Block]:
    """Yield headings, vignettes and questions in the order of print."""
    share = -(-len(asked) // look.sections)
    pictures = pick.random() < 0.35
    for section in range(look.sections):
        if look.sections > 1:
            yield Heading(said.part.format("I" * (section + 1)))
        first = 1 if look.restart else section * share + 1
        some = asked[section * share : (section + 1) * share]
        case_at = pick.randrange(1, max(2, len(some) - 3)) if pick.random() < 0.3 and spare else -1
        case = ""
        for place, question in enumerate(some):
            number = first + place
            if place == case_at:
                last = min(number + pick.randint(1, 2), first + len(some) - 1)
                case = spare.pop().stem
                cases.update({(section, one): case for one in range(number, last + 1)})
                yield Case(said.refer.format(number, last), marked(case, pick, small))
            stem = marked(question.stem, pick, small)
            options = tuple(marked(option, pick, small) for option in question.options)
            yield Ask(number, section, stem, options, question.right, pictures and pick.random() < 0.12)

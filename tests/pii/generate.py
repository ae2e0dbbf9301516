"""Labelled texts with personal data: values of Faker and python-stdnum in sentences of our own.

Nothing of the package is imported here, and the package imports nothing of this: what the detector knows, it cannot
have from its own test. Values are those of other projects, or of public rules implemented by others.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from tests.pii.letters import CARRIERS, CLEAN, LOCALES
from tests.pii.registers import REGISTERS, draw

__all__ = ["LANGUAGES", "Label", "Letter", "letters"]

LANGUAGES: Final = tuple(LOCALES)
_MIDDLE: Final = ("intro", "phone", "email", "address", "record", "birth", "id", "card", "iban", "ip", "page")
_DATES: Final = {
    "en": ("%d/%m/%Y", "%B %d, %Y", "%Y-%m-%d", "%d %B %Y"),
    "de": ("%d.%m.%Y",),
    "pl": ("%d.%m.%Y",),
    "cs": ("%d.%m.%Y", "%d. %m. %Y"),
    "ru": ("%d.%m.%Y",),
    "uk": ("%d.%m.%Y",),
    "tr": ("%d.%m.%Y",),
    "sv": ("%Y-%m-%d",),
    "zh": ("%Y年%m月%d日", "%Y-%m-%d"),
    "ja": ("%Y年%m月%d日",),
    "ko": ("%Y년 %m월 %d일", "%Y.%m.%d"),
}


@dataclass(frozen=True)
class Label:
    """Where a value stands, and what it is."""

    start: int
    end: int
    kind: str
    source: str
    """The carrier or the register."""


@dataclass
class Letter:
    """One text."""

    language: str
    text: str = ""
    labels: list[Label] = field(default_factory=list)

    def add(self, carrier: str, values: dict[str, tuple[str, str]], source: str, joint: str) -> None:
        """Append a sentence; each ``{key}`` is replaced by its value, which is labelled with its kind."""
        self.text += joint if self.text else ""
        place = 0
        while (low := carrier.find("{", place)) >= 0:
            high = carrier.index("}", low)
            value, kind = values[carrier[low + 1 : high]]
            self.text += carrier[place:low]
            if kind:
                self.labels.append(Label(len(self.text), len(self.text) + len(value), kind, source))
            self.text += value
            place = high + 1
        self.text += carrier[place:]


class _People:
    """Values of one language."""

    def __init__(self, language: str, chance: random.Random) -> None:
        from faker import Faker

        self.language = language
        self.chance = chance
        self.fakers: list[Any] = [Faker(locale) for locale in LOCALES[language]]
        for faker in self.fakers:
            faker.seed_instance(chance.randrange(1 << 30))
        self.plain: Any = Faker(chance.choice(["en_GB", "de_DE", "fr_FR", "pl_PL", "es_ES"]))
        self.plain.seed_instance(chance.randrange(1 << 30))

    def values(self, source: str) -> dict[str, tuple[str, str]]:
        """Return the values that a carrier of this source may name."""
        faker = self.chance.choice(self.fakers)
        match source:
            case "greeting" | "closing" | "intro":
                return self._name(faker)
            case "phone":
                return {"": (faker.phone_number(), "PHONE")}
            case "email":
                return {"": (faker.email(), "EMAIL")}
            case "address":
                return {"": (faker.address().replace("\n", ", "), "ADDRESS")}
            case "record":
                return {"": (str(self.chance.randrange(10**5, 10**8)), "RECORD")}
            case "birth":
                day = date(1930, 1, 1) + timedelta(days=self.chance.randrange(30_000))
                return {"": (day.strftime(self.chance.choice(_DATES.get(self.language, ("%d/%m/%Y",)))), "BIRTHDATE")}
            case _:
                raise ValueError(source)

    def _name(self, faker: Any) -> dict[str, tuple[str, str]]:
        first, last = faker.first_name(), faker.last_name()
        joined = f"{last}{first}" if self.language in {"zh", "ja", "ko"} else f"{first} {last}"
        if self.language == "ja" and self.chance.random() < 0.5:
            joined = f"{last} {first}"
        return {"first": (first, "NAME"), "last": (last, "NAME"), "full": (joined, "NAME")}


def letters(count: int, seed: int, languages: tuple[str, ...] = LANGUAGES) -> Iterator[Letter]:
    """Yield texts of a greeting, clean sentences among one to three with data, and a closing; each part may lack."""
    chance = random.Random(seed)
    people = {language: _People(language, chance) for language in languages}
    numbers = {one.module: [draw(one, chance) for _ in range(12)] for one in REGISTERS if one.language in languages}
    for place in range(count):
        language = languages[place % len(languages)]
        letter = Letter(language)
        joint = "" if language in {"zh", "ja"} else " "
        if chance.random() < 0.6:
            _say(letter, "greeting", people[language], chance, "\n")
        sources = chance.sample(_MIDDLE, chance.randrange(0, 3))
        sentences = [*sources, *(["clean"] * chance.randrange(1, 3))]
        chance.shuffle(sentences)
        for number, source in enumerate(sentences):
            link = "\n" if number == 0 or letter.text[-1:] not in ".!?。！？" or chance.random() < 0.2 else joint
            if source == "clean":
                letter.add(chance.choice(CLEAN[language]), {}, source, link)
            elif source == "id":
                _identify(letter, numbers, chance, link)
            elif source in CARRIERS:
                _say(letter, source, people[language], chance, link)
            else:
                _plain(letter, source, people[language].plain, chance, link)
        if chance.random() < 0.6:
            _say(letter, "closing", people[language], chance, "\n")
        yield letter


def _say(letter: Letter, source: str, people: _People, chance: random.Random, joint: str) -> None:
    carrier = chance.choice(CARRIERS[source][letter.language])
    letter.add(carrier, people.values(source), source, joint)


def _identify(letter: Letter, numbers: dict[str, list[str]], chance: random.Random, joint: str) -> None:
    """Put in a personal number with its name, or alone where its check is proof."""
    fitting = [one for one in REGISTERS if one.language == letter.language]
    if not fitting:
        return
    register = chance.choice(fitting)
    value = (chance.choice(numbers[register.module]), "ID")
    carrier = chance.choice(CARRIERS["id"][letter.language])
    if register.bare and chance.random() < 0.4:
        carrier = "({})"
    letter.add(carrier, {"": value, "name": (register.name, "")}, f"id:{register.module}", joint)


def _plain(letter: Letter, source: str, faker: Any, chance: random.Random, joint: str) -> None:
    """Put in what has one form in all languages."""
    match source:
        case "card":
            value, kind = faker.credit_card_number(chance.choice(["visa16", "mastercard", "amex"])), "CARD"
        case "iban":
            value, kind = faker.iban(), "ACCOUNT"
        case "ip":
            value, kind = (faker.ipv4_public() if chance.random() < 0.5 else faker.ipv6()), "IP"
        case _:
            value, kind = f"https://www.facebook.com/{faker.user_name()}", "URL"
    letter.add(chance.choice(["({})", ": {}", "- {}"]), {"": (value, kind)}, source, joint)

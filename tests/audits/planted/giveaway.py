"""Defects for the audit `giveaway`."""

from __future__ import annotations

from benchwright.schemas import Key
from tests.audits.clean import item
from tests.audits.plant import Plant

ID = item().id
LONG = "una infección crónica del pulmón que empeora cada año y pide un tratamiento largo"


def _key(place: int) -> Key:
    return Key(status="official", answers=(("ABCD"[place],),))


def _grammar(language: str, stem: str, *texts: str) -> Plant:
    one = item(stem=stem, texts=texts).replace(language=language, id=f"{item().group}@{language}")
    return Plant([one], one.id, "option:A", [("option:A", 0, len(texts[0]))])


def _longest(number: int) -> tuple[str, ...]:
    texts = [f"a{number}", f"b{number}", f"c{number}", f"d{number}"]
    texts[number % 4] += " y algo más"
    return tuple(texts)


PLANTED = {
    "S501": [
        Plant([item(texts=(LONG, "asma", "tos", "gripe"))], ID, "option:A", [("option:A", 0, len(LONG))]),
        Plant([item(texts=("肺" * 60, "喘息", "咳嗽"))], ID, "option:A"),
    ],
    "S502": [
        Plant(
            [item(number, texts=_longest(number), key=_key(number % 4)) for number in range(1, 121)],
            "dataset",
            "options:es:longest",
            severity="major",
        )
    ],
    "S503": [
        _grammar("en", "The patient most likely has an", "ulcer", "polyp", "tumour"),
        _grammar("fr", "Il s'agit de l'", "asthme", "bronchite", "grippe"),
        _grammar("es", "Lo más probable es una", "fractura", "absceso", "tumor"),
        _grammar("pt", "O órgão afetado é o", "intestino", "próstata", "bexiga"),
        _grammar("it", "La causa è una", "frattura", "calcolo"),
    ],
    "S504": [
        Plant(
            [item(stem="¿Qué causa la frenolisis en un niño?", texts=("La frenolisis familiar", "La tos", "El asma"))],
            ID,
            "option:A",
        ),
        Plant(
            [item(stem="Что вызывает френолизию у детей?", texts=("Избыток френолизию дающих", "Кашель", "Астма"))],
            ID,
            "option:A",
        ),
    ],
    "S505": [
        Plant([item(number, key=_key(0)) for number in range(1, 81)], "dataset", "key:es:4", severity="major"),
        Plant(
            [item(number, key=_key((0, 0, 1, 1, 2, 2, 2, 3, 0, 1)[number % 10])) for number in range(1, 401)],
            "dataset",
            "key:es:4",
        ),
    ],
}

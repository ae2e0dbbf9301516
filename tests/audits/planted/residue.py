"""Defects for the audit `residue`; the sources are other versions of the same questions."""

from __future__ import annotations

from benchwright.schemas import DerivedFrom, Item
from tests.audits.clean import item
from tests.audits.plant import Plant

GERMAN = ("häufige Untersuchungen", "regelmäßige Bewegung", "vollständige Bettruhe", "keine Behandlung")


def pair(stem: str, source: str, texts: tuple[str, ...] = (), originals: tuple[str, ...] = ()) -> list[Item]:
    """A translation into English and its German source."""
    german = item(1, "de", stem=source, texts=originals).replace(origin_language="de", origin="native")
    english = item(1, "en", stem=stem, texts=texts).replace(
        origin_language="de",
        origin="machine_translation",
        derived_from=DerivedFrom(id=german.id, text_hash=german.hashes.text_hash),
    )
    return [english, german]


PLANTED = {
    "L121": [
        Plant(
            pair("The patient nimmt the drug und sleeps.", "Der Patient nimmt das Mittel und schläft."),
            item(1, "en").id,
            "stem",
        )
    ],
    "L122": [
        Plant(
            pair(
                "What is right?",
                "Was ist richtig?",
                (GERMAN[0], GERMAN[1], "complete rest in bed", "no treatment"),
                GERMAN,
            ),
            item(1, "en").id,
            "options",
        )
    ],
    "L123": [Plant([item(stem="La dosis that should have been dada al adulto")], item().id, "stem")],
}

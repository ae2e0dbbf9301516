"""Defects for the audit `residue`; the sources are other versions of the same questions."""

from __future__ import annotations

from benchwright.schemas import DerivedFrom, Item
from tests.audits.clean import item
from tests.audits.plant import Plant

GERMAN = ("häufige Untersuchungen", "regelmäßige Bewegung", "vollständige Bettruhe", "keine Behandlung")


def pair(
    stem: str, source: str, texts: tuple[str, ...] = (), originals: tuple[str, ...] = (), tag: str = "de"
) -> list[Item]:
    """A translation into English and its source, which is German unless another tag is given."""
    original = item(1, tag, stem=source, texts=originals).replace(origin_language=tag, origin="native")
    english = item(1, "en", stem=stem, texts=texts).replace(
        origin_language=tag,
        origin="machine_translation",
        derived_from=DerivedFrom(id=original.id, text_hash=original.hashes.text_hash),
    )
    return [english, original]


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
        ),
        # No word of these is in a list, and each by itself may be a term.
        Plant(
            pair(
                "Which of these muscles raises the lower jaw?",
                "¿Cuál de estos músculos eleva la mandíbula?",
                ("Bucinador.", "Masetero.", "Digastric.", "Platysma."),
                ("Bucinador.", "Masetero.", "Digástrico.", "Cutáneo del cuello."),
                "es",
            ),
            item(1, "en").id,
            "options",
        ),
    ],
    "L123": [Plant([item(stem="La dosis that should have been dada al adulto")], item().id, "stem")],
}

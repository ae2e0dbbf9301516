"""Defects for the audit `pairing`: options and structure of a translation against its source."""

from __future__ import annotations

from typing import Any

from benchwright.schemas import Item
from benchwright.schemas.parts import Mark
from tests.audits.clean import item
from tests.audits.plant import Plant

THREE = ("insuficiencia renal aguda", "embolia pulmonar masiva", "infarto agudo de miocardio")
ENGLISH = ("acute renal failure", "massive pulmonary embolism", "acute myocardial infarction")


def plant(sources: Item, target: Item, field: str = "options", spans: Any = ()) -> Plant:
    """One translated item with its source."""
    return Plant([target], target.id, field, spans, sources=[sources])


def options(source: tuple[str, ...], target: tuple[str, ...], spans: Any = ()) -> Plant:
    """An item whose options were translated."""
    return plant(item(1, texts=source), item(1, "en", texts=target), spans=spans)


def stem(source: str, target: str) -> Plant:
    """An item whose stem was translated."""
    return plant(item(1, stem=source), item(1, "en", stem=target), "stem")


def _emphasis() -> Plant:
    bold = (Mark(field="stem", start=0, end=4, kind="bold"),)
    other = item(2, "en", stem="Take the other one", marks=bold)
    made = item(1, "en", stem="Name what holds")
    sources = [item(1, stem="Diga lo cierto", marks=bold), item(2, stem="Tome el otro", marks=bold)]
    return Plant([made, other], made.id, "stem", sources=sources)


PLANTED = {
    "T501": [options(("uno", "dos", "tres", "cuatro"), ("one", "two", "three"))],
    "T502": [options(("uno", "dos", "tres"), ("one", "two", "three", "four"))],
    "T503": [
        options(("5 mg", "10 mg", "20 mg"), ("10 mg", "5 mg", "20 mg")),
        options(
            ("Hepatitis aguda", "Diabetes", "Nefritis", "Otra"), ("Diabetes", "Nephritis", "Acute hepatitis", "Other")
        ),
    ],
    "T504": [
        options(
            ("aorta", "arteria", "vena", "nervio"),
            ("artery", "artery", "vein", "nerve"),
            [("option:A", 0, 6), ("option:B", 0, 6)],
        )
    ],
    "T505": [
        options(THREE, (THREE[0], *ENGLISH[1:])),
        options(THREE, (ENGLISH[0], *THREE[1:])),
        options(("renal", "cardiaca", "biliar"), ("failure of the kidneys of any cause", "cardiac", "biliary")),
    ],
    "T506": [
        stem("Dosis de {drug} para {name}", "Dose of {drug} for {nombre}"),
        stem("La ___ es un órgano", "The organ"),
        stem("Un [MASK] de sangre", "A [MÁSCARA] of blood"),
    ],
    "T507": [stem("Lea:\n- fiebre\n- tos\n- dolor", "Read:\n- fever\n- cough and pain\nthe end")],
    "T508": [_emphasis(), stem("Señale la **falsa**", "Mark the false one")],
    "T509": [stem("Fiebre\nTos\nDolor", "Fever cough pain")],
}

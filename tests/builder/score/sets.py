"""A parallel set of our own: originals, two machines, people, and back-translations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchwright.builder.store import write_table
from benchwright.schemas.ids import make_group, make_id
from benchwright.schemas.item import Item, Origin
from benchwright.schemas.parts import DerivedFrom, Exam, Key, Option
from benchwright.schemas.rows import to_frame

EN = (
    ("A trout of 3 kg is given 20 mg of frenoline. What follows?", ("It rests", "It swims", "It does not eat", "None")),
    ("Which bird is not seen in winter?", ("The crow", "The lark", "The duck", "The kite")),
    ("A farmer of 45 years has fever for 2 days. What is most likely?", ("Mumps", "Gout", "Measles", "Scurvy")),
)
ES = (
    ("A una trucha de 3 kg se le dan 20 mg de frenolina. ¿Qué sigue?", ("Reposa", "Nada", "No come", "Ninguna")),
    ("¿Qué ave no se ve en invierno?", ("El cuervo", "La alondra", "El pato", "El milano")),
    (
        "Un granjero de 45 años tiene fiebre desde hace 2 días. ¿Qué es más probable?",
        ("Paperas", "Gota", "Sarampión", "Escorbuto"),
    ),
)
PEOPLE = (
    ("Se administran 20 mg de frenolina a una trucha de 3 kg. ¿Qué ocurre?", ("Reposa", "Nada", "No come", "Ninguna")),
    ("¿Qué ave no se observa en invierno?", ("El cuervo", "La alondra", "El pato", "El milano")),
    (
        "Un agricultor de 45 años tiene fiebre desde hace 2 días. ¿Qué es lo más probable?",
        ("Paperas", "Gota", "Sarampión", "Escorbuto"),
    ),
)
BACK = (
    ("A trout of 3 kg is given 200 mg of frenoline. What follows?", ("It rests", "Nothing", "It does not eat", "None")),
    ("Which bird is seen in winter?", ("The crow", "The lark", "The duck", "The kite")),
    ("A farmer of 45 years has fever for 2 days. What is most likely?", ("Mumps", "Gout", "Measles", "Scurvy")),
)
"""Item 1 has ten times the dose, item 2 lost its negation, item 3 is perfect."""
Texts = Sequence[tuple[str, Sequence[str]]]


def items(
    texts: Texts, language: str, *, variant: str | None = None, origin: Origin = "native", of: str = "en"
) -> list[Item]:
    """Return a version of the set."""
    made = []
    for number, (stem, options) in enumerate(texts, 1):
        group = make_group("ponds", "2031", "1", f"{number:03d}")
        own: dict[str, Any] = {"derived_from": None}
        if origin != "native":
            source = make_id(group, of) if "#" not in of else f"{group}@{of}"
            own = {
                "derived_from": DerivedFrom(id=source, text_hash="0" * 64, method=f"{variant or 'people'}|version:1")
            }
        made.append(
            Item(
                id=make_id(group, language, variant),
                group=group,
                language=language,
                origin_language="en",
                origin=origin,
                stem=stem,
                options=tuple(
                    Option(id=name, label=name, text=text) for name, text in zip("ABCD", options, strict=False)
                ),
                key=Key(status="official", answers=(("A",),)),
                exam=Exam(code="ponds", edition="2031", part="1", number=str(number)),
                **own,
            )
        )
    return made


def write(path: Path, *lists: list[Item]) -> Path:
    """Write items as a table."""
    write_table(path, to_frame([one for part in lists for one in part], Item).sort("id"))
    return path


def parallel(folder: Path) -> dict[str, Path]:
    """Write the originals, the translations of a machine and of people, and back-translations of the machine's."""
    folder.mkdir(parents=True, exist_ok=True)
    machine = items(ES, "es", variant="mt", origin="machine_translation")
    people = items(PEOPLE, "es", origin="human_translation")
    back = items(BACK, "en", variant="mt-back", origin="machine_translation", of="es#mt")
    return {
        "en": write(folder / "en.parquet", items(EN, "en")),
        "es": write(folder / "es.parquet", machine),
        "both": write(folder / "both.parquet", machine, people),
        "people": write(folder / "people.parquet", people),
        "back": write(folder / "back.parquet", back),
    }

"""Prints the fictional exam from items/*.yaml: raw/*.pdf, truth/*.json and gold.jsonl. For developers only.

Run from the repository root: python examples/fictional_exam/print_exam.py [FOLDER]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.typesetter.compose import Setting, heading  # noqa: E402
from tests.typesetter.layout import Layout  # noqa: E402
from tests.typesetter.model import Figure, PrintExam, PrintItem, Responses, options_of  # noqa: E402
from tests.typesetter.pages import Element, Filler, Frame, Group, ImageOp  # noqa: E402
from tests.typesetter.paint import paint  # noqa: E402
from tests.typesetter.pictures import picture  # noqa: E402
from tests.typesetter.press import print_exam, print_key  # noqa: E402

LANGUAGES = ("es", "en")
TITLES = {"es": "Examen Nacional de Fenulología 2031", "en": "National Examination in Fenulology 2031"}
HEADERS = {
    "es": "República de Sanmarel · Comisión Nacional de Especialidades",
    "en": "Republic of Sanmarel · National Commission for Specialties",
}
FOOTERS = {"es": "Convocatoria 2031", "en": "Session 2031"}
INSTRUCTIONS = {
    "es": (
        "Compruebe que este cuadernillo contiene 32 preguntas y que no le falta ninguna página.",
        "Cada pregunta tiene cuatro opciones y una sola respuesta correcta.",
        "Cada acierto suma 3 puntos y cada error resta 1; las preguntas en blanco no puntúan.",
        "Dispone de 90 minutos. No se permite el uso de calculadora.",
    ),
    "en": (
        "Check that this booklet has 32 questions and that no page is missing.",
        "Each question has four options and only one correct answer.",
        "Each correct answer adds 3 points and each wrong answer takes 1 away; blank answers do not count.",
        "You have 90 minutes. Calculators are not allowed.",
    ),
}
NAMES = {
    (1, "es"): "examen-2031-parte1-es",
    (1, "en"): "exam-2031-part1-en",
    (2, "es"): "examen-2031-parte2-es",
    (2, "en"): "exam-2031-part2-en",
}
_PART_1 = Layout(
    columns=2,
    column_rule=True,
    font="liberation-serif",
    font_size=9.5,
    justify=True,
    hyphenate=True,
    number_bold=True,
    number_hang=18.0,
    option_style="upper:{}.",
    option_indent=18.0,
    option_hang=16.0,
    running_header=True,
    page_number="words",
    cover=True,
    split_items=True,
    key_format="columns",
    key_columns=4,
    part_headings=True,
)
_PART_2 = Layout(
    font="liberation-sans",
    font_size=10.0,
    number_style="Pregunta {}",
    number_own_line=True,
    number_bold=True,
    option_style="lower:{})",
    options_per_line=2,
    option_indent=14.0,
    option_hang=16.0,
    running_header=True,
    page_number="- {page} -",
    cover=True,
    split_items=False,
    superscripts="raised",
    key_format="rows",
)
LAYOUTS = {
    (1, "es"): _PART_1,
    (1, "en"): Layout(**{**_PART_1.to_plain(), "columns": 1, "column_rule": False, "font_size": 10.5}),
    (2, "es"): _PART_2,
    (2, "en"): Layout(**{**_PART_2.to_plain(), "number_style": "Question {}"}),
}


def load_part(part: int) -> dict[str, Any]:
    """The YAML source of one part."""
    return dict(YAML(typ="safe").load((HERE / "items" / f"part{part}.yaml").read_text(encoding="utf-8")))


def build_exam(part: int, language: str) -> PrintExam:
    """One part in one language, as it is printed."""
    source = load_part(part)
    contexts = {number: context[language] for context in source.get("contexts", ()) for number in context["numbers"]}
    items = tuple(_item(entry, part, language, contexts.get(entry["number"])) for entry in source["items"])
    return PrintExam(
        TITLES[language],
        language,
        items,
        HEADERS[language],
        FOOTERS[language],
        INSTRUCTIONS[language],
        tuple(load_part(n)["title"][language] for n in (1, 2)),
    )


def _item(entry: dict[str, Any], part: int, language: str, context: str | None) -> PrintItem:
    text = entry[language]
    table = tuple(tuple(row) for row in text["table"]) if "table" in text else None
    figures: tuple[Figure, ...] = ()
    if "figure" in entry:
        figures = (Figure(picture(entry["figure"]["seed"], kind=entry["figure"]["kind"]), entry["figure"]["place"]),)
    return PrintItem(
        entry["number"],
        text["stem"],
        options_of(*text["options"]),
        _responses(entry.get("key")),
        part,
        context,
        table,
        figures,
        _responses(entry.get("revised")),
        entry.get("note"),
    )


def _responses(value: list[list[str]] | None) -> Responses | None:
    return None if value is None else tuple(tuple(response) for response in value)


def main(out: Path) -> None:
    """Prints everything below `out`."""
    raw, truths = out / "raw", out / "truth"
    gold: list[dict[str, Any]] = []
    for (part, language), name in NAMES.items():
        exam = build_exam(part, language)
        layout = LAYOUTS[part, language]
        files = print_exam(exam, layout, raw, name=name, truth_name=f"../{name}.truth.json", with_keys=False)
        truths.mkdir(exist_ok=True)
        files.truth_path.replace(truths / f"{name}.json")
        images = {entry["number"]: entry["image"] for entry in load_part(part)["items"] if "image" in entry}
        gold += [_gold(item, f"{name}.pdf", language, images) for item in files.truth["items"]]
    for part in (1, 2):
        exam = build_exam(part, "es")
        named = PrintExam(f"{exam.title}. {exam.part_titles[part - 1]}", "es", exam.items, exam.header, exam.footer)
        print_key(named, LAYOUTS[part, "es"], raw, f"clave-2031-parte{part}")
        print_key(named, LAYOUTS[part, "es"], raw, f"clave-corregida-2031-parte{part}", revised=True)
    _image_booklet(raw / "imagenes-2031-parte2.pdf")
    lines = [json.dumps(row, ensure_ascii=False) for row in gold]
    (out / "gold.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _gold(item: dict[str, Any], file: str, language: str, images: dict[int, int]) -> dict[str, Any]:
    final = item["key"] if item["revised_key"] is None else item["revised_key"]
    row = {
        "file": file,
        "part": item["part"],
        "number": item["number"],
        "language": language,
        "context": item["context"],
        "stem": item["stem"],
        "table": item["table"],
        "options": [{"label": option["label"], "text": option["text"]} for option in item["options"]],
        "answers": final or [],
        "first_answers": item["key"] or [],
        "status": item["status"],
        "figures": len(item["figures"]),
        "page": item["page"],
    }
    if item["number"] in images:
        row["image_booklet"] = images[item["number"]]
    return row


def _image_booklet(path: Path) -> None:
    layout = Layout(font="liberation-sans", font_size=11.0)
    frame = Frame(layout.page_size, layout.margin, 1)
    setting = Setting(layout, "es", frame.width)
    filler = Filler(frame)
    filler.add(heading(setting, "Cuadernillo de imágenes / Image booklet · Parte 2 / Part 2", 1.3))
    for number, seed in ((1, 11), (2, 77)):
        filler.add(heading(setting, f"Imagen {number} / Image {number}"))
        shape = ImageOp(60, 4, 320, 200, picture(seed, 640, 400, "rings"))
        filler.add(Group((Element(230, (shape,)),), gap=20))
    paint(filler.sheets, layout.page_size, path, "Cuadernillo de imágenes 2031")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)

"""What is known of every unit of split.json apart from the parser: transcriptions, which of them are sure, keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bench import check_text, figures, gold, keys, papers

ROOT = Path(__file__).resolve().parent.parent


def _font_signs(font: str) -> dict[int, str]:
    """Return the signs of a font of symbols by private code point, of the table that the reader has too."""
    table = YAML(typ="safe").load((ROOT / "benchwright/sources/data/privatesigns.yaml").read_text("utf-8"))
    runs = next(one["signs"] for one in table if font in one["fonts"])
    return {int(str(first), 16) + k: sign for first, run in runs.items() for k, sign in enumerate(str(run))}


FIXES = {"il_ima_internal": {ord("ð"): "נ"} | _font_signs("symbol"), "kr_kice_math": _font_signs("hyhwpeq")}
"""Letters that the fonts of an exam map wrongly, as its SOURCE.md says, or keep at private code points."""

Row = dict[str, Any]
Place = tuple[str, str]


@dataclass
class Truth:
    """What is known of a unit: transcribed questions, which of them are sure, official keys by file and number."""

    rows: list[Row] = field(default_factory=list)
    sure: set[Place] = field(default_factory=set)
    keys: dict[Place, Row] = field(default_factory=dict)
    by_text: bool = False
    figures: bool = False


def single(unit: papers.Unit, rows: Iterable[Row], data: Path) -> Truth:
    """Return the truth of a unit that is one file with one transcription; its rows may hold the keys."""
    path = data / unit.name
    known = list(rows)
    edges = unit.exam != "il_ima_internal"
    found = check_text.printed(known, {path.name: path}, FIXES.get(unit.exam, {}), edges=edges)
    answers = {(g["file"], g["number"]): g for g in known if g["status"] != "unknown"}
    return Truth(known, found, answers)


def taiwan(unit: papers.Unit, data: Path) -> Truth:
    """Return the truth of a sitting: both transcriptions, official tables with their corrections."""
    folder, code = data / unit.name, next((data / unit.name).glob("*.pdf")).name.split("_")[0]
    official: dict[Place, Row] = {}
    booklets = [path for path in sorted(folder.glob("*.pdf")) if path.stem.split("_")[1].isdigit()]
    for path in booklets:
        part = path.stem.split("_")[1]
        official |= {(path.name, number): key for number, key in keys.tw(folder, code, part).items()}
    if unit.stem == "100030":
        return Truth(keys=official)
    first, second = gold.tw_sitting(data, unit.stem, code)
    if second:
        figures.count(second, {path.name: path for path in booklets})
        return Truth(second, check_text.agreed(second, first), official, figures=True)
    paths = {path.name: path for path in booklets}
    figures.count(first, paths)
    return Truth(first, check_text.printed(first, paths, {}), official, figures=True)


def argentina(unit: papers.Unit, data: Path) -> Truth:
    """Return the truth of one year; the nursing booklet has none."""
    if not unit.stem.startswith("examen_unico"):
        return Truth()
    rows = gold.ar_examen_unico(data, unit.stem[-4:])
    truth = single(unit, rows, data)
    truth.figures = True
    return truth


def israel(unit: papers.Unit, data: Path) -> Truth:
    """Return the truth of one sitting, whose transcription has other numbers than the booklet."""
    path = data / unit.name
    truth = single(unit, gold.il(path), data)
    table = keys.il(path.with_name(path.name.replace("questions", "answers")))
    truth.keys = {(path.name, number): key for number, key in table.items()}
    truth.by_text = True
    return truth


def bulgaria(unit: papers.Unit, data: Path) -> Truth:
    """Return the truth of one sitting."""
    path = data / unit.name
    return single(unit, gold.bg(path, "\n".join(check_text.page_texts(path))), data)


def only_keys(unit: papers.Unit, data: Path) -> Truth:
    """Return the truth of an exam of which only the key is known."""
    path = data / unit.name
    name = path.name
    if unit.exam == "br_boards":
        name, table = "prova.pdf", keys.br(path / "gabarito.pdf", unit.stem)
    elif unit.exam == "jp_keiryoshi":
        table = keys.jp(path.parent, path.stem)
    else:
        table = keys.kr(path.parent / "keys.tsv", path.stem)
    return Truth(keys={(name, number): key for number, key in table.items()})


def vietnam(unit: papers.Unit, data: Path) -> Truth:
    """Return the truth of one Word file."""
    truth = single(unit, gold.vn(data / unit.name), data)
    truth.figures = True
    return truth


TRUTHS: dict[str, Callable[[papers.Unit, Path], Truth]] = {
    "ar_examen_unico": argentina,
    "bg_dzi_english": bulgaria,
    "br_boards": only_keys,
    "es_mir_headqa": lambda unit, data: single(unit, gold.es_mir(data, unit.stem[-4:]), data),
    "il_ima_internal": israel,
    "jp_keiryoshi": only_keys,
    "kr_kice_math": only_keys,
    "pe_conareme": lambda unit, data: single(unit, gold.pe(data / unit.name), data),
    "tw_moex_physician": taiwan,
    "vn_hsge": vietnam,
}

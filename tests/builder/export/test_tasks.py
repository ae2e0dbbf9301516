"""Tasks of evaluation programs: what is asked, in which words, and what is left out and why."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from ruamel.yaml import YAML
from typer.testing import CliRunner

from benchwright.builder._words import words_of
from benchwright.builder.export import TaskWish, export_task, exporters
from benchwright.builder.export._exporter import Exporter
from benchwright.builder.export._questions import prompt_of, questions_of
from benchwright.builder.store import write_records
from benchwright.schemas import Item, Key
from benchwright.schemas.errors import InputError, NotFoundError, PluginError
from tests.builder.export.exam import WHOLE, exam_items, release_exam
from tests.schemas.strategies import LANGUAGES

FORMATS = ["helm", "inspect", "lighteval", "lm-eval", "mmlu-csv", "opencompass", "plain", "xliff"]


@pytest.fixture(scope="session")
def exam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release_exam(tmp_path_factory.mktemp("exam"))


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_the_exports_are_plug_ins() -> None:
    found = exporters()
    assert sorted(found) == FORMATS
    assert all(isinstance(one, Exporter) for one in found.values())


def test_an_export_that_breaks_its_protocol_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from benchwright.builder.export.formats import plain

    monkeypatch.setattr(plain, "EXPORTER", "none")
    with pytest.raises(PluginError, match=r"formats\.plain"):
        exporters()


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_bytes_twice_and_every_question_is_there_or_named(exam: Path, tmp_path: Path, name: str) -> None:
    made = []
    for place in ("one", "two"):
        run = export_task(exam, name, tmp_path / place)
        made.append({path.relative_to(tmp_path / place).as_posix(): path.read_bytes() for path in run.files})
    assert made[0] == made[1]
    assert made[0]
    left = [item for ids in run.left_out.values() for item in ids]
    written = b"".join(made[0].values()).decode()
    assert "中文 עברית" in written
    assert len(set(left)) == len(left)
    asked = {one.id for one in exam_items()} - set(left)
    assert sum(run.asked.values()) >= len(asked)
    if name not in {"mmlu-csv", "xliff"}:  # which have no place for it, or name the version
        assert all(item in written for item in asked)
        assert sum(run.asked.values()) == len(asked)


def test_what_cannot_be_asked_is_left_out_with_its_reason(exam: Path, tmp_path: Path) -> None:
    run = export_task(exam, "plain", tmp_path)
    assert {why: [one.split("/")[-1] for one in ids] for why, ids in run.left_out.items()} == {
        "it has no key": ["004@es"],
        "it has no options (--form open asks it)": ["005@es"],
        "it needs a picture (--images)": ["008@es"],
    }
    assert run.asked == {"en": 7, "es": 9}


def test_words_are_those_of_the_language_or_english(exam: Path) -> None:
    native, english = (questions_of(exam, TaskWish(prompt=words)) for words in ("native", "english"))
    one = next(one for one in native.asked if one.language == "es")
    assert prompt_of(one, native.words("es"), native.wish).splitlines() == [
        "Pregunta: ¿Dónde está el húmero (17)?",
        "A. Respuesta A1",
        "B. Respuesta B1",
        "C. Respuesta C1",
        "D. Respuesta D1",
        "Elija la respuesta correcta.",
        "Respuesta:",
    ]
    assert prompt_of(one, english.words("es"), english.wish).startswith("Question: ¿Dónde")


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_of_the_tests_have_words(language: str) -> None:
    expected = "en" if language == "nso" else language.split("-", maxsplit=1)[0]
    assert words_of(language).language.split("-")[0] == expected


def test_scripts_and_regions_are_told_apart() -> None:
    assert words_of("zh-Hant").question != words_of("zh-Hans").question
    assert words_of("zh-TW").language == "zh-Hant"
    assert words_of("pt-BR").language == "pt"
    assert words_of("sr-Latn").question == "Pitanje"
    assert words_of("xx").language == "en"


def test_solved_examples_are_never_asked_nor_their_vignettes(exam: Path) -> None:
    found = questions_of(exam, TaskWish(shots=2, rationale=True))
    shown = {one.group for some in found.shots.values() for one in some}
    assert not shown & {one.group for one in found.asked}
    assert {len(some) for some in found.shots.values()} == {2}
    text = prompt_of(found.shots["es"][0], found.words("es"), found.wish, solved=True)
    assert "\nExplicación: Porque" in text
    assert text.splitlines()[-1] == f"Respuesta: {found.shots['es'][0].answers[0][0]}"
    assert "it is shown as a solved example, or shares its vignette" in found.left_out
    with pytest.raises(InputError, match="too few questions in en for 7"):
        questions_of(exam, TaskWish(shots=7))


def test_solved_examples_come_from_a_split_where_there_is_one(tmp_path: Path) -> None:
    groups = [one.group for one in exam_items() if one.exam.number in {"9", "10"} and one.language == "es"]
    text = f"{WHOLE}release: {{splits: [{{name: dev, groups: {json.dumps(groups)}}}]}}\n"
    folder = release_exam(tmp_path, recipe=text)
    found = questions_of(folder, TaskWish(shots=2))
    assert {one.group for one in found.shots["es"]} == set(groups)
    assert not {one.group for one in found.asked} & set(groups)
    # Without examples the whole release is asked.
    assert {one.group for one in questions_of(folder, TaskWish()).asked} >= set(groups)


def test_open_form_hides_the_options_and_asks_short_answers(exam: Path, tmp_path: Path) -> None:
    export_task(exam, "plain", tmp_path, TaskWish(form="open"))
    found = {row["id"].split("/")[-1]: row for row in rows(tmp_path / "xx_exam_es.jsonl")}
    assert "A. " not in found["001@es"]["prompt"]
    assert found["001@es"]["accepted"] == ["Respuesta B1"]
    assert found["005@es"]["accepted"] == ["Tibia", "la tibia"]
    assert "002@es" not in found
    with pytest.raises(InputError, match="does not hold"):
        export_task(exam, "lighteval", tmp_path, TaskWish(form="open"))


def test_pictures_lie_beside_the_task(exam: Path, tmp_path: Path) -> None:
    run = export_task(exam, "inspect", tmp_path, TaskWish(images=True))
    row = next(row for row in rows(tmp_path / "xx_exam.jsonl") if row["id"].endswith("008@es"))
    assert (tmp_path / row["images"][0]).read_bytes().startswith(b"\x89PNG")
    assert "it needs a picture (--images)" not in run.left_out


def test_a_key_that_names_no_option_is_not_asked(tmp_path: Path) -> None:
    items = exam_items()[:2]
    broken = items[0].model_copy(update={"key": Key(status="official", answers=(("E",),))})
    write_records(tmp_path / "items.parquet", [broken, items[1]], Item)
    run = export_task(tmp_path / "items.parquet", "plain", tmp_path / "out")
    assert run.left_out == {"its key names an option that it does not have": [broken.id]}


def test_a_table_of_items_is_exported_too(tmp_path: Path) -> None:
    write_records(tmp_path / "items.parquet", exam_items(), Item)
    run = export_task(
        tmp_path / "items.parquet", "plain", tmp_path / "out", TaskWish(name="Mi examen", languages=("es",))
    )
    assert run.asked == {"es": 9}
    assert [path.name for path in run.files] == ["mi_examen_es.csv", "mi_examen_es.jsonl"]


def test_csv_and_json_lines_hold_the_same(exam: Path, tmp_path: Path) -> None:
    export_task(exam, "plain", tmp_path)
    with (tmp_path / "xx_exam_es.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    for row, line in zip(table, rows(tmp_path / "xx_exam_es.jsonl"), strict=True):
        back = {name: text if isinstance(line[name], str) else json.loads(text) for name, text in row.items()}
        assert back == line


def test_lm_eval_has_tasks_and_a_group_for_each_kind(exam: Path, tmp_path: Path) -> None:
    export_task(exam, "lm-eval", tmp_path, TaskWish(shots=1))
    names = {path.name for path in tmp_path.glob("*.yaml")}
    tasks = {"xx_exam_es.yaml", "xx_exam_en.yaml", "xx_exam_es_several.yaml", "xx_exam_en_several.yaml"}
    assert names == tasks | {"xx_exam_group.yaml", "xx_exam_several_group.yaml"}
    group = YAML(typ="safe").load((tmp_path / "xx_exam_group.yaml").read_text(encoding="utf-8"))
    assert group["task"] == ["xx_exam_en", "xx_exam_es"]
    assert rows(tmp_path / "data/xx_exam_es_several.jsonl")[0]["answers"] == ["AC"]


def test_the_scores_of_lm_eval_tasks_are_exact_and_partial(exam: Path, tmp_path: Path) -> None:
    export_task(exam, "lm-eval", tmp_path)
    code = (tmp_path / "utils.py").read_text(encoding="utf-8").replace("from datasets import Dataset", "Dataset = None")
    space: dict[str, Any] = {"__file__": str(tmp_path / "utils.py")}
    exec(compile(code, "utils.py", "exec"), space)
    doc = {"letters": list("ABCD"), "answers": ["AC"], "accepted": ["Tibia"]}
    told = {text: space["score_several"](doc, [text]) for text in ("A, C", "A", "A y B", "AC", "none", "(A) (C)\nB")}
    assert {text: (one["exact"], one["partial"]) for text, one in told.items()} == {
        "A, C": (1.0, 1.0),
        "A": (0.0, 0.5),
        "A y B": (0.0, 0.0),
        "AC": (1.0, 1.0),
        "none": (0.0, 0.0),
        "(A) (C)\nB": (1.0, 1.0),
    }
    single = {"letters": list("AB"), "answers": ["A", "B"]}
    assert space["score_one"](single, [(-2.0, False), (-1.0, False)]) == {"acc": 1.0}
    assert space["score_open"](doc, ["  tibia. \nmore"]) == {"exact": 1.0}


def test_mmlu_files_have_four_options_and_no_header(exam: Path, tmp_path: Path) -> None:
    run = export_task(exam, "mmlu-csv", tmp_path)
    assert "its answer is several options, which the format does not hold" in run.left_out
    with (tmp_path / "test/es_xx_exam_test.csv").open(encoding="utf-8", newline="") as stream:
        first = next(csv.reader(stream))
    assert first == ["¿Dónde está el húmero (17)?", *(f"Respuesta {letter}1" for letter in "ABCD"), "B"]


def test_opencompass_and_helm_hold_the_right_answer(exam: Path, tmp_path: Path) -> None:
    export_task(exam, "opencompass", tmp_path / "oc")
    row = rows(tmp_path / "oc/xx_exam_es.jsonl")[0]
    assert (row["A"], row["answer"]) == ("Respuesta A1", "B")
    meta = json.loads((tmp_path / "oc/xx_exam_es.jsonl.meta.json").read_text(encoding="utf-8"))
    assert meta["data_type"] == "mcq"
    assert meta["human_prompt"] == "{question}"
    assert "\nA. Respuesta A1\n" in row["question"]
    assert set(meta["input_columns"]) | {"answer"} == set(row)
    export_task(exam, "opencompass", tmp_path / "shown", TaskWish(shots=1))
    assert rows(tmp_path / "shown/xx_exam_es.jsonl")[0]["question"].count("Respuesta:") == 2
    export_task(exam, "helm", tmp_path / "helm", TaskWish(shots=1))
    instances = rows(tmp_path / "helm/xx_exam_es.jsonl")
    found = {row["id"].split("/")[-1]: row for row in instances}
    right = [one["output"]["text"] for one in found["003@es"]["references"] if one["tags"] == ["correct"]]
    assert right == ["Respuesta A3", "Respuesta B3"]
    assert [one["split"] for one in instances] == ["train", *["test"] * (len(instances) - 1)]


def test_formats_that_score_one_answer_leave_out_what_accepts_several(exam: Path, tmp_path: Path) -> None:
    reason = "it accepts any of several answers, which the format does not hold"
    cases = [("opencompass", TaskWish(), "003"), ("mmlu-csv", TaskWish(), "003")]
    for name, wish, left in [*cases, ("opencompass", TaskWish(form="open"), "005")]:
        run = export_task(exam, name, tmp_path / name / wish.form, wish)
        assert f"xx-exam/2024/1/{left}@es" in run.left_out[reason]
    assert reason not in export_task(exam, "helm", tmp_path / "helm").left_out


def test_xliff_has_each_text_beside_its_source(exam: Path, tmp_path: Path) -> None:
    run = export_task(exam, "xliff", tmp_path)
    assert [path.name for path in run.files] == ["xx_exam_es_en.xlf"]
    root: Any = etree.parse(str(run.files[0])).getroot()
    space = {"x": "urn:oasis:names:tc:xliff:document:2.0"}
    assert (root.get("srcLang"), root.get("trgLang")) == ("es", "en")
    unit = root.xpath("//x:group[@name='xx-exam/2024/1/001@en']/x:unit[@name='stem']/x:segment", namespaces=space)[0]
    assert [one.text for one in unit] == ["¿Dónde está el húmero (17)?", "Where is bone 1?"]
    assert root.xpath("//x:note", namespaces=space)[0].text.startswith("canary GUID")


def test_the_command(exam: Path, tmp_path: Path) -> None:
    from benchwright.builder.cli import app

    done = CliRunner().invoke(app, ["export", str(exam), "--to", "plain", "-o", str(tmp_path / "out"), "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "wrote 2 files" in done.output
    wrong = CliRunner().invoke(app, ["export", str(exam), "--to", "gpt", "-o", str(tmp_path / "x")])
    assert wrong.exit_code == 2
    assert "lm-eval" in wrong.output
    assert CliRunner().invoke(app, ["export", str(exam), "--to", "plain", "-o", "x", "--form", "essay"]).exit_code == 2


def test_nothing_to_ask_and_unknown_formats_are_errors(exam: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to ask"):
        export_task(exam, "plain", tmp_path, TaskWish(languages=("fr",)))
    with pytest.raises(NotFoundError, match="name-unknown"):
        export_task(exam, "nothing", tmp_path)

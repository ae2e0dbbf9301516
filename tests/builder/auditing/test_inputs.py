"""Any importable file is audited as it is, beside its original, and as bitext."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from benchwright.audits import language_told
from benchwright.builder.auditing import AuditWish, audit_files
from benchwright.builder.cli import app
from benchwright.schemas import Finding, Label, Patch
from benchwright.schemas.errors import InputError, NotFoundError
from benchwright.schemas.rows import from_frame
from benchwright.sources import IntakeOptions
from tests.audits.clean import item, table
from tests.builder.fakes import RECIPE, write_project

ORGANS = ("heart", "liver", "kidney", "lung", "spleen", "stomach", "brain", "bladder", "thyroid", "pancreas")
ORGANOS = ("corazón", "hígado", "riñón", "pulmón", "bazo", "estómago", "cerebro", "vejiga", "tiroides", "páncreas")

ES, EN = IntakeOptions(language="es"), IntakeOptions(language="en")


def write_mmlu(path: Path, language: str, *, drop: int = 0) -> Path:
    """A benchmark without ids: the same questions with the same keys in English or Spanish."""
    draw = random.Random(7)
    rows = []
    for number in range(60):
        organ, dose, letter = number % len(ORGANS), 5 + number * 3, draw.choice("ABCD")
        texts = [f"{dose + place * 2} mg" for place in range(4)]
        stem = (
            f"Which dose of frenolin suits a patient of {20 + number} years whose {ORGANS[organ]} is diseased?"
            if language == "en"
            else f"¿Qué dosis de frenolina conviene a un paciente de {20 + number} años con mal de {ORGANOS[organ]}?"
        )
        rows.append([stem, *texts, letter])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["question", "A", "B", "C", "D", "answer"])
        writer.writerows(rows[drop:])
    return path


def test_a_benchmark_without_ids_finds_its_source_by_order(tmp_path: Path) -> None:
    original = write_mmlu(tmp_path / "en" / "organs_test.csv", "en")
    # Ten rows are lost in the translation: record numbers no longer mean the same question.
    translated = write_mmlu(tmp_path / "es" / "organs_test.csv", "es", drop=10)
    run = audit_files([translated], tmp_path / "out", AuditWish(sources=[original], options=ES, source_options=EN))
    assert run.items == 50
    assert run.alone == []
    assert any("ordered subsequence" in note for note in run.notes)
    assert {path.name for path in run.written} >= {"findings.parquet", "scores.parquet", "items.parquet", "report.html"}
    links = pl.read_parquet(tmp_path / "out" / "links.parquet")
    assert links.height == 50
    assert set(links.columns) == {"left", "right", "kind", "evidence"}
    # What has no partner and what is doubtful is written with its reason, not only counted.
    doubtful = pl.read_parquet(tmp_path / "out" / "links.doubtful.parquet")
    assert doubtful.filter(pl.col("kind") == "none")["left"].len() == 10
    assert doubtful["reason"].null_count() == 0
    risks = run.scores.filter(pl.col("name") == "risk")
    assert sorted(risks["item_id"]) == sorted(pl.read_parquet(tmp_path / "out" / "items.parquet")["id"])


def test_another_benchmark_is_no_source(tmp_path: Path) -> None:
    translated = write_mmlu(tmp_path / "es" / "organs_test.csv", "es")
    other = tmp_path / "rivers_test.csv"
    rows = [[f"Where does river number {n * n} spring?", "north", "south", "east", "west", "B"] for n in range(60)]
    with other.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["question", "A", "B", "C", "D", "answer"], *rows])
    with pytest.raises(InputError) as caught:
        audit_files([translated], wish=AuditWish(sources=[other], options=ES, source_options=EN))
    assert caught.value.problems[0].code == "source-unlinked"


def bitext(path: Path) -> Path:
    rows = [
        {"id": "s-1", "source": "Il reçoit 5 mg.", "target": "He receives 5 mg.", "source_language": "fr"},
        {"id": "s-2", "source": "Il dort.", "target": "He sleeps \ufffd.", "source_language": "fr"},
    ]
    path.write_text("".join(json.dumps({**row, "target_language": "en"}) + "\n" for row in rows), encoding="utf-8")
    return path


def test_bitext_is_told_under_its_own_ids(tmp_path: Path) -> None:
    run = audit_files([bitext(tmp_path / "pairs.jsonl")], tmp_path / "out")
    found = from_frame(run.findings.filter(pl.col("code") == "S211"), Finding)
    assert [(one.item_id, one.subject, one.scope) for one in found] == [("s-2", "s-2", "pair")]
    assert found[0].finding_id == Finding.model_validate({**found[0].model_dump(), "finding_id": ""}).finding_id
    assert run.scores.filter(pl.col("name") == "risk")["item_id"].to_list() == ["s-1", "s-2"]
    assert run.findings.filter(pl.col("code").str.starts_with("S0")).is_empty()


def test_links_in_doubt_are_written(tmp_path: Path) -> None:
    # One question of a run with equal keys is lost, and all say the same: which one it was, nothing tells.
    draw = random.Random(7)
    rows = [["Which dose of frenolin?", "5 mg", "7 mg", "9 mg", "11 mg", draw.choice("ABCD")] for _ in range(60)]
    lost = next(place for place in range(20, 59) if rows[place][-1] == rows[place + 1][-1])
    for name, own in (("en", rows), ("es", [*rows[:lost], *rows[lost + 1 :]])):
        (tmp_path / name).mkdir()
        with (tmp_path / name / "organs_test.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([["question", "A", "B", "C", "D", "answer"], *own])
    wish = AuditWish(sources=[tmp_path / "en" / "organs_test.csv"], options=ES, source_options=EN, select=("S002",))
    run = audit_files([tmp_path / "es" / "organs_test.csv"], tmp_path / "out", wish)
    doubtful = pl.read_parquet(tmp_path / "out" / "links.doubtful.parquet").filter(pl.col("kind") == "order")
    assert doubtful.height
    assert doubtful.select("left", "right", "evidence", "reason").null_count().sum_horizontal().item() == 0
    assert any("doubtful" in note for note in run.notes)


def test_pairs_of_one_id_in_two_languages_have_a_risk_each(tmp_path: Path) -> None:
    rows = [("fr", "Il reçoit 5 mg."), ("de", "Er erhält 50 mg."), ("fr", "Il dort bien.")]
    path = tmp_path / "pairs.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for number, (tag, target) in enumerate(rows):
            row = {"id": f"s-{number // 2}", "source": "He receives 5 mg.", "source_language": "en", "target": target}
            stream.write(json.dumps({**row, "target_language": tag}) + "\n")
    run = audit_files([path], tmp_path / "out")
    assert run.scores.filter(pl.col("name") == "risk")["item_id"].to_list() == ["s-0@de", "s-0@fr", "s-1"]
    assert run.findings.filter(pl.col("code") == "T102")["subject"].to_list() == ["s-0@de"]


def test_bitext_with_codes_asked_for_keeps_them(tmp_path: Path) -> None:
    run = audit_files([bitext(tmp_path / "pairs.jsonl")], wish=AuditWish(select=("S001",)))
    assert run.findings["item_id"].to_list() != []


def test_safe_repairs_are_proposed_and_not_applied(tmp_path: Path) -> None:
    broken = item(1, "en", stem="Which cafÃ© sells 5 &lt; 6 \x01beans?", texts=("one", "two", "three", "&amp;"))
    path = tmp_path / "items.parquet"
    table([broken]).collect().write_parquet(path)
    before = path.read_bytes()
    run = audit_files([path], tmp_path / "out", AuditWish(fix=True))
    lines = (tmp_path / "out" / "patches.jsonl").read_text(encoding="utf-8").splitlines()
    patches = {one.field: one for one in (Patch.model_validate_json(line) for line in lines)}
    assert patches["stem"].after == "Which café sells 5 < 6 beans?"
    assert patches["stem"].before == broken.stem
    assert patches["stem"].hash_before == broken.hashes.text_hash
    assert patches["option:D"].after == "&"
    assert path.read_bytes() == before
    assert run.written[-1].name == "patches.jsonl"


def test_text_that_only_looks_like_an_escape_is_left(tmp_path: Path) -> None:
    broken = item(1, "en", stem="What does \\x00 or \\ud800 mean in Ångström's notes?")
    table([broken]).collect().write_parquet(tmp_path / "items.parquet")
    audit_files([tmp_path / "items.parquet"], tmp_path / "out", AuditWish(fix=True))
    assert (tmp_path / "out" / "patches.jsonl").read_text(encoding="utf-8") == ""


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        audit_files([tmp_path / "nothing.csv"])


def test_broken_glossary_is_told(tmp_path: Path) -> None:
    (tmp_path / "terms.csv").write_text("word,meaning\na,b\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        audit_files([bitext(tmp_path / "pairs.jsonl")], wish=AuditWish(glossary=tmp_path / "terms.csv"))
    assert caught.value.problems[0].code == "glossary-broken"


def test_fix_needs_a_folder(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["audit", str(bitext(tmp_path / "pairs.jsonl")), "--fix"])
    assert done.exit_code == 2
    assert "-o DIR" in done.output


def test_command_says_how_the_file_was_read(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["audit", str(bitext(tmp_path / "pairs.jsonl")), "--json"])
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["items"] == 2
    assert document["rejected"] == 0


def test_language_of_a_short_benchmark_is_told_by_the_model(root: Path) -> None:
    run = audit_files([root / "examples/translated/translated.csv"], wish=AuditWish(select=("S",)))
    assert run.imported[0].language == "es"
    assert any("told from the text" in doubt for doubt in run.imported[0].doubts)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("A nurse prepares the solution and asks the physician how much of it the patient should be given.", "en"),
        ("Die Schwester bereitet die Lösung vor und fragt den Arzt, wie viel davon der Kranke bekommen soll.", "de"),
        ("الممرضة تحضر المحلول وتسأل الطبيب عن الكمية التي يجب أن يأخذها المريض في الصباح والمساء.", "ar"),
        (
            "看護師は溶液を準備し、患者にどれだけ与えるべきかを医師に尋ねる。朝と晩に与えることもある。看護師は溶液を準備し、患者に与える。",
            "ja",
        ),
        ("12345 67890 mg/dL 5.5 HbA1c 7.35 (pH) 45 % 80 mmHg 120/80 3.5 g/dL 140 mmol/L 99", None),
        ("short", None),
    ],
)
def test_language_is_told_where_the_model_is_sure(text: str, language: str | None) -> None:
    assert language_told([text]) == language


def test_bitext_in_one_language_is_a_rewrite(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "source": "He was given 5 mg daily.", "target": "He was given 50 mg daily."},
        {"id": "b", "source": "He slept well that night.", "target": "He slept well that night."},
    ]
    for row in rows:
        row.update(source_language="en", target_language="eng")
    path = tmp_path / "pairs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    run = audit_files([path], tmp_path / "out")
    assert run.items == 2
    assert run.findings.filter(pl.col("code") == "T102")["item_id"].to_list() == ["a"]
    ids = pl.read_parquet(tmp_path / "out" / "items.parquet")["id"].to_list()
    assert ids == ["pairs/all/all/a@en", "pairs/all/all/a@en#target", "pairs/all/all/b@en", "pairs/all/all/b@en#target"]


def test_records_of_the_source_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    original = write_mmlu(tmp_path / "en" / "organs_test.csv", "en")
    original.write_text(original.read_text(encoding="utf-8") + "a,row,with,too,many,fields,here\n", encoding="utf-8")
    translated = write_mmlu(tmp_path / "es" / "organs_test.csv", "es")
    run = audit_files([translated], wish=AuditWish(sources=[original], options=ES, source_options=EN, select=("S",)))
    assert any("1 records of the sources were rejected" in note for note in run.notes)


def test_codebooks_of_the_recipe_are_asked(tmp_path: Path) -> None:
    project = write_project(tmp_path / "toy", {}, RECIPE + "codebooks: {subject: [Anatomy, Surgery]}\n")
    labelled = [
        item(n, labels=(Label(taxonomy="subject", value=value, source="printed"),))
        for n, value in enumerate(("Anatomy", "Anatmy", "Anatmy"), 1)
    ]
    (project / "build").mkdir()
    table(labelled).collect().write_parquet(project / "build" / "items.parquet")
    found = audit_files([project], wish=AuditWish(select=("C122",))).findings
    assert found.select("field", "value").rows() == [("subject=Anatmy", 2.0)]
    assert "nearest is “Anatomy”" in found["message"][0]

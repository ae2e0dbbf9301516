"""What the card says beside counts: measurements, words of people, criteria; and other descriptions of a release."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from benchwright.builder.release import make_release, plan_release, verify_release
from benchwright.builder.release._criteria import checklist
from benchwright.builder.release._hand import read_hand
from benchwright.builder.release._trace import _lines_of
from benchwright.builder.release.make import write_release
from benchwright.schemas.errors import BenchwrightError, GateError, InputError
from tests.builder.release.project import RECIPE, make_project, say_current
from tests.builder.release.reading import manifest_of
from tests.schemas.strategies import plain_item

HAND = """\
summary: Questions of an exam; {counts.items} items.
intended_use: To compare models in medicine. ICD-10 codes are not given.
out_of_scope: Advice to patients.
contact: board@example.org
released: "2026-03-02"
contributors:
  - {name: Ana Núñez, role: editor, affiliation: 國立大學, orcid: 0000-0002-1825-0097}
answers:
  difficulty: {answer: no, why: Nobody measured it.}
"""


def test_words_of_people_are_marked_and_their_numbers_are_those_of_the_manifest(project: Path) -> None:
    (project / "card.yaml").write_text(HAND, encoding="utf-8")
    release = make_release(project, "1.0.0")
    card = (release / "README.md").read_text(encoding="utf-8")
    assert "*By hand:* Questions of an exam; 5 items." in card
    assert "*By hand:* not stated." in card
    assert "Ana Núñez (國立大學)" in card
    assert "*By hand:* Nobody measured it. | no | hand |" in card
    numbers = (release / "numbers.tsv").read_text(encoding="utf-8")
    line = next(n for n, text in enumerate(card.splitlines(), 1) if "Questions of an exam" in text)
    assert f"README.md\t{line}\t5\tmanifest.json\t/counts/items\t" in numbers
    assert verify_release(release).ok
    citation = YAML(typ="safe").load((release / "CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["cff-version"], citation["type"], citation["date-released"]) == ("1.2.0", "dataset", "2026-03-02")
    assert citation["authors"][0]["orcid"] == "https://orcid.org/0000-0002-1825-0097"
    zenodo = json.loads((release / ".zenodo.json").read_text(encoding="utf-8"))
    assert zenodo["description"] == "Questions of an exam; 5 items."
    assert zenodo["creators"] == [{"name": "Ana Núñez", "affiliation": "國立大學", "orcid": "0000-0002-1825-0097"}]
    described = json.loads((release / "benchmark_card.json").read_text(encoding="utf-8"))
    assert described["purpose_and_intended_users"]["out_of_scope_uses"] == "Advice to patients."
    croissant = json.loads((release / "croissant.json").read_text(encoding="utf-8"))
    assert croissant["rai:dataUseCases"].startswith("To compare models")
    assert croissant["datePublished"] == "2026-03-02"
    assert "*By hand:* Advice to patients." in (release / "DATASHEET.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("sumary: x", "an unknown key", "'summary'"),
        ("summary: About 120 items", "120", "no typed number"),
        ("risks: Wrong in 3.5 % of cases", "3.5 %", "no typed number"),
        ("summary: [x", "expected", "YAML"),
        ("answers: {difficulty: {answer: maybe, why: x}}", "maybe", "'yes'"),
        ("contributors: [{name: A, orcid: '12'}]", "12", "pattern"),
    ],
)
def test_a_wrong_card_is_refused(project: Path, text: str, found: str, expected: str) -> None:
    (project / "card.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        make_release(project, "1.0.0")
    problem = caught.value.problems[0]
    assert problem.code == "card-wrong"
    assert found in f"{problem.found} {problem.message}" or found in str(problem)
    assert expected in str(problem)
    assert not (project / "release" / "1.0.0").exists()


def test_dates_and_names_with_digits_are_no_typed_numbers(tmp_path: Path) -> None:
    (tmp_path / "card.yaml").write_text(
        "summary: Since 2019-03, ICD-10 and CC-BY-4.0; see {facts.ledger}", encoding="utf-8"
    )
    assert read_hand(tmp_path).summary is not None
    assert read_hand(tmp_path / "none").summary is None


@pytest.mark.parametrize("text", ["summary: '{counts.nothing}'", "answers: {nothing: {answer: yes, why: x}}"])
def test_names_that_are_not_there_are_refused_and_nothing_is_left(project: Path, text: str) -> None:
    (project / "card.yaml").write_text(text.replace("answer: yes", "answer: 'yes'"), encoding="utf-8")
    with pytest.raises(InputError, match="card-wrong"):
        make_release(project, "1.0.0")
    assert list((project / "release").iterdir()) == []


def test_measurements_are_cited_without_sentences(project: Path) -> None:
    folder = project / "evidence"
    folder.mkdir()
    examples = {"found": "a sentence of the paper SECRETO", "file": "booklet.pdf"}
    document = {"total": {"exact_stem": 0.975, "counts": {"found": 40}}, "causes": [examples]}
    (folder / "extraction.json").write_text(json.dumps(document), encoding="utf-8")
    other = project / "agreement-2026.json"
    other.write_text('{"kappa": 0.81, "low": 0.74, "high": 0.88}', encoding="utf-8")
    release = make_release(project, "1.0.0", evidence=[other])
    card = (release / "README.md").read_text(encoding="utf-8")
    assert "From `evidence/extraction.json`:" in card
    assert "| total exact_stem | 0.975 |" in card
    assert "| kappa | 0.81 |" in card
    assert "### Contamination\n\nNot measured." in card
    assert "SECRETO" not in "".join(path.read_text("utf-8", "replace") for path in release.rglob("*") if path.is_file())
    kept = json.loads((release / "evidence/extraction.json").read_text(encoding="utf-8"))
    assert kept["document"]["causes"] == [{"file": "booklet.pdf"}]
    assert verify_release(release).ok
    numbers = (release / "numbers.tsv").read_text(encoding="utf-8")
    assert "0.975\tmanifest.json\t/facts/evidence/extraction/total/exact_stem\t" in numbers
    answers = {one["id"]: one for one in criteria_of(release)}
    assert answers["extraction-measured"]["answer"] == "yes"
    assert answers["error-rate"]["answer"] == "no"


def test_who_reviewed_is_told_in_numbers_of_a_document(project: Path) -> None:
    path = project / "reviewers.json"
    profile = {
        "command": "review profiles",
        "people": 6,
        "native_share": 0.83,
        "languages": [{"language": "es", "people": 3}],
    }
    path.write_text(json.dumps(profile), encoding="utf-8")
    notes = project / "notes-es.json"
    notes.write_text(json.dumps({"notes": 4, "items": 3}), encoding="utf-8")
    release = make_release(project, "1.0.0", evidence=[path, notes])
    card = (release / "README.md").read_text(encoding="utf-8")
    assert "From `evidence/notes-es.json`:" in card.split("#### Annotation process")[1].split("####")[0]
    section = card.split("#### Who are the annotators?")[1].split("####")[0]
    assert "| people | 6 |" in section
    assert "| native_share | 0.83 |" in section
    assert "### Other measurements" not in card
    croissant = json.loads((release / "croissant.json").read_text(encoding="utf-8"))
    answers = {one["id"]: one for one in criteria_of(release)}
    assert (answers["annotators"]["answer"], answers["annotators"]["by"]) == ("yes", "document")
    assert croissant["rai:annotatorDemographics"] == "From evidence/reviewers.json: native_share 0.83, people 6."
    assert verify_release(release).ok


@pytest.mark.parametrize(
    ("name", "text"),
    [("x.json", "["), ("x.json", "[1]"), ("x.json", '{"a": NaN}'), ("ñ.json", "{}"), ("none.json", None)],
)
def test_evidence_that_is_none_is_refused(project: Path, name: str, text: str | None) -> None:
    path = project / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(BenchwrightError, match=r"file-unreadable|file-not-found"):
        make_release(project, "1.0.0", evidence=[path])


def criteria_of(release: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((release / "criteria.json").read_text(encoding="utf-8"))["criteria"]
    return found


def test_each_criterion_has_an_answer_and_its_evidence_leads_somewhere(released: Path) -> None:
    answers = criteria_of(released)
    assert len(answers) == len(checklist()) == 55
    assert len({one["id"] for one in answers}) == 55
    assert {one["by"] for one in answers} == {"program", "document", "hand"}
    assert sum(one["by"] == "program" for one in answers) >= 25
    documents = {name: json.loads((released / name).read_text(encoding="utf-8")) for name in ("manifest.json",)}
    for one in answers:
        for place in one["evidence"]:
            value = documents[place["file"]]
            for part in place["pointer"].split("/")[1:]:
                value = value[part]
    by_id = {one["id"]: one["answer"] for one in answers}
    assert (by_id["no-critical"], by_id["no-major"], by_id["keys-known"]) == ("yes", "no", "yes")
    assert by_id["difficulty"] == "not answered"


def test_strict_refuses_what_a_program_finds_missing(project: Path) -> None:
    planned = plan_release(project, "1.0.0")
    with pytest.raises(GateError, match="criteria-not-met") as caught:
        write_release(planned, strict=True)
    assert caught.value.exit_code == 1
    assert "no-major" in {problem.place for problem in caught.value.problems}
    assert list((project / "release").iterdir()) == []


def test_two_hundred_configs_and_names_of_any_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    tags = [f"{a}{b}{c}" for a in "abcdef" for b in "abcdef" for c in "abcdef"][:200]
    items = [plain_item(number, language=tag) for number, tag in enumerate(tags, 1)]
    recipe = RECIPE.replace("Exam of the land of XX", "國家考試 — Ñandú | `x`").replace("expect: 4", "expect: 200")
    project = make_project(tmp_path / "présentation ñ", items, findings=[], pictures=(), recipe=recipe)
    release = make_release(project, "1.0.0")
    text = (release / "README.md").read_text(encoding="utf-8")
    matter = YAML(typ="safe").load(text.split("---\n")[1])
    assert len(matter["configs"]) == len(matter["dataset_info"]) == 202
    assert matter["pretty_name"] == "國家考試 — Ñandú | `x`"
    assert len(text) < 200_000
    assert manifest_of(release).counts["languages"] == 200


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=12,
    )
)
@settings(max_examples=60)
def test_lines_of_a_document_are_found_for_every_value(inner: Any) -> None:
    document = {"a": inner, "z": 7}
    lines = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=2).split("\n")
    found = _lines_of(document)
    assert lines[found["/z"] - 1] == '  "z": 7'
    for pointer, line in found.items():
        value: Any = document
        for part in pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            value = value[int(name)] if isinstance(value, list) else value[name]
        shown = re.sub(r",$", "", lines[line - 1].strip())
        if not isinstance(value, dict | list) or not value:
            assert shown.endswith(json.dumps(value, ensure_ascii=False))

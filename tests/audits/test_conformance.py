"""What every audit must hold to; a new file in the room is taken up without an edit here."""

from __future__ import annotations

import importlib
import random
import re
from functools import lru_cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.audits import audit_codes, audits, run_audits
from benchwright.schemas import Finding, Item, Score
from benchwright.schemas.plugins import Audit, AuditContext, AuditResult
from benchwright.schemas.rows import from_frame, table_schema
from tests.audits.clean import clean_exams, exam, figure, item, table
from tests.audits.plant import Plant

AUDITS = audits()
CODES = {code.code: code for code in audit_codes()}


def planted(audit: Audit) -> dict[str, list[Plant]]:
    module = importlib.import_module(f"tests.audits.planted.{audit.name}")
    plants: dict[str, list[Plant]] = module.PLANTED
    return plants


PLANTS = [
    pytest.param(audit, code, plant, id=f"{code}-{number}")
    for audit in AUDITS
    for code, plants in planted(audit).items()
    for number, plant in enumerate(plants)
]
by_audit = pytest.mark.parametrize("audit", AUDITS, ids=lambda audit: audit.name)


@lru_cache(maxsize=1)
def all_planted() -> tuple[Item, ...]:
    """Items of all plants, each in an exam of its own, so that they do not change each other's siblings."""
    gathered: list[Item] = []
    for number, parameters in enumerate(PLANTS):
        _, _, plant = parameters.values
        for one in plant.items:  # type: ignore[union-attr]
            code = f"ex{number}"
            group = f"{code}/{one.group.split('/', 1)[1]}"
            changed = one.replace(
                group=group, id=f"{group}@{one.language}", exam=one.exam.model_copy(update={"code": code})
            )
            gathered.append(changed)
    return tuple(gathered)


@lru_cache(maxsize=1)
def planted_table() -> pl.DataFrame:
    return table(all_planted()).collect()


@lru_cache(maxsize=len(AUDITS))
def over_all_planted(name: str) -> AuditResult:
    """What an audit finds in the items of all plants together."""
    (audit,) = (one for one in AUDITS if one.name == name)
    return audit.run(planted_table().lazy(), AuditContext())


def test_codes_are_unique_and_sorted() -> None:
    listed = [code.code for audit in AUDITS for code in audit.codes]
    assert sorted(set(listed)) == sorted(listed) == list(CODES)


@by_audit
def test_page_has_each_code_and_says_what_is_not_seen(audit: Audit, root: Path) -> None:
    text = (root / "docs" / "audits" / f"{audit.name}.md").read_text(encoding="utf-8")
    headed = set(re.findall(r"^### ([A-Z]+[0-9]{3}): (.+)$", text, re.MULTILINE))
    assert headed == {(code.code, code.title) for code in audit.codes}
    sections = re.split(r"^### ", text, flags=re.MULTILINE)[1:]
    for section in sections:
        code = CODES[section[:4]]
        for line in (
            "Sees: ",
            "Cannot see: ",
            f"Default severity: {code.severity}",
            f"Scope: {code.scope}",
            "Source: ",
        ):
            assert line in section, f"{code.code} lacks {line!r}"


def test_index_of_the_pages_names_every_code(root: Path) -> None:
    index = (root / "docs" / "audits" / "index.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| ([A-Z]+[0-9]{3}) \|", index, re.MULTILINE)) == set(CODES)


@by_audit
def test_every_code_has_a_planted_defect(audit: Audit) -> None:
    assert set(planted(audit)) == {code.code for code in audit.codes}


@pytest.mark.parametrize(("audit", "code", "plant"), PLANTS)
def test_planted_defect_is_found(audit: Audit, code: str, plant: Plant) -> None:
    sources = table(plant.sources) if plant.sources else None
    context = AuditContext(
        media_dir=plant.media_dir,
        sources=sources,
        glossary=plant.glossary,
        codebooks=plant.codebooks,
        predictions=plant.predictions,
    )
    found = audit.run(table(plant.items), context).findings
    hits = from_frame(found.filter(pl.col("code") == code), Finding)
    assert [hit.subject for hit in hits] == [plant.subject] * plant.times, found
    (hit,) = [hit for hit in hits if plant.times == 1 or hit.field == plant.field]
    assert hit.field == plant.field
    assert hit.severity == (plant.severity or CODES[code].severity)
    places = [(span.field, span.start, span.end) for span in hit.spans]
    assert not plant.spans or places == list(plant.spans)
    texts = {"stem": plant.items[0].stem} | {f"option:{option.id}": option.text for option in plant.items[0].options}
    for span in hit.spans:
        assert span.field not in texts or span.text == texts[span.field][span.start : span.end]


@by_audit
def test_table_of_findings_is_well_formed(audit: Audit) -> None:
    items, result = all_planted(), over_all_planted(audit.name)
    assert result.findings.schema == table_schema(Finding)
    assert result.scores.schema == table_schema(Score)
    assert result.findings["finding_id"].is_unique().all()
    assert result.findings["finding_id"].is_sorted()
    own = {code.code: code for code in audit.codes}
    subjects = {"item": {one.id for one in items}, "group": {one.group for one in items}, "dataset": {"dataset"}}
    hashes = {one.id: set[str]() for one in items}
    for one in items:
        hashes[one.id].add(one.hashes.text_hash)
    for finding in from_frame(result.findings, Finding):
        assert finding.scope == own[finding.code].scope
        assert finding.subject in subjects[finding.scope]
        assert finding.item_id == (finding.subject if finding.scope == "item" else None)
        assert finding.message
        assert finding.signature.startswith(f"{audit.name}|")
        assert finding.scope != "item" or finding.text_hash in hashes[finding.subject]
        again = Finding.model_validate({**finding.model_dump(), "finding_id": ""})
        assert again.finding_id == finding.finding_id


@by_audit
def test_order_of_items_does_not_matter(audit: Audit) -> None:
    first = over_all_planted(audit.name)
    for seed in range(2):
        shuffled = planted_table().sample(fraction=1, shuffle=True, seed=seed)
        again = audit.run(shuffled.lazy(), AuditContext())
        assert again.findings.equals(first.findings)
        assert again.scores.equals(first.scores)


@by_audit
def test_no_items_give_no_findings(audit: Audit) -> None:
    result = audit.run(table([]), AuditContext())
    assert result.findings.height == 0
    assert result.findings.schema == table_schema(Finding)


@by_audit
def test_clean_exam_is_silent(audit: Audit) -> None:
    items = [
        *exam(),
        item(9, stem="Observe la figura 1", media=(figure(),)),
        item(9, "en", stem="See figure 1", needs_image="no"),
    ]
    # The options of the English edition are left in Spanish: L122 rightly speaks.
    found = audit.run(table(items), AuditContext()).findings.filter(pl.col("code") != "L122")
    assert found.height == 0, found


@given(clean_exams())
@settings(max_examples=12)
def test_drawn_clean_exams_are_silent(items: list[Item]) -> None:
    # The options are the same in every language of the drawn exam: audits of residue rightly speak.
    found = run_audits(table(items), AuditContext(), ignore=("L12",)).findings
    assert found.height == 0, found.select("subject", "code", "message", "evidence").rows()


@given(clean_exams(), st.randoms(use_true_random=False))
@settings(max_examples=6)
def test_order_of_drawn_items_does_not_matter(items: list[Item], random_: random.Random) -> None:
    broken = [items[0].replace(stem="Ã© \ufffd", key={"status": "official", "answers": [["Z"]]}), *items[1:]]
    shuffled = random_.sample(broken, len(broken))
    first = run_audits(table(broken), AuditContext()).findings
    assert first.height
    assert run_audits(table(shuffled), AuditContext()).findings.equals(first)

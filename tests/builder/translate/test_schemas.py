"""Files for translators against the schemas that OASIS published, as a package of the system carries them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lxml import etree

from benchwright.builder.translate._people import export_items
from benchwright.schemas import DerivedFrom, Item
from benchwright.schemas.rows import to_frame
from tests.builder.translate.test_run import english

FOLDER = Path(os.environ.get("BENCHWRIGHT_XLIFF") or "/usr/share/php/Symfony/Component/Translation/Resources/schemas")
SCHEMAS = {"xliff": "xliff-core-2.0.xsd", "xliff12": "xliff-core-1.2-strict.xsd"}
"""Version 2.1 has the namespace and the core of 2.0."""


def schema(form: str) -> etree.XMLSchema:
    path = FOLDER / SCHEMAS[form]
    if not path.is_file():
        pytest.skip(
            "the schemas are absent: apt-get install php-symfony-translation, or name them by BENCHWRIGHT_XLIFF"
        )
    tree = etree.parse(str(path), etree.XMLParser(no_network=True))
    for one in tree.iter("{http://www.w3.org/2001/XMLSchema}import"):
        # The schema of xml:lang and xml:space lies beside the others, wherever they say that it does.
        one.set("schemaLocation", (FOLDER / "xml.xsd").as_uri())
    return etree.XMLSchema(tree)


def sent(folder: Path, form: str) -> etree._ElementTree:
    """Return a file with markup, formulas, line breaks, odd characters, notes, drafts and an empty field."""
    texts = ("<b>fin</b> &amp; gill", "scale $x^2 < 5$ mg", "line one\nline two\t\x0b end", "")
    items = [english(1, texts=texts), english(2, stem="A fin?  Two  spaces {0} and https://example.org/a?b=c&d")]
    to_frame(items, Item).write_parquet(folder / "items.parquet")
    drafts = [
        one.replace(
            id=f"{one.group}@es",
            language="es",
            origin="machine_translation",
            derived_from=DerivedFrom(id=one.id, text_hash=one.hashes.text_hash, method="toy|version:1"),
            stem=f"¿{one.stem}",
        )
        for one in items
    ]
    to_frame(drafts, Item).write_parquet(folder / "drafts.parquet")
    (folder / "terms.csv").write_text("source,target,status\ngill,branquia,\nfin,,\n", encoding="utf-8")
    export_items(
        [folder / "items.parquet"],
        folder / "out",
        ["es"],
        form,
        drafts=folder / "drafts.parquet",
        glossary=folder / "terms.csv",
    )
    return etree.parse(str(next((folder / "out").glob("es.xl*"))))


@pytest.mark.parametrize("form", SCHEMAS)
def test_files_for_translators_are_valid(form: str, tmp_path: Path) -> None:
    rules = schema(form)
    document = sent(tmp_path, form)
    assert {etree.QName(one).localname for one in document.iter("{*}*")} >= {"source", "target", "note", "ph"}
    assert rules.validate(document), rules.error_log


@pytest.mark.parametrize("form", SCHEMAS)
def test_the_schemas_refuse_what_is_wrong(form: str, tmp_path: Path) -> None:
    rules = schema(form)
    document = sent(tmp_path, form)
    unit = next(one for one in document.iter("{*}unit", "{*}trans-unit"))
    del unit.attrib["id"]
    assert not rules.validate(document)

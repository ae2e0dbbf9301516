"""Which item is the source of which."""

from __future__ import annotations

import polars as pl

from benchwright.audits import pair_items
from benchwright.schemas import DerivedFrom, Item
from benchwright.schemas.plugins import AuditContext
from tests.audits.clean import item, table


def pairs(items: list[Item], sources: list[Item] | None = None) -> dict[str, str]:
    context = AuditContext(sources=table(sources) if sources else None)
    return dict(pair_items(table(items), context).select("id", "source_id").collect().iter_rows())


ES, EN, RU = item(language="es"), item(language="en"), item(language="ru")


def test_translations_have_the_edition_in_the_language_of_the_original() -> None:
    assert pairs([ES, EN, RU]) == {EN.id: ES.id, RU.id: ES.id}


def test_what_an_item_was_made_from_comes_first() -> None:
    made = item(language="ar", derived_from=DerivedFrom(id=EN.id, text_hash=EN.hashes.text_hash))
    assert pairs([ES, EN, made])[made.id] == EN.id


def test_native_editions_are_compared_with_the_first() -> None:
    native = item(language="en", origin="native", origin_language="en")
    assert pairs([ES, native]) == {ES.id: native.id}


def test_the_original_is_not_compared_with_its_rewrite() -> None:
    twin = ES.replace(
        id=f"{ES.id}#twin", origin="perturbed", derived_from=DerivedFrom(id=ES.id, text_hash=ES.hashes.text_hash)
    )
    assert pairs([ES, twin]) == {twin.id: ES.id}


def test_given_sources_serve_items_of_every_origin() -> None:
    native = item(language="en", origin="native", origin_language="en")
    assert pairs([native], [ES]) == {native.id: ES.id}


def test_without_a_partner_there_is_no_pair() -> None:
    assert pairs([ES, item(2, "en")]) == {}
    assert isinstance(pair_items(table([]), AuditContext()).collect(), pl.DataFrame)

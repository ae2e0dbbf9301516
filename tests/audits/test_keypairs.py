"""Keys of translations and sources: what is no difference."""

from __future__ import annotations

import pytest

from benchwright.audits.keypairs import AUDIT
from benchwright.schemas import Key
from benchwright.schemas.plugins import AuditContext
from tests.audits.clean import item, table
from tests.audits.planted.keypairs import AB, BA


@pytest.mark.parametrize(
    ("own", "source"),
    [
        (AB, BA),
        (Key(status="annulled"), AB),
        (AB, Key(status="annulled")),
        (AB, Key()),
        (Key(status="revised", answers=(("A",),)), Key(status="official", answers=(("A",),))),
    ],
)
def test_silent(own: Key, source: Key) -> None:
    context = AuditContext(sources=table([item(key=source)]))
    assert AUDIT.run(table([item(language="en", key=own)]), context).findings.is_empty()


def test_without_source_nothing_is_compared() -> None:
    assert AUDIT.run(table([item(language="en", key=AB, origin="native")]), AuditContext()).findings.is_empty()

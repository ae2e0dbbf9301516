"""Defects for the audit `rewrites`."""

from __future__ import annotations

from tests.audits.clean import item
from tests.audits.plant import Plant

OLD = "The patient was given a bright tablet of frenoline every morning before the meal at the clinic."


def plant(new: str, *spans: tuple[str, int, int]) -> Plant:
    sources = [item(1, "en", stem=OLD)]
    return Plant([item(1, "en", stem=new)], item(1, "en").id, "stem", spans, sources=sources)


PLANTED = {
    "T431": [
        plant(OLD.replace(" bright", ""), ("stem", 24, 24)),
        plant(OLD.replace(" at the clinic", "")),
    ],
    "T432": [plant(OLD.replace("given", "given worldwide"), ("stem", 22, 31))],
    "T434": [
        Plant(
            [item(1, "en", stem="The sign that Babinski described is seen in the infant until the second year.")],
            item(1, "en").id,
            "stem",
            [("stem", 14, 22)],
            sources=[
                item(1, "en", stem="The sign that Romberg described is seen in the infant until the second year.")
            ],
        )
    ],
    "T433": [plant(OLD.replace("bright", "heavy"), ("stem", 24, 29))],
}

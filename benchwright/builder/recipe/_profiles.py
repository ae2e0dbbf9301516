"""Layouts that are shipped with the package, for a recipe to name: ``layouts: {mine: {profile: NAME}}``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from benchwright.schemas.papers import Layout

__all__ = ["Profile", "profiles", "with_profile"]


@dataclass(frozen=True)
class Profile:
    """One family of papers by how it is printed."""

    name: str
    about: str
    layout: Layout


@lru_cache(maxsize=1)
def profiles() -> Mapping[str, Profile]:
    """Return the shipped layouts by name."""
    from ruamel.yaml import YAML

    text = files("benchwright.builder.recipe").joinpath("profiles.yaml").read_text("utf-8")
    data = YAML(typ="safe").load(text)
    return {
        name: Profile(name, fields.pop("about"), Layout.model_validate({**fields, "profile": name}))
        for name, fields in data.items()
    }


def with_profile(layout: Layout) -> Layout:
    """Return a layout with what it does not say itself taken from its profile; an unknown profile says nothing."""
    profile = profiles().get(layout.profile) if layout.profile else None
    if profile is None:
        return layout
    return profile.layout.model_copy(update={name: getattr(layout, name) for name in layout.model_fields_set})

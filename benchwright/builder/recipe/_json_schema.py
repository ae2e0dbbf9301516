"""The JSON Schema of recipe.yaml, for editors."""

from __future__ import annotations

import json
from typing import Any

from benchwright.builder.recipe.models import Recipe

__all__ = ["recipe_json_schema"]


def recipe_json_schema() -> str:
    """Return the JSON Schema as the text that is checked in as ``recipe.schema.json``.

    Every value may be null where `new` could not know it, as in the recipe itself.
    """
    schema = Recipe.model_json_schema()
    for definition in [schema, *schema.get("$defs", {}).values()]:
        for field in definition.get("properties", {}).values():
            _allow_null(field)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "recipe.yaml of Benchwright"
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _allow_null(field: dict[str, Any]) -> None:
    kind = field.get("type")
    if isinstance(kind, str) and "default" in field and "enum" not in field:
        field["type"] = [kind, "null"]

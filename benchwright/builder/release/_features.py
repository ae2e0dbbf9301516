"""The columns of a release in the vocabulary of the ``datasets`` library, with pictures as images."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

__all__ = ["yaml_features"]

_SCALARS: Final[dict[Any, str]] = {
    pl.String: "string",
    pl.Int64: "int64",
    pl.Float64: "float64",
    pl.Boolean: "bool",
    pl.Binary: "binary",
}
_PICTURE: Final = {"bytes", "path"}


def yaml_features(schema: pl.Schema) -> list[dict[str, Any]]:
    """Return the columns as the list that stands in the front matter of a card."""
    return [{"name": name, **_yaml(dtype)} for name, dtype in schema.items()]


def _is_picture(dtype: Any) -> bool:
    return isinstance(dtype, pl.Struct) and {field.name for field in dtype.fields} == _PICTURE


def _yaml(dtype: Any) -> dict[str, Any]:
    if _is_picture(dtype):
        return {"dtype": "image"}
    if isinstance(dtype, pl.Struct):
        return {"struct": [{"name": field.name, **_yaml(field.dtype)} for field in dtype.fields]}
    if isinstance(dtype, pl.List):
        inner = _yaml(dtype.inner)
        return {"list": inner.get("struct") or inner.get("dtype") or inner}
    return {"dtype": _SCALARS[dtype]}

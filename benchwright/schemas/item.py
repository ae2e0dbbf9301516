"""The core record: one question in one language."""

from __future__ import annotations

from typing import Any, Final, Literal, Self

from pydantic import ModelWrapValidatorHandler, ValidationError, ValidationInfo, model_validator

from benchwright.schemas._base import Record
from benchwright.schemas.errors import SchemaError
from benchwright.schemas.ids import make_id, split_id
from benchwright.schemas.parts import (
    Context,
    DerivedFrom,
    Exam,
    Hashes,
    Human,
    Key,
    Label,
    Licence,
    Mark,
    Media,
    Numeric,
    Option,
    Provenance,
    Rationale,
    RubricCriterion,
    Turn,
)
from benchwright.schemas.text import sha256_of

__all__ = ["NOT_PUBLISHED", "SCHEMA_VERSION", "Item", "ItemKind", "Origin", "Tier"]

SCHEMA_VERSION: Final = 1

Origin = Literal[
    "native",
    "official_translation",
    "human_translation",
    "machine_translation",
    "post_edited",
    "adapted",
    "generated",
    "perturbed",
]
ItemKind = Literal[
    "single",
    "multiple",
    "true_false",
    "matching",
    "short_answer",
    "numeric",
    "open",
    "dialogue",
    "span",
    "pair",
]
Tier = Literal["raw", "silver", "gold"]

_NO_HASHES: Final = Hashes(text_hash="", key_hash="", hash="")
NOT_PUBLISHED = {"hashes", "provenance", "revision", "tier"}


class Item(Record):
    """One question in one language. Frozen: a change makes a new revision and a ledger entry."""

    schema_version: int = SCHEMA_VERSION
    id: str
    group: str
    language: str
    """BCP-47, with the script where it matters."""
    origin_language: str
    origin: Origin = "native"
    derived_from: DerivedFrom | None = None
    kind: ItemKind = "single"
    context: Context | None = None
    stem: str
    options: tuple[Option, ...] = ()
    key: Key = Key()
    numeric: Numeric | None = None
    rubric: tuple[RubricCriterion, ...] = ()
    turns: tuple[Turn, ...] = ()
    rationales: tuple[Rationale, ...] = ()
    media: tuple[Media, ...] = ()
    needs_image: Literal["yes", "no", "unknown"] = "unknown"
    marks: tuple[Mark, ...] = ()
    exam: Exam
    labels: tuple[Label, ...] = ()
    human: Human | None = None
    provenance: tuple[Provenance, ...] = ()
    licence: Licence = Licence()
    contributor: str | None = None
    tier: Tier = "raw"
    hashes: Hashes = _NO_HASHES
    revision: int | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _refuse_with_codes(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Turn what pydantic refuses into a ``SchemaError`` with the codes that a table of items has."""
        try:
            return handler(data)
        except ValidationError as error:
            from benchwright.schemas.rules import problems_of_record

            raise SchemaError(problems_of_record(error, data)) from error

    @model_validator(mode="before")
    @classmethod
    def _fill_id(cls, data: Any) -> Any:
        """Make the id from group and language where it is not given."""
        if isinstance(data, dict) and "id" not in data and "group" in data and "language" in data:
            return {**data, "id": make_id(str(data["group"]), str(data["language"]))}
        return data

    @model_validator(mode="after")
    def _fill_hashes_and_obey_rules(self, info: ValidationInfo) -> Self:
        """Compute the hashes where they are not given, and apply the rules that a table of items obeys.

        A table that was checked as a whole passes ``context={"rules_checked": True}`` and is not checked again.
        """
        if self.hashes == _NO_HASHES:
            vars(self)["hashes"] = compute_hashes(self.model_dump(mode="json"))
        if not (info.context or {}).get("rules_checked"):
            from benchwright.schemas.rules import check_item

            check_item(self)
        return self

    @property
    def variant(self) -> str | None:
        """The variant in the id, when one language has several versions."""
        return split_id(self.id)[2]

    def replace(self, *, rules_checked: bool = False, **changes: Any) -> Self:
        """Return a copy with other values and fresh hashes, checked unless the caller checks all its items at once."""
        fields = {name: getattr(self, name) for name in type(self).model_fields if name != "hashes"}
        return type(self).model_validate({**fields, **changes}, context={"rules_checked": rules_checked})


def compute_hashes(data: dict[str, Any]) -> Hashes:
    """Return the hashes of a dumped item.

    ``text_hash`` covers context, stem, option ids and texts, media hashes and rationales; ``key_hash`` the key
    without its history; ``hash`` all that is published.
    """
    context = data.get("context")
    text = {
        "context": context and {"id": context["id"], "text": context["text"]},
        "stem": data["stem"],
        "options": [[option["id"], option["text"]] for option in data.get("options") or ()],
        "media": [[media["sha256"], media["attached_to"]] for media in data.get("media") or ()],
        "rationales": [rationale["text"] for rationale in data.get("rationales") or ()],
        "turns": [[turn["role"], turn["text"]] for turn in data.get("turns") or ()],
    }
    key = data.get("key") or {}
    answers = {
        "status": key.get("status", "unknown"),
        "answers": sorted(sorted(response) for response in key.get("answers") or ()),
        "accepted": sorted(key.get("accepted") or ()),
        "numeric": data.get("numeric"),
    }
    published = {name: value for name, value in data.items() if name not in NOT_PUBLISHED}
    return Hashes(text_hash=sha256_of(text), key_hash=sha256_of(answers), hash=sha256_of(published))

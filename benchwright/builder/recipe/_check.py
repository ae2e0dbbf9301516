"""Everything that can be wrong with the data of a recipe, found in one pass."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from benchwright.builder.recipe._profiles import profiles, with_profile
from benchwright.builder.recipe._yaml import KeyPath, place_of
from benchwright.builder.recipe.models import RECIPE_VERSION, Recipe
from benchwright.schemas.errors import Problem

__all__ = ["Checker"]

_GROUPS = ("edition", "part", "language", "booklet")
_SIMPLE = {"str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false"}


class Checker:
    """Checks the data of one recipe and keeps what it finds, in the order of the file."""

    def __init__(self, file: str, lines: Mapping[KeyPath, int]) -> None:
        self.file = file
        self.lines = lines
        self.found: list[tuple[int, Problem]] = []

    @property
    def problems(self) -> list[Problem]:
        """What was found, in the order of the file."""
        return [problem for _, problem in sorted(self.found, key=lambda pair: pair[0])]

    def add(
        self, code: str, path: KeyPath, message: str, *, found: str | None, expected: str, remedy: str | None
    ) -> None:
        """Keep one problem with its line; a path without a line takes that of the nearest parent."""
        near = path
        while near and near not in self.lines:
            near = near[:-1]
        line = self.lines.get(near)
        problem = Problem(
            code=code,
            message=message,
            file=self.file,
            place=place_of(path, line),
            found=found,
            expected=expected,
            remedy=remedy,
        )
        self.found.append((line or 0, problem))

    def check(self, data: Any) -> Recipe | None:
        """Return the recipe when nothing is wrong; else None, and ``problems`` says what."""
        if not isinstance(data, dict):
            found = "an empty file" if data is None else type(data).__name__
            self.add(
                "recipe-wrong-value",
                (),
                "the recipe is not a mapping",
                found=found,
                expected="keys and values",
                remedy="let `benchwright new` write one",
            )
            return None
        version = data.get("recipe")
        if isinstance(version, int) and version != RECIPE_VERSION:
            self.add(
                "recipe-version",
                ("recipe",),
                "the recipe has another format version",
                found=str(version),
                expected=str(RECIPE_VERSION),
                remedy="use the Benchwright that wrote it, or rewrite it with `new`",
            )
            return None
        data = without_nulls(data)
        recipe: Recipe | None = None
        try:
            recipe = Recipe.model_validate(data)
        except ValidationError as error:
            for details in _told_apart(error.errors(include_url=False)):
                self._pydantic(details)
        self._references(data)
        if self.found or recipe is None:
            return None
        layouts = {name: with_profile(layout) for name, layout in recipe.layouts.items()}
        return recipe.model_copy(update={"layouts": layouts}) if layouts != recipe.layouts else recipe

    def _pydantic(self, details: ErrorDetails) -> None:
        path = tuple(details["loc"])
        kind, value = details["type"], details["input"]
        if kind == "extra_forbidden":
            names = _fields_at(Recipe, path[:-1])
            near = _nearest(str(path[-1]), names)
            self.add(
                "recipe-unknown-key",
                path,
                f"the key {path[-1]!r} is not known",
                found=str(path[-1]),
                expected=f"{near!r}" if near else "one of " + ", ".join(sorted(names)),
                remedy=f"did you mean {near!r}?" if near else "delete it",
            )
        elif kind == "missing":
            self.add(
                "recipe-missing-key",
                path,
                f"the key {path[-1]!r} is missing",
                found=None,
                expected=f"a value for {path[-1]!r}",
                remedy="add it",
            )
        else:
            self.add(
                "recipe-wrong-value",
                path,
                f"the value of {path[-1] if path else 'the recipe'!r} is not possible",
                found=_short(value),
                expected=_expected(details),
                remedy=_remedy(kind, value),
            )

    def _references(self, data: dict[str, Any]) -> None:
        layouts = _mapping(data.get("layouts"))
        for label, block in layouts.items():
            self._profile(_mapping(block).get("profile"), ("layouts", label, "profile"))
        seen: dict[str, int] = {}
        for index, one in enumerate(_list(data.get("exams"))):
            exam = _mapping(one)
            path: KeyPath = ("exams", index)
            self._layout(exam.get("layout"), layouts, (*path, "layout"))
            name = exam.get("id")
            if isinstance(name, str):
                if name in seen:
                    self.add(
                        "recipe-wrong-value",
                        (*path, "id"),
                        f"two exams have the id {name!r}",
                        found=name,
                        expected="ids that differ",
                        remedy=f"rename it; exams[{seen[name]}] has it too",
                    )
                seen.setdefault(name, index)
            for number, rule in enumerate(_list(exam.get("files"))):
                self._rule(_mapping(rule), layouts, (*path, "files", number))
        for index, pattern in enumerate(_list(data.get("include"))):
            self._regex(pattern, ("include", index))
        for index, waiver in enumerate(_list(data.get("waivers"))):
            self._waiver(_mapping(waiver), ("waivers", index))
        for index, excuse in enumerate(_list(data.get("excuse"))):
            self._excuse(_mapping(excuse).get("group"), seen, ("excuse", index, "group"))
        self._pairing(data)
        self._codebooks(data)

    def _layout(self, name: Any, layouts: dict[str, Any], path: KeyPath) -> None:
        if not isinstance(name, str) or name in layouts:
            return
        near = _nearest(name, layouts)
        self.add(
            "recipe-reference",
            path,
            f"the layout {name!r} is not defined",
            found=name,
            expected="one of " + ", ".join(sorted(layouts)) if layouts else "a block under layouts:",
            remedy=f"did you mean {near!r}?" if near else f"add {name}: under layouts:",
        )

    def _profile(self, name: Any, path: KeyPath) -> None:
        if not isinstance(name, str) or name in profiles():
            return
        near = _nearest(name, profiles())
        self.add(
            "recipe-reference",
            path,
            f"the profile {name!r} is not shipped",
            found=name,
            expected=f"{near!r}" if near else "one of " + ", ".join(sorted(profiles())),
            remedy=f"did you mean {near!r}?" if near else "delete it, or choose one of docs/families.md",
        )

    def _rule(self, rule: dict[str, Any], layouts: dict[str, Any], path: KeyPath) -> None:
        self._layout(rule.get("layout"), layouts, (*path, "layout"))
        pattern = self._regex(rule.get("match"), (*path, "match"))
        for name in pattern.groupindex if pattern else ():
            if name not in _GROUPS:
                near = _nearest(name, _GROUPS)
                self.add(
                    "recipe-wrong-value",
                    (*path, "match"),
                    f"the named group {name!r} is not known",
                    found=name,
                    expected="one of " + ", ".join(_GROUPS),
                    remedy=f"did you mean {near!r}?" if near else "write (?:...) for a group without a name",
                )
        if rule.get("role") == "key" and rule.get("status") in {"annulled", "contested", "unknown"}:
            self.add(
                "recipe-wrong-value",
                (*path, "status"),
                "a key file cannot have this status",
                found=str(rule["status"]),
                expected="official, provisional or revised",
                remedy=None,
            )

    def _waiver(self, waiver: dict[str, Any], path: KeyPath) -> None:
        self._regex(waiver.get("pattern"), (*path, "pattern"))
        if ("id" in waiver) == ("pattern" in waiver):
            self.add(
                "recipe-missing-key",
                path,
                "a waiver says for what it holds, once",
                found="both" if "id" in waiver else "neither",
                expected="either id or pattern",
                remedy=None,
            )

    def _excuse(self, group: Any, exams: Mapping[str, int], path: KeyPath) -> None:
        if isinstance(group, str) and group.partition("/")[0] not in exams:
            near = _nearest(group.partition("/")[0], exams)
            self.add(
                "recipe-reference",
                path,
                f"no exam has the id {group.partition('/')[0]!r}",
                found=group,
                expected="<exam>/<edition>/<part>/<number>",
                remedy=f"did you mean {near!r}?" if near else "begin it with the id of an exam",
            )

    def _pairing(self, data: dict[str, Any]) -> None:
        pairing, languages = _mapping(data.get("pairing")), _list(_mapping(data.get("dataset")).get("languages"))
        named: list[tuple[KeyPath, Any]] = [
            (("pairing", "languages", place), one) for place, one in enumerate(_list(pairing.get("languages")))
        ]
        origin: list[tuple[KeyPath, Any]] = [
            (("pairing", "origin", one), one) for one in _mapping(pairing.get("origin"))
        ]
        for path, language in [*named, *origin] if languages else []:
            if language not in languages:
                self.add(
                    "recipe-reference",
                    path,
                    f"the dataset has no language {language!r}",
                    found=str(language),
                    expected="one of " + ", ".join(map(str, languages)),
                    remedy="add it to dataset.languages",
                )

    def _codebooks(self, data: dict[str, Any]) -> None:
        """Check the facts that the recipe itself gives against its codebooks; labels of items are the audit's."""
        books = {name: _list(values) for name, values in _mapping(data.get("codebooks")).items()}
        blocks: list[tuple[KeyPath, dict[str, Any]]] = [(("defaults",), _mapping(data.get("defaults")))]
        for index, one in enumerate(_list(data.get("exams"))):
            exam = _mapping(one)
            blocks.append((("exams", index), exam))
            blocks += [
                (("exams", index, "parts", name), _mapping(part)) for name, part in _mapping(exam.get("parts")).items()
            ]
        for path, block in blocks:
            for name in ("country", "body", "profession", "specialty", "subject"):
                value = block.get(name)
                if isinstance(value, str) and name in books and value not in books[name]:
                    near = _nearest(value, [one for one in books[name] if isinstance(one, str)])
                    self.add(
                        "recipe-reference",
                        (*path, name),
                        f"the codebook {name!r} has no value {value!r}",
                        found=value,
                        expected=f"{near!r}" if near else f"one of the {len(books[name])} values of codebooks.{name}",
                        remedy=f"did you mean {near!r}?" if near else f"add it under codebooks.{name}",
                    )

    def _regex(self, pattern: Any, path: KeyPath) -> re.Pattern[str] | None:
        if not isinstance(pattern, str):
            return None
        try:
            return re.compile(pattern)
        except re.error as error:
            self.add(
                "recipe-wrong-value",
                path,
                "the pattern is not a regular expression",
                found=pattern,
                expected=f"a regular expression ({error})",
                remedy="mend the pattern; write a dot as \\.",
            )
            return None


def without_nulls(value: Any, *, keep: bool = False) -> Any:
    """Return the data without keys whose value is null: a value that is not known yet. In ``gate`` null means off."""
    if isinstance(value, dict):
        kept = {name: one for name, one in value.items() if one is not None or keep}
        return {name: without_nulls(one, keep=name == "gate") for name, one in kept.items()}
    if isinstance(value, list):
        return [without_nulls(one) for one in value]
    return value


def _told_apart(errors: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Yield the errors that are not merely the echo of another one.

    A list whose entries are all wrong is not too short, and a required key that is misspelt is not also missing.
    """
    misspelt = {
        (*details["loc"][:-1], _nearest(str(details["loc"][-1]), _fields_at(Recipe, tuple(details["loc"][:-1]))))
        for details in errors
        if details["type"] == "extra_forbidden"
    }
    for details in errors:
        echo = details["type"] == "too_short" and details["input"]
        if not echo and not (details["type"] == "missing" and details["loc"] in misspelt):
            yield details


def _fields_at(model: type[BaseModel], path: KeyPath) -> dict[str, Any]:
    annotation: Any = model
    for step in path:
        annotation = _step(annotation, step)
    record = next((one for one in _unfold(annotation) if _is_record(one)), None)
    return dict(record.model_fields) if record else {}


def _step(annotation: Any, step: str | int) -> Any:
    for one in _unfold(annotation):
        arguments = get_args(one)
        if _is_record(one) and step in one.model_fields:
            return one.model_fields[step].annotation
        if get_origin(one) is tuple and isinstance(step, int):
            return arguments[0]
        if get_origin(one) is dict:
            return arguments[1]
    return None


def _unfold(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) in (Union, types.UnionType):
        for one in get_args(annotation):
            yield from _unfold(one)
    elif get_origin(annotation) is Annotated:
        yield from _unfold(get_args(annotation)[0])
    else:
        yield annotation


def _is_record(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _nearest(word: str, names: Any) -> str | None:
    from rapidfuzz import fuzz, process

    best = process.extractOne(word, list(names), scorer=fuzz.ratio, score_cutoff=60)
    return str(best[0]) if best else None


def _expected(details: ErrorDetails) -> str:
    if details["type"] == "too_short":
        return f"at least {details.get('ctx', {}).get('min_length', 1)}"
    message = details["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    for name, words in _SIMPLE.items():
        if details["type"] in {f"{name}_type", f"{name}_parsing"}:
            return words
    return message.replace("valid tuple", "list").replace("valid dictionary", "mapping of keys and values")


def _remedy(kind: str, value: Any) -> str | None:
    if kind == "string_type" and isinstance(value, int | float):
        return f"write it in quotes: '{value}' (with the zeros in front, if there are any)"
    return None


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []

"""Writes a survey as the text of recipe.yaml, with comments that say what is sure and what is not."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from benchwright.schemas.papers import ExamGuess, FileRule, Layout, Survey

__all__ = ["render_recipe"]

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_WORDS: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_SHOWN: Final = 6


def render_recipe(survey: Survey, *, name: str, language: str | None, files: Sequence[str]) -> str:
    """Return the text of a recipe; every value that the files do not tell is ``null  # ?`` with the reason."""
    languages = [language] if language and not survey.languages else list(survey.languages)
    lines = [
        "# Written by `benchwright new`. What follows # explains; `# ?` marks what the files do not tell: fill it in.",
        "recipe: 1",
        "dataset:",
        f"  name: {_scalar(name)}",
        "  title: null  # ? full name of the exam, for the dataset card",
        f"  languages: {_flow(languages)}" + _about_languages(languages, survey),
        "licence:",
        "  id: unknown  # ? not printed in the files: the text is not published while this is unknown",
        "  evidence: null  # ? page or letter that shows the licence",
        "  publish_text: false",
        "  approved_by: null  # ?",
        "defaults:",
        "  country: null  # ? ISO 3166-1, two letters",
        "  body: null  # ? who sets the exam",
        "  profession: null  # ?",
        "  kind: single",
        "exams:",
    ]
    for exam in survey.exams:
        lines.extend(_exam(exam, survey, files))
    lines.extend(_layouts(survey.layouts))
    lines.extend(_pairing(languages, paired_languages(survey, files)))
    lines.extend(
        [
            "excuse: []  # numbers that are rightly absent: {group, reason, evidence}",
            "waivers: []  # accepted findings: {code, id or pattern, text_hash, key_hash, reason, by}",
            "audits: {select: [all], ignore: []}",
            "gate: {missing_numbers: 0, critical: 0, unknown_keys: null, unreadable_files: 0}  # null: not checked",
            "release: {version: null}",
        ]
    )
    return "\n".join(lines) + "\n"


def _about_languages(languages: Sequence[str], survey: Survey) -> str:
    """Return a comment where a language is a guess, or could not be told at all."""
    unsure = [f"{one.file}: {doubt}" for one in survey.files for doubt in one.doubts if doubt.startswith("language ")]
    if not languages:
        return "  # ? not recognised"
    return f"  # ? {_comment('; '.join(unsure))}" if unsure else ""


def _exam(exam: ExamGuess, survey: Survey, files: Sequence[str]) -> Iterator[str]:
    yield f"  - id: {_scalar(exam.id)}  # first part of every id"
    if exam.layout:
        yield f"    layout: {_scalar(exam.layout)}"
    yield "    pass_rule: null  # ? e.g. {share: 0.6}"
    if exam.editions:
        yield "    editions:"
        for edition in exam.editions:
            yield f"      {_scalar(edition)}: {{edition: null, session_date: null, release_date: null}}  # ? dates"
    if exam.parts:
        yield "    parts:"
        for part in exam.parts:
            unsure = "" if part.expect else "  # ? number of questions"
            yield f"      {_scalar(part.part)}: {{expect: {_scalar(part.expect)}, subject: null}}{unsure}"
    yield "    files:  # the first match wins; a file of raw/ without a match is an error"
    rest = list(files)
    for rule in exam.files:
        pattern = re.compile(rule.match)
        mine = [file for file in rest if pattern.fullmatch(file)]
        rest = [file for file in rest if file not in mine]
        yield f"      - {_rule(rule)}  # {_named(mine)}"
    if exam is survey.exams[-1]:
        yield from _leftovers(survey, files)


def _leftovers(survey: Survey, files: Sequence[str]) -> Iterator[str]:
    """Yield a rule for each file that is safely ignored, and a comment for each that a person has to place."""
    patterns = [re.compile(rule.match) for exam in survey.exams for rule in exam.files]
    reports = {report.file: report for report in survey.files}
    unreadable = {reject.file: reject.detail for reject in survey.rejects if reject.reason == "file-unreadable"}
    for file in files:
        if any(pattern.fullmatch(file) for pattern in patterns):
            continue
        report = reports.get(file)
        rule = _rule(FileRule(match=re.escape(file), role="ignore"))
        if report and report.role == "ignore" and file not in unreadable:
            yield f"      - {rule}  # {_comment('; '.join((*report.why, *report.doubts)) or 'neither booklet nor key')}"
        else:
            reason = unreadable.get(file) or "; ".join(report.doubts if report else ()) or "no rule was found"
            yield f"      # - {rule}  # ? {_comment(reason)}"


def _named(files: Sequence[str]) -> str:
    if not files:
        return "no file"
    more = f", and {len(files) - _SHOWN} more" if len(files) > _SHOWN else ""
    return _comment(f"{len(files)}: {', '.join(files[:_SHOWN])}{more}")


def _rule(rule: FileRule) -> str:
    fields = rule.model_dump(mode="json", exclude_none=True)
    fields.pop("match")
    rest = "".join(f", {name}: {_scalar(value)}" for name, value in fields.items())
    return f"{{match: {_single(rule.match)}{rest}}}"


def _layouts(layouts: dict[str, Layout]) -> Iterator[str]:
    if not layouts:
        return
    yield "layouts:  # chosen by constraint; an edit wins"
    for name, layout in layouts.items():
        yield f"  {_scalar(name)}:"
        chosen = layout.model_copy(update={"chosen": layout.digest()})
        for field, value in chosen.model_dump(mode="json").items():
            if value is not None or field in {"score", "runner_up"}:
                yield f"    {field}: {_flow(value)}{_about(field, value)}"


def _about(field: str, value: Any) -> str:
    if field == "score":
        return "  # share of the constraints that hold" if value is not None else "  # ? not scored"
    if field == "chosen":
        return "  # tells an edit: it wins; unedited values only lead where a paper is printed otherwise"
    if field == "runner_up":
        return "  # the next best hypothesis and its score" if value else "  # none came close"
    return ""


def paired_languages(survey: Survey, files: Sequence[str]) -> list[str]:
    """Return the languages that share an edition and part with another, in the order of the survey."""
    places: dict[tuple[str, str | None, str | None], set[str]] = defaultdict(set)
    spoken = {report.file: report.language for report in survey.files}
    for file in files:
        for exam in survey.exams:
            found = next(((rule, match) for rule in exam.files if (match := re.fullmatch(rule.match, file))), None)
            if found is None or found[0].role != "booklet":
                continue
            rule, named = found[0], found[1].groupdict()
            language = rule.language or named.get("language") or spoken.get(file)
            if language:
                place = (exam.id, rule.edition or named.get("edition"), rule.part or named.get("part"))
                places[place].add(language)
            break
    shared = {language for some in places.values() if len(some) > 1 for language in some}
    return [language for language in survey.languages if language in shared]


def _pairing(everyone: Sequence[str], languages: Sequence[str]) -> Iterator[str]:
    if len(languages) < 2:
        if len(everyone) > 1:
            yield "# pairing: no edition and part is there in two languages"
        return
    example = ", ".join(
        f"{_scalar(one)}: {'official_translation' if place else 'native'}" for place, one in enumerate(languages)
    )
    yield "pairing:"
    yield f"  languages: {_flow(list(languages))}"
    yield "  by: [exam, edition, part, number]"
    yield f"  origin: null  # ? which edition was written first, e.g. {{{example}}}"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(one)}" for key, one in value.items() if one is not None) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str) and (not _PLAIN.fullmatch(value) or value.lower() in _WORDS):
        return _double(value)
    if isinstance(value, str):
        return value
    return json.dumps(value)


def _double(text: str) -> str:
    """Return a double-quoted YAML text in which everything that is not plainly printable is escaped."""
    escaped = []
    for char in text:
        point = ord(char)
        if char in '"\\':
            escaped.append(f"\\{char}")
        elif char.isprintable() and not 0xE000 <= point <= 0xF8FF:
            escaped.append(char)
        else:
            escaped.append(
                f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
            )
    return '"' + "".join(escaped) + '"'


def _single(text: str) -> str:
    """Return a pattern in single quotes, where a backslash is itself."""
    if all(char.isprintable() and not 0xE000 <= ord(char) <= 0xF8FF for char in text):
        return "'" + text.replace("'", "''") + "'"
    return _double(text)


def _comment(text: str) -> str:
    """Return a text as one line that may stand in a comment."""
    plain = "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
    return plain if len(plain) <= 300 else plain[:297] + "..."

"""What a dump of a forum means: where thread, post, author, role, date and votes stand. A YAML file, or inferred."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, field_validator

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.languages import parse_language

__all__ = ["DumpKind", "HtmlProfile", "Profile", "RecordsProfile", "SqlTable", "read_profile"]

DumpKind = Literal["html", "records", "sql", "stackexchange", "qaxml"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_as_list)]


class HtmlProfile(_Part):
    """CSS selectors. Those of a post look inside it; ``SELECTOR@ATTRIBUTE`` takes an attribute, ``@NAME`` its own."""

    post: str
    """One element for each post, the question too."""
    thread: str | None = None
    """Element that holds a whole thread, where a page has several; null: the page is one thread."""
    thread_id: str | None = None
    """Looked for in the thread element or page; null: the address of the page, else its file name."""
    question: str | None = None
    """Which posts are questions; null: the first of a thread."""
    comment: str | None = None
    """Which posts are comments."""
    post_id: str | None = None
    parent: str | None = None
    title: str | None = None
    """Looked for in the thread element or page."""
    text: str | None = None
    """Null: the whole post but for what the other selectors take."""
    author: str | None = None
    role: str | None = None
    date: str | None = None
    votes: str | None = None
    accepted: str | None = None
    category: str | None = None
    """Looked for in the thread element or page."""
    tags: str | None = None
    url: str | None = None
    drop: tuple[str, ...] = ()
    """What is taken out of the text: quotes, signatures, advertisements."""
    json_ld: bool = False
    """Take the QAPage that the page describes in JSON-LD, where it has one, instead of its elements."""


class RecordsProfile(_Part):
    """Columns of tables, or fields of JSON objects; ``a.b`` is the field b of the object a."""

    thread: str | None = None
    post: str | None = None
    parent: str | None = None
    kind: str | None = None
    question_kinds: tuple[str, ...] = ("question", "q", "1", "true", "thread", "topic")
    """Values of ``kind``, without regard to case, that say question; see also comment_kinds; all others: answer."""
    comment_kinds: tuple[str, ...] = ("comment", "c")
    name: str | None = None
    mark: str | None = None
    title: str | None = None
    text: str | None = None
    """Text of a post, where each record is one post or one thread with a list of posts."""
    question: str | None = None
    """Text of the question, where each record is a question with its answers."""
    answer: Words = ()
    """Columns of the answers, where each record is a question with its answers."""
    posts: str | None = None
    """Field with the list of posts of a thread or of the answers to a question."""
    date: str | None = None
    votes: str | None = None
    accepted: str | None = None
    category: str | None = None
    tags: str | None = None
    language: str | None = None
    url: str | None = None
    licence: str | None = None


class SqlTable(RecordsProfile):
    """One table of an SQL dump: its posts, its threads (title, category) or its authors (mark)."""

    table: str
    holds: Literal["posts", "threads", "authors", "categories"] = "posts"
    id: str | None = None
    """Column by which other tables name a thread, an author or a category."""


class Profile(_Part):
    """How one dump is read. What is null is inferred, and the inference is told with its reasons."""

    kind: DumpKind | None = None
    site: str | None = None
    """First part of the ids; null: the host of the pages, else the name of the file or folder."""
    language: str | None = None
    licence: str = "unknown"
    contributor: str | None = None
    html: HtmlProfile | None = None
    records: RecordsProfile | None = None
    sql: tuple[SqlTable, ...] = ()
    markup: Literal["auto", "html", "plain"] = "auto"
    """Whether texts of records hold HTML or BBCode; ``auto``: where a known tag or a whole entity stands in them."""
    date_order: Literal["dmy", "mdy"] | None = None
    """How 03/05/2021 is meant. Null: only dates that can be read in one way are; of the others the year is kept."""
    doctor: Words = ()
    """Further words of the site's own mark of a doctor, without regard to case."""
    moderator: Words = ()
    patient: Words = ()
    rules: tuple[Literal["mark", "name", "signature", "asker"], ...] = ("mark", "name", "signature", "asker")
    """By what the role of an author is told, the surest first; leave out what does not hold on this site."""
    answers_as_key: Literal["none", "accepted", "doctor", "all"] = "none"
    """Which answers become accepted texts of the item's key; the others, and by default all, are its rationales."""

    @field_validator("language")
    @classmethod
    def _tag(cls, value: str | None) -> str | None:
        return None if value is None else parse_language(value)


def read_profile(path: Path) -> Profile:
    """Return the profile that a YAML file holds.

    Raises:
        InputError: ``mapping-wrong`` with every key that is unknown or has a wrong value.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe").load(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise InputError(_wrong(path.name, "the profile cannot be read", None, str(error).split("\n")[0])) from error
    try:
        return Profile.model_validate(data or {})
    except ValidationError as error:
        raise InputError([_problem(path.name, one) for one in error.errors(include_url=False)]) from error


def _problem(name: str, details: Any) -> Problem:
    place = ".".join(str(one) for one in details["loc"])
    unknown = details["type"] == "extra_forbidden"
    known = {key for part in (Profile, HtmlProfile, SqlTable) for key in part.model_fields}
    near = difflib.get_close_matches(str(details["loc"][-1]), known, n=1) if unknown else []
    message = f"the key {details['loc'][-1]!r} is not known" if unknown else f"the profile is wrong: {details['msg']}"
    return _wrong(name, message, place, repr(details["input"])[:80], near[0] if near else None)


def _wrong(name: str, message: str, place: str | None, found: str, near: str | None = None) -> Problem:
    return Problem(
        "mapping-wrong",
        message,
        name,
        place=place,
        found=found,
        expected=f"perhaps {near!r}" if near else "a profile as in docs/forum.md",
        remedy="see docs/forum.md for profiles that work",
    )

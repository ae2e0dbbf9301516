"""The two tables of forums: posts as they stand in a dump, and entries, each one question with its answers.

**Post table** (:data:`POST_SCHEMA`), one row for each post, in the order of the dump:

=============== ====== ==================================================================================
column          type   meaning
=============== ====== ==================================================================================
site            str    Name of the site or dump; the first part of ids.
thread          str    The site's own id of the thread, or what stands for it: never null.
post            str    The site's own id of the post; unique in its thread: never null.
parent          str    Id of the post that this one answers; null for a question and where the dump is silent.
position        int    Place in the thread, from 0, in the order of the dump.
kind            str    ``question``, ``answer`` or ``comment``.
author          str    Pseudonym: ``a-`` and 12 hex digits of a keyed hash of site and printed name; null if none.
author_role     str    ``doctor``, ``patient``, ``moderator`` or ``unknown``.
title           str    Title of the thread, on its question; null elsewhere.
text            str    Plain text; paragraphs by newline.
html_removed    bool   True where markup was taken out of the text.
date            str    ISO 8601, as exact as the dump has it (``2021``, ``2021-03``, ``2021-03-05T10:00:00``); or null.
score           int    Votes; null where there are none.
accepted        bool   The site's own mark of the chosen answer.
category        str    Section of the site; null if none.
tags            list   Tags.
language        str    BCP-47, where the dump or its reader's settings say it; else null.
url             str    Address of the page; null if none.
licence         str    Identifier, or ``unknown``.
file            str    File of the dump.
row             int    1-based record, line or element in that file.
=============== ====== ==================================================================================

**Entry table** (:data:`ENTRY_SCHEMA`), one row for each question of a thread, with what was answered to it. This is
what cleaning and its filters work on:

=============== ====== ==================================================================================
column          type   meaning
=============== ====== ==================================================================================
id              str    ``<site>/<thread>/<post>``: the group of the item that the entry becomes; unique in a dump.
title           str    Title, or null.
question        str    Text of the question; comments by its author that came before any answer follow it.
answers         list   struct of text, role, score, accepted, date: the direct answers, in the order of the thread.
category        str    As above.
tags            list   As above.
date            str    Date of the question.
language        str    As above.
site            str    As above.
url             str    As above.
licence         str    As above.
turns           list   struct of role, author, kind, date, text: the whole thread in order, the question first;
                       never empty. Comments are here only.
file            str    File of the question.
row             int    Record of the question in that file.
=============== ====== ==================================================================================

An entry without answers is an entry: whether it is wanted is a filter's decision, with its reason and count.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import polars as pl

__all__ = ["ANSWER", "ENTRY_SCHEMA", "POST_SCHEMA", "TURN", "PostKind", "Role"]

Role = Literal["doctor", "patient", "moderator", "unknown"]
PostKind = Literal["question", "answer", "comment"]

ANSWER: Final = pl.Struct(
    {"text": pl.String, "role": pl.String, "score": pl.Int64, "accepted": pl.Boolean, "date": pl.String}
)
"""One answer of an entry."""
TURN: Final = pl.Struct(
    {"role": pl.String, "author": pl.String, "kind": pl.String, "date": pl.String, "text": pl.String}
)
"""One post of an entry's thread."""

_POST_SCHEMA: Final[dict[str, Any]] = {
    "site": pl.String,
    "thread": pl.String,
    "post": pl.String,
    "parent": pl.String,
    "position": pl.Int64,
    "kind": pl.String,
    "author": pl.String,
    "author_role": pl.String,
    "title": pl.String,
    "text": pl.String,
    "html_removed": pl.Boolean,
    "date": pl.String,
    "score": pl.Int64,
    "accepted": pl.Boolean,
    "category": pl.String,
    "tags": pl.List(pl.String),
    "language": pl.String,
    "url": pl.String,
    "licence": pl.String,
    "file": pl.String,
    "row": pl.Int64,
}
POST_SCHEMA: Final = pl.Schema(_POST_SCHEMA)
"""Names and types of the columns of a table of posts."""

_ENTRY_SCHEMA: Final[dict[str, Any]] = {
    "id": pl.String,
    "title": pl.String,
    "question": pl.String,
    "answers": pl.List(ANSWER),
    "category": pl.String,
    "tags": pl.List(pl.String),
    "date": pl.String,
    "language": pl.String,
    "site": pl.String,
    "url": pl.String,
    "licence": pl.String,
    "turns": pl.List(TURN),
    "file": pl.String,
    "row": pl.Int64,
}
ENTRY_SCHEMA: Final = pl.Schema(_ENTRY_SCHEMA)
"""Names and types of the columns of a table of entries."""

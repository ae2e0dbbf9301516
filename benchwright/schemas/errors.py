"""Every error that Benchwright raises on purpose.

The tree::

    BenchwrightError
    +-- UserError                  exit 2: the user can mend it
    |   +-- InputError             a raw file cannot be read as what it claims to be
    |   +-- RecipeError            recipe.yaml is wrong; carries all of its problems at once
    |   +-- SchemaError            a record or table breaks the schema, or has a version we do not know
    |   +-- OutputError            a folder or file cannot be written
    |   +-- ReleaseError           a release cannot be made as asked
    |   +-- MissingDependencyError an optional package or program is not installed
    |   +-- PluginError            a plug-in cannot be imported or breaks its protocol
    |   +-- NotFoundError          an id, file or name that does not exist
    +-- GateError                  exit 1: the run finished, and the recipe's gate is not met
    +-- DefectError                exit 3: we broke one of our own laws
        +-- LedgerError            rows in != rows out + rejected + merged

Each problem has a code from :data:`ERROR_CODES`; each code has a section in ``docs/errors.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

__all__ = [
    "ERROR_CODES",
    "EXIT_CLEAN",
    "EXIT_DEFECT",
    "EXIT_GATE",
    "EXIT_USER",
    "BenchwrightError",
    "DefectError",
    "GateError",
    "InputError",
    "LedgerError",
    "MissingDependencyError",
    "NotFoundError",
    "OutputError",
    "PluginError",
    "Problem",
    "RecipeError",
    "ReleaseError",
    "SchemaError",
    "UserError",
]

EXIT_CLEAN: Final = 0
EXIT_GATE: Final = 1
EXIT_USER: Final = 2
EXIT_DEFECT: Final = 3

ERROR_CODES: Final[dict[str, str]] = {
    "file-not-found": "A file that was named does not exist.",
    "file-empty": "A file has no bytes.",
    "file-unreadable": "A file exists and cannot be read.",
    "file-unplaced": "A file in raw/ matches no rule of the recipe.",
    "file-unsupported": "No source reads this kind of file.",
    "file-too-large": "A file or a part of it is larger than is read.",
    "answers-version": "A log of answers speaks of another version of the set.",
    "archive-unsafe": "A member of an archive leads out of it, is no plain file, or cannot be told from another.",
    "office-encrypted": "An Office file needs a password, or is of the format before 2007.",
    "office-damaged": "An Office file is damaged, or is not what its suffix says.",
    "columns-unclear": "The columns or records of a table cannot be told apart.",
    "json-damaged": "A file called .json is no JSON.",
    "encoding-unknown": "The encoding of a text file cannot be decided.",
    "html-no-html": "A file called .html is no HTML page.",
    "pdf-not-a-pdf": "A file called .pdf is not a PDF.",
    "pdf-encrypted": "A PDF needs a password.",
    "pdf-damaged": "A PDF is truncated or its structure is broken.",
    "pdf-no-pages": "A PDF has no pages.",
    "pdf-too-large": "A PDF has more pages than the limit.",
    "pdf-no-text": "A PDF has no usable text layer.",
    "layout-not-found": "No numbered questions with options could be found in a booklet.",
    "key-not-found": "No answer key could be read in a file with the role key.",
    "key-ambiguous": "More than one file claims to be the key of the same booklet with the same status.",
    "statistics-not-found": "No table in a file with the role human pairs question numbers with shares.",
    "statistics-ambiguous": "Several columns of a file with statistics could be the share of correct answers.",
    "booklet-ambiguous": "More than one booklet claims the same exam, edition, part and language.",
    "layout-unknown": "No layout of an existing benchmark fits a file.",
    "layout-ambiguous": "Several layouts of existing benchmarks fit a file alike.",
    "layout-not-writable": "Items cannot be written in this layout.",
    "mapping-wrong": "A mapping file for `import` has unknown keys or wrong values.",
    "key-unclear": "The data do not tell how the key of a table is written.",
    "xml-damaged": "An XML file is not well-formed to its end.",
    "xml-entities": "An XML file declares entities of its own.",
    "language-unclear": "Neither a table nor the command says in which language it is.",
    "recipe-not-found": "There is no recipe.yaml in the folder.",
    "recipe-syntax": "recipe.yaml is not valid YAML.",
    "recipe-unknown-key": "A key of the recipe is not known.",
    "recipe-wrong-value": "A value in the recipe has the wrong type or is outside its range.",
    "recipe-missing-key": "A required key of the recipe is absent.",
    "recipe-reference": "The recipe refers to a name that it does not define.",
    "recipe-version": "The recipe was written for another version of the recipe format.",
    "override-syntax": "A key=value override could not be understood.",
    "schema-version": "A table or record was written with a schema version that this program does not know.",
    "schema-invalid": "A record breaks a rule of the schema.",
    "schema-columns": "A table lacks columns, or has columns of another type.",
    "language-unknown": "A language tag or name could not be resolved.",
    "output-not-writable": "A folder or file cannot be written.",
    "output-disk-full": "The disk is full.",
    "source-unlinked": "No item has a source among the files given as --source.",
    "glossary-broken": "A glossary is no table with the columns source and target.",
    "labels-unknown": "A file of labelled errors has none of the layouts that are read.",
    "corpus-empty": "No file of a corpus is of a kind that can be searched.",
    "output-exists": "The output exists and would be overwritten.",
    "version-invalid": "A release version is not of the form MAJOR.MINOR.PATCH.",
    "version-exists": "A release of this version exists.",
    "version-too-low": "The number of a release is too low for what changed.",
    "split-leak": "Two splits of a release share a question.",
    "card-wrong": "The file card.yaml has an unknown key, a wrong value or a typed number.",
    "criteria-not-met": "A release does not meet a criterion that a program checks.",
    "publish-refused": "A release is not fit to be published.",
    "publish-failed": "The place of publication did not do what was asked.",
    "tag-exists": "The version was published before with other files.",
    "release-no-items": "There is nothing to release.",
    "release-not-built": "The project has not been built, or its build is stale.",
    "licence-forbids": "The licence of a source does not allow the publication of its text.",
    "verify-failed": "A release differs from its own manifest.",
    "training-impossible": "No classifier can be learnt from the labelled rows.",
    "model-unreadable": "A model cannot be loaded, or its card is damaged.",
    "engine-setting": "A setting of an engine of translation is not known, missing or wrong.",
    "pair-unknown": "An engine of translation lacks a pair of languages.",
    "exchange-broken": "A file of translators cannot be read as what it claims to be.",
    "worker-failed": "A program in an environment of its own stopped, or gave no answer.",
    "metric-impossible": "A score was asked for, and the texts that it compares are not there.",
    "model-changed": "A model is not the one that its card describes.",
    "model-unfit": "A model does not know the label that a filter keeps.",
    "dependency-missing": "An optional package or program is not installed.",
    "environment-failed": "An environment of its own could not be made from its lock file.",
    "plugin-broken": "A plug-in could not be imported or breaks its protocol.",
    "review-form-wrong": "A form with axes of review is wrong.",
    "review-plan-wrong": "A round of review cannot be planned as asked.",
    "review-no-sample": "No randomly chosen item was reviewed.",
    "review-rows-wrong": "A file with verdicts or ratings has wrong rows.",
    "patch-broken": "A patch cannot be read, or names what an item does not have.",
    "patch-conflict": "A patch was made for another text than the item has.",
    "report-incomplete": "A user's report lacks what a patch needs.",
    "report-outdated": "A user's report is about another text than the item has today.",
    "server-unreachable": "A review server does not answer.",
    "server-refused": "A review server does not accept the token, or refuses what was sent.",
    "project-gone": "A project of the review server was deleted.",
    "id-unknown": "No item has this id.",
    "name-unknown": "A name is not one of the choices.",
    "gate-not-met": "The run finished and the gate of the recipe is not met.",
    "ledger-unbalanced": "A stage lost or invented rows: a defect of Benchwright.",
    "stage-failed": "A stage stopped with an unexpected error: a defect of Benchwright.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, where, what was found, what was expected, and how to mend it."""

    code: str
    message: str
    file: str | None = None
    place: str | None = None
    found: str | None = None
    expected: str | None = None
    remedy: str | None = None

    def __post_init__(self) -> None:
        """Refuse a code without a documentation section."""
        if self.code not in ERROR_CODES:
            raise ValueError(f"unknown error code {self.code!r}; known: {', '.join(sorted(ERROR_CODES))}")

    def __str__(self) -> str:
        """Return the problem as lines for a terminal."""
        head = f"{self.message} [{self.code}]"
        parts = (("file", self.file), ("place", self.place), ("found", self.found))
        rest = (("expected", self.expected), ("remedy", self.remedy))
        return "\n".join([head, *(f"  {name}: {text}" for name, text in (*parts, *rest) if text)])


class BenchwrightError(Exception):
    """Base of all errors raised on purpose; carries one or more :class:`Problem`."""

    exit_code = EXIT_USER

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        """Take one problem or all problems that were found together."""
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[BenchwrightError], tuple[tuple[Problem, ...]]]:
        """Survive the way back from a worker process."""
        return (type(self), (self.problems,))


class UserError(BenchwrightError):
    """The user can mend it."""


class InputError(UserError):
    """A raw file cannot be read as what it claims to be."""


class RecipeError(UserError):
    """The recipe is wrong; all of its problems are carried together."""


class SchemaError(UserError):
    """A record or table breaks the schema, or has a version that we do not know."""


class OutputError(UserError):
    """A folder or file cannot be written."""


class ReleaseError(UserError):
    """A release cannot be made as asked."""


class MissingDependencyError(UserError):
    """An optional package or program is not installed."""


class PluginError(UserError):
    """A plug-in cannot be imported or breaks its protocol."""


class NotFoundError(UserError):
    """An id, file or name that does not exist."""


class GateError(BenchwrightError):
    """The run finished, and the gate of the recipe is not met."""

    exit_code = EXIT_GATE


class DefectError(BenchwrightError):
    """We broke one of our own laws."""

    exit_code = EXIT_DEFECT


class LedgerError(DefectError):
    """In some stage rows in != rows out + rows rejected + rows merged."""

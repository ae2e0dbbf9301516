"""The Label Studio SDK: the one module that speaks to a server."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from typing import Any, Final

from benchwright.builder.review.labelstudio.board import Board, BoardTask
from benchwright.builder.review.taskdata import KEY
from benchwright.schemas.errors import MissingDependencyError, Problem, UserError

__all__ = ["SdkBoard", "connect"]

URL: Final = "LABEL_STUDIO_URL"
TOKEN: Final = "LABEL_STUDIO_API_KEY"  # noqa: S105 - the name of a variable
_DEFAULT: Final = "http://127.0.0.1:8080"
_PAGE: Final = 1000
_SECONDS: Final = 60.0
_LISTED: Final = "id,data,total_annotations,cancelled_annotations,updated_at"
"""Fields of a task in a list: all others cost the server more than these."""
_LONG: Final = 600.0
"""Seconds for an export, which is made while one waits."""
_ONCE: Final = {"max_retries": 0, "timeout": _LONG}
_READ: Final = {"max_retries": 4, "timeout": _SECONDS}


def connect(url: str | None = None, token: str | None = None) -> Board:
    """Return a server, after a look whether it answers and takes the token.

    Args:
        url: address; ``LABEL_STUDIO_URL`` or this machine's port 8080 where null.
        token: legacy or personal access token; ``LABEL_STUDIO_API_KEY`` where null.

    Raises:
        MissingDependencyError: the SDK is not installed.
        UserError: ``server-unreachable`` or ``server-refused``.
    """
    address = (url or os.environ.get(URL) or _DEFAULT).rstrip("/")
    key = token or os.environ.get(TOKEN)
    if not key:
        raise UserError(
            Problem(
                "server-refused",
                "no token is given for the review server",
                address,
                expected=f"the variable {TOKEN}",
                remedy="copy a token from the account page of Label Studio; `benchwright review serve` prints one",
            )
        )
    try:
        from label_studio_sdk import LabelStudio  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise MissingDependencyError(
            Problem(
                "dependency-missing",
                "a review server is spoken to by the Label Studio SDK",
                found=str(error),
                expected="the package label-studio-sdk",
                remedy="pip install 'benchwright[review]'; `review export` and `review import` need no server",
            )
        ) from error
    with _told(address):
        # A personal access token is exchanged for a short one here, so that even this may fail.
        client = LabelStudio(base_url=address, api_key=key)
        client.users.whoami(request_options=_options(_READ))
    return SdkBoard(address, client)


class SdkBoard:
    """A Label Studio server behind its SDK."""

    def __init__(self, url: str, client: Any) -> None:
        self.url = url
        self._client = client

    def projects(self) -> dict[str, int]:
        """Return the projects of ours, by the mark in their description."""
        with _told(self.url):
            listed = self._client.projects.list(page_size=100, request_options=_options(_READ))
            marks = [(str(one.description or "").partition("\n")[0].strip(), int(one.id)) for one in listed]
        return {
            mark: number for mark, number in sorted(marks, key=lambda pair: -pair[1]) if mark.startswith("benchwright:")
        }

    def create(self, mark: str, title: str, config: str, instruction: str) -> int:
        """Make a project and return its number."""
        with _told(self.url):
            made = self._client.projects.create(
                title=title,
                description=f"{mark}\nMade by Benchwright; do not change this line.",
                label_config=config,
                expert_instruction=instruction.replace("\n", "<br>"),
                show_instruction=True,
                show_skip_button=True,
                enable_empty_annotation=False,
                maximum_annotations=1,
                show_collab_predictions=True,
                request_options=_options(_ONCE),
            )
        return int(made.id)

    def tasks(self, project: int) -> list[BoardTask]:
        """Return all tasks of a project."""
        found: list[BoardTask] = []
        with _told(self.url, project):
            listed = self._client.tasks.list(
                project=project,
                fields="task_only",
                include=_LISTED,
                resolve_uri=False,
                page_size=_PAGE,
                request_options=_options(_READ),
            )
            for one in listed:
                data = one.data if isinstance(one.data, dict) else {}
                counts = (one.total_annotations, one.cancelled_annotations)
                state = f"{one.updated_at} {counts[0]} {counts[1]}"
                found.append(BoardTask(int(one.id), str(data.get(KEY, "")), any(counts), state))
        return found

    def count(self, project: int) -> int:
        """Return the number of tasks of a project, whoever made them."""
        with _told(self.url, project):
            return int(self._client.projects.get(id=project, request_options=_options(_READ)).task_number or 0)

    def add(self, project: int, tasks: Sequence[dict[str, Any]]) -> None:
        """Import tasks, all or none; never tried twice by itself."""
        with _told(self.url, project):
            self._client.projects.import_tasks(id=project, request=list(tasks), request_options=_options(_ONCE))

    def remove(self, task: int) -> None:
        """Delete one task."""
        with _told(self.url):
            self._client.tasks.delete(id=str(task), request_options=_options(_ONCE))

    def export(self, project: int, tasks: Sequence[int]) -> list[dict[str, Any]]:
        """Return some tasks of a project with their annotations; those that are gone are left out."""
        some = {"additional_query_parameters": {"ids[]": list(tasks)}}
        with _told(self.url, project):
            pieces = self._client.projects.exports.download_sync(
                project, export_type="JSON", download_all_tasks=True, request_options=_options({**_READ, **some})
            )
            exported: list[dict[str, Any]] = json.loads(b"".join(pieces))
        return exported

    def people(self) -> dict[int, tuple[str, ...]]:
        """Return the names by which each user is known, by number."""
        with _told(self.url):
            users = list(self._client.users.list(request_options=_options(_READ)))
        return {int(one.id): tuple(name for name in (one.email, one.username) if name) for one in users}


def _options(told: dict[str, Any]) -> Any:
    return dict(told)


@contextlib.contextmanager
def _told(url: str, project: int | None = None) -> Iterator[None]:
    """Turn what the SDK raises into errors that say what to do."""
    import httpx  # pyright: ignore[reportMissingImports]
    from label_studio_sdk.core.api_error import ApiError  # pyright: ignore[reportMissingImports]

    try:
        yield
    except ApiError as error:
        status = int(error.status_code or 0)
        raise UserError(_problem(url, project, status, str(error.body)[:300])) from error
    except httpx.HTTPStatusError as error:
        raise UserError(_problem(url, project, error.response.status_code, error.response.text[:300])) from error
    except (httpx.HTTPError, ValueError) as error:
        raise UserError(
            Problem(
                "server-unreachable",
                "the review server does not answer",
                url,
                found=f"{type(error).__name__}: {error}"[:300],
                expected="a Label Studio server",
                remedy="look whether it runs, and run the same command again: it continues where it stood",
            )
        ) from error


def _problem(url: str, project: int | None, status: int, body: str) -> Problem:
    place = f"project {project}" if project is not None else None
    found = f"{status}: {body}"
    if status in {401, 403}:
        return Problem(
            "server-refused",
            "the review server does not accept the token",
            url,
            place=place,
            found=found,
            expected=f"a valid token in {TOKEN}",
            remedy="copy a token from the account page; legacy tokens must be switched on for the organisation",
        )
    if status == 404 and project is not None:
        return Problem(
            "project-gone",
            "a project is not on the server any more",
            url,
            place=place,
            found=found,
            remedy="verdicts that were pulled are kept; push with --again to make the project anew",
        )
    if 400 <= status < 500 and status not in {408, 409, 429}:
        return Problem(
            "server-refused",
            "the review server refuses what was sent",
            url,
            place=place,
            found=found,
            remedy="this may be a limit of the server (size of a task, of a request), or a version that we do not know",
        )
    return Problem(
        "server-unreachable",
        "the review server answers with an error of its own",
        url,
        place=place,
        found=found,
        remedy="look at its log, and run the same command again: it continues where it stood",
    )

"""Publishing to a hub through huggingface_hub, and fetching from it. The only module that imports it."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchwright.builder.publish.plan import Plan, PlannedFile, Published, Remote
from benchwright.schemas.errors import MissingDependencyError, OutputError, Problem

if TYPE_CHECKING:
    from huggingface_hub import HfApi

__all__ = ["download", "publish_hub"]

_TYPE: Final = "dataset"
_KEPT: Final = {".gitattributes"}
"""Files of the hub's own that a release does not have."""
_TRIES: Final = 3
_PAUSE: Final = 2.0
_AGAIN: Final = 500
_WHY: Final = {
    401: ("the token is missing or wrong", "set HF_TOKEN to a token that may write"),
    403: ("the token may not do this", "use a token of an account that may write there, or another name"),
    404: ("there is no such dataset or version", "check the name and the version"),
    413: ("a file or the commit is too large", "make smaller shards, or ask the hub for more"),
    507: ("there is no space left", "free space there, or ask the hub for more"),
}
_QUOTA: Final = ("quota", "storage limit", "limit reached", "exceeded")


def publish_hub(plan: Plan, name: str, *, dry_run: bool = False, pause: float = _PAUSE) -> Published:
    """Publish a release as a dataset of the hub: one commit and one tag for each version.

    Every try looks at what is there first: files that are there are not sent again, a commit that went through is
    not made twice, and a tag that stands at the same files is left as it is. So a run that broke off at any point is
    finished by the next.

    Args:
        plan: what to publish.
        name: ``ORG/NAME``.
        dry_run: only say what would be done.
        pause: seconds before the second try; twice as long before the third.

    Raises:
        MissingDependencyError: huggingface_hub is not installed.
        OutputError: ``tag-exists``; ``publish-failed`` when the hub refuses or does not answer.
    """
    api = _api()
    for number in range(_TRIES - 1):
        try:
            with _told(name):
                return _once(api, plan, name, dry_run=dry_run)
        except _UnansweredError:
            time.sleep(pause * 2**number)
    try:
        with _told(name):
            return _once(api, plan, name, dry_run=dry_run)
    except _UnansweredError as error:
        raise OutputError(error.problem) from error


class _UnansweredError(OSError):
    """The hub did not answer, or with an error of its own: another try may help."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _once(api: HfApi, plan: Plan, name: str, *, dry_run: bool) -> Published:
    remote = _remote(api, name, "main")
    steps: list[tuple[str, str]] = []
    if remote is not None and plan.tag in remote.tags:
        tagged = _remote(api, name, plan.tag)
        if tagged is None or _changes(plan, tagged) != ([], []):
            raise OutputError(_other_files(plan, name))
        return Published(f"hf:{name}", [("nothing", f"{plan.tag} is there")], False, False, _address(api, name))
    new, gone = _changes(plan, remote)
    there = len(plan.files) - len(new)
    if remote is None:
        steps.append(("create", f"{'private ' if plan.private else ''}dataset {name}"))
    if plan.gated:
        steps.append(("settings", f"access on request: {plan.gated}"))
    if new or gone:
        size = sum(one.size for one in new)
        steps.append(("upload", f"{len(new)} files, {size} bytes; {there} are there; {len(gone)} are taken away"))
        steps.append(("commit", plan.message))
    steps.append(("tag", plan.tag))
    if dry_run:
        return Published(f"hf:{name}", steps, bool(new or gone), True, _address(api, name))
    if remote is None:
        api.create_repo(name, repo_type=_TYPE, private=plan.private, exist_ok=True)
    if plan.gated:
        api.update_repo_settings(name, repo_type=_TYPE, gated=plan.gated)
    revision = _commit(api, plan, name, new, gone, remote)
    _tag(api, plan, name, revision)
    return Published(f"hf:{name}", steps, bool(new or gone), True, _address(api, name))


def _commit(api: HfApi, plan: Plan, name: str, new: list[PlannedFile], gone: list[str], remote: Remote | None) -> str:
    """Commit what is new and gone, at once, and return the commit; where nothing is, return the newest."""
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    if not new and not gone:
        return str(remote and remote.head)
    operations: list[Any] = [CommitOperationAdd(one.name, str(one.path)) for one in new]
    operations += [CommitOperationDelete(path) for path in gone]
    done = api.create_commit(
        name,
        operations,
        commit_message=plan.message,
        commit_description=plan.description[:4000],
        repo_type=_TYPE,
        # What somebody else committed meanwhile is not overwritten.
        parent_commit=remote.head if remote else None,
    )
    return str(done.oid)


def _tag(api: HfApi, plan: Plan, name: str, revision: str) -> None:
    from huggingface_hub.errors import HfHubHTTPError

    try:
        api.create_tag(name, tag=plan.tag, tag_message=plan.message, revision=revision, repo_type=_TYPE)
    except HfHubHTTPError as error:
        if error.response.status_code != 409:
            raise
        # Made by a try whose answer was lost, or by somebody else with other files.
        remote = _remote(api, name, plan.tag)
        if remote is None or _changes(plan, remote) != ([], []):
            raise OutputError(_other_files(plan, name)) from error


def _remote(api: HfApi, name: str, revision: str) -> Remote | None:
    """Return what the hub holds at a revision, or None where there is no such dataset."""
    from huggingface_hub import RepoFile
    from huggingface_hub.errors import RepositoryNotFoundError

    try:
        refs = api.list_repo_refs(name, repo_type=_TYPE)
    except RepositoryNotFoundError:
        return None
    heads = {ref.name: ref.target_commit for ref in refs.branches}
    tags = {ref.name: ref.target_commit for ref in refs.tags}
    if revision not in heads and revision not in tags:
        return Remote({}, tags)
    files = {
        one.path: one.lfs.sha256 if one.lfs else one.blob_id
        for one in api.list_repo_tree(name, recursive=True, revision=revision, repo_type=_TYPE)
        if isinstance(one, RepoFile)
    }
    return Remote(files, tags, heads.get(revision) or tags.get(revision))


def _changes(plan: Plan, remote: Remote | None) -> tuple[list[PlannedFile], list[str]]:
    held = remote.files if remote else {}
    new = [one for one in plan.files if held.get(one.name) not in {one.sha256, one.git_blob}]
    gone = sorted(set(held) - {one.name for one in plan.files} - _KEPT)
    return new, gone


def _other_files(plan: Plan, name: str) -> Problem:
    return Problem(
        code="tag-exists",
        message=f"version {plan.version} was published before, with other files",
        place=f"hf:{name}@{plan.tag}",
        expected="the same files, or no such tag",
        remedy="release the next version; a published version is never changed",
    )


def _api() -> HfApi:
    try:
        from huggingface_hub import HfApi
    except ImportError as error:
        raise MissingDependencyError(
            Problem(
                code="dependency-missing",
                message="publishing to a hub needs huggingface_hub",
                expected="the extra [hub]",
                remedy="pip install 'benchwright[hub]'",
            )
        ) from error
    from huggingface_hub.utils import disable_progress_bars

    if not sys.stderr.isatty():
        disable_progress_bars()
    return HfApi(library_name="benchwright")


def _address(api: HfApi, name: str) -> str:
    return f"{api.endpoint}/datasets/{name}"


def download(name: str, revision: str, folder: Path) -> Path:
    """Fetch a published release into a folder, as it was released.

    Raises:
        MissingDependencyError: huggingface_hub is not installed.
        OutputError: ``publish-failed``: there is no such dataset or version, or the hub does not answer.
    """
    api = _api()
    try:
        with _told(f"{name}@{revision}"):
            api.snapshot_download(name, repo_type=_TYPE, revision=revision, local_dir=folder)
    except _UnansweredError as error:
        raise OutputError(error.problem) from error
    shutil.rmtree(folder / ".cache", ignore_errors=True)
    for kept in _KEPT:
        (folder / kept).unlink(missing_ok=True)
    return folder


@contextmanager
def _told(place: str) -> Iterator[None]:
    """Turn errors of the client into ours; no token is ever part of a message."""
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    # The error of the HTTP library that the client is built on: which one has changed with its versions.
    http_error: Any = HfHubHTTPError.__mro__[1]

    try:
        yield
    except (OutputError, _UnansweredError):
        raise
    except HFValidationError as error:
        raise OutputError(_failed(place, str(error), "the name is not valid", "correct the name")) from error
    except HfHubHTTPError as error:
        raise _answered(place, error) from error
    except RuntimeError as error:
        # The client wraps what an upload of a large file met.
        answer = next((one for one in _causes(error) if isinstance(one, HfHubHTTPError)), None)
        if answer is not None:
            raise _answered(place, answer) from error
        if not any(isinstance(one, (http_error, OSError)) for one in _causes(error)):
            raise
        raise _unreached(place, error) from error
    except (http_error, OSError) as error:
        raise _unreached(place, error) from error


def _causes(error: BaseException) -> Iterator[BaseException]:
    while error.__cause__ is not None:
        error = error.__cause__
        yield error


def _unreached(place: str, error: BaseException) -> _UnansweredError:
    said = f"{type(error).__name__}: {error}"
    return _UnansweredError(
        _failed(place, said, "the hub was not reached", "check the network and HF_ENDPOINT, and run it again")
    )


def _answered(place: str, error: Any) -> OSError | OutputError:
    status = getattr(error.response, "status_code", None)
    text = str(error)
    if any(word in text.casefold() for word in _QUOTA):
        status = 507
    if (status is not None and status < _AGAIN) or status == 507:
        why, remedy = _WHY.get(status, ("the hub refused", "see what the hub said"))
        return OutputError(_failed(place, text, why, remedy))
    return _UnansweredError(_failed(place, text, "the hub answered with an error again and again", "try again later"))


def _failed(place: str, said: str, why: str, remedy: str) -> Problem:
    return Problem(
        code="publish-failed",
        message=f"the release was not published: {why}",
        place=f"hf:{place}",
        found=" ".join(_hidden(said).split())[:500],
        expected="a hub that takes it",
        remedy=remedy,
    )


def _hidden(text: str) -> str:
    from huggingface_hub import get_token

    token = get_token()
    return text.replace(token, "***") if token else text

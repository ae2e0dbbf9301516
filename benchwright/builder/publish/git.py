"""Publishing to a git remote, large files as pointers of git LFS; git itself runs as a program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from benchwright.builder.publish._lfs import keep_object, pointer, upload_objects
from benchwright.builder.publish.plan import Plan, PlannedFile, Published
from benchwright.schemas.errors import MissingDependencyError, OutputError, Problem

__all__ = ["publish_git"]

_LARGE: Final = 1_000_000
_SUFFIXES: Final = (".parquet", ".mp3", ".wav", ".ogg", ".png", ".jpg")
_ATTRIBUTES: Final = ".gitattributes"
_SECRET: Final = re.compile(r"(?<=//)[^/@\s]+@")


def publish_git(plan: Plan, remote: str, *, branch: str = "main", dry_run: bool = False) -> Published:
    """Commit a release to a branch of a git remote and tag it; both are pushed at once or not at all.

    Tables, sounds and files of more than a megabyte become pointers of git LFS; their bytes go to the LFS store of
    the remote first. A version whose tag stands at the same files is left as it is.

    Raises:
        MissingDependencyError: git is not installed.
        OutputError: ``tag-exists``; ``publish-failed`` when git or the LFS store refuses.
    """
    if shutil.which("git") is None:
        raise MissingDependencyError(
            Problem("dependency-missing", "publishing to a git remote needs git", remedy="install git")
        )
    with tempfile.TemporaryDirectory(prefix="benchwright-") as made:
        copy = Path(made) / "copy"
        _git(made, "clone", "--quiet", "--no-checkout", remote, str(copy))
        tags = _git(copy, "tag", "--list", plan.tag).split()
        heads = _git(copy, "ls-remote", "--heads", "origin", branch).split()
        _git(copy, "symbolic-ref", "HEAD", f"refs/heads/{branch}")
        if heads:
            _git(copy, "reset", "--quiet", "--soft", f"origin/{branch}")
        large = _write(plan, copy)
        tree = _tree(copy)
        if tags:
            if _git(copy, "rev-parse", f"{plan.tag}^{{tree}}") != tree:
                raise OutputError(_other_files(plan, remote))
            return Published(f"git:{_shown(remote)}", [("nothing", f"{plan.tag} is there")], False, False)
        new = not heads or _git(copy, "rev-parse", f"origin/{branch}^{{tree}}") != tree
        steps = [("objects", f"{len(large)} files, {sum(one.size for one in large)} bytes")]
        steps += [("commit", f"{plan.message} (branch {branch})")] if new else []
        steps += [("tag", plan.tag)]
        if not dry_run:
            _store(remote, large)
            if new:
                identity = ["-c", "user.name=benchwright", "-c", "user.email=benchwright@localhost"]
                named = [] if _configured(copy) else identity
                _git(copy, *named, "commit", "--quiet", "-m", plan.message, "-m", plan.description[:4000])
            _git(copy, "-c", "tag.gpgSign=false", "tag", plan.tag)
            _git(copy, "push", "--quiet", "--atomic", "origin", f"HEAD:refs/heads/{branch}", f"refs/tags/{plan.tag}")
        return Published(f"git:{_shown(remote)}", steps, new, True)


def _write(plan: Plan, copy: Path) -> list[PlannedFile]:
    """Put the files of the release into the working copy, large ones as pointers; return the large ones."""
    large = [one for one in plan.files if one.size > _LARGE or one.name.endswith(_SUFFIXES)]
    for one in plan.files:
        path = copy / one.name
        path.parent.mkdir(parents=True, exist_ok=True)
        if one in large:
            path.write_bytes(pointer(one))
        else:
            shutil.copyfile(one.path, path)
    lines = [f"/{_quoted(one.name)} filter=lfs diff=lfs merge=lfs -text\n" for one in large]
    (copy / _ATTRIBUTES).write_text("".join(lines), encoding="utf-8")
    return large


def _quoted(name: str) -> str:
    return name.replace(" ", "[[:space:]]")


def _tree(copy: Path) -> str:
    """Return the tree of the working copy; the filter of an installed git LFS must not touch the pointers."""
    _git(copy, "rm", "-r", "--quiet", "--cached", "--ignore-unmatch", ".")
    _git(
        copy, "-c", "filter.lfs.clean=cat", "-c", "filter.lfs.process=", "-c", "filter.lfs.required=false", "add", "-A"
    )
    return _git(copy, "write-tree")


def _store(remote: str, large: Sequence[PlannedFile]) -> None:
    scheme = urlsplit(remote).scheme
    if scheme in {"http", "https"}:
        upload_objects(remote, large)
        return
    home = Path(remote.removeprefix("file://"))
    git_folder = home / ".git" if (home / ".git").is_dir() else home
    for one in large:
        keep_object(git_folder / "lfs" / "objects", one)


def _configured(copy: Path) -> bool:
    done = subprocess.run(["git", "config", "user.email"], cwd=copy, capture_output=True, check=False)
    return done.returncode == 0


def _git(folder: str | Path, *words: str) -> str:
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1", "LC_ALL": "C"}
    done = subprocess.run(["git", *words], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OutputError(
            Problem(
                code="publish-failed",
                message="the release was not published: git refused",
                place=f"git {next(word for word in words if not word.startswith('-') and '=' not in word)}",
                found=_shown(" ".join(done.stderr.split()))[:500],
                expected="a remote that this user may push to",
                remedy="check the address and the rights, and run the same command again",
            )
        )
    return done.stdout.strip()


def _shown(text: str) -> str:
    """Return an address or message without the user and token that may stand before the host."""
    return _SECRET.sub("", text)


def _other_files(plan: Plan, remote: str) -> Problem:
    return Problem(
        code="tag-exists",
        message=f"version {plan.version} was published before, with other files",
        place=f"git:{_shown(remote)} {plan.tag}",
        expected="the same files, or no such tag",
        remedy="release the next version; a published version is never changed",
    )

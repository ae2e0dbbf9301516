"""A release that lies in a folder, or on a hub: fetched for as long as it is looked at."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchwright.schemas.errors import InputError, Problem

__all__ = ["fetched", "hub_address"]

HUB: Final = "hf:"
_ADDRESS: Final = re.compile(r"hf:(?P<name>[\w.-]+/[\w.-]+)(?:@(?P<revision>[\w./-]+))?")


def hub_address(text: str) -> tuple[str, str | None]:
    """Return name and revision of ``hf:ORG/NAME`` or ``hf:ORG/NAME@REVISION``.

    Raises:
        InputError: the text is no such address.
    """
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise InputError(
            Problem(
                code="name-unknown",
                message="this is no address on a hub",
                found=text,
                expected="hf:ORG/NAME, or hf:ORG/NAME@v1.0.0",
                remedy="correct the address",
            )
        )
    return match["name"], match["revision"]


@contextlib.contextmanager
def fetched(release: str) -> Iterator[Path]:
    """Give the folder of a release; one on a hub is downloaded into a temporary folder first.

    Raises:
        InputError: the address is wrong.
        OutputError: the hub does not give the release.
        MissingDependencyError: huggingface_hub is not installed.
    """
    if not release.startswith(HUB):
        yield Path(release)
        return
    from benchwright.builder.publish.hub import download

    name, revision = hub_address(release)
    with tempfile.TemporaryDirectory(prefix="benchwright-") as made:
        yield download(name, revision or "main", Path(made) / "release")

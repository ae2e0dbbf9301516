"""The canary and the salt of a dataset: drawn once, kept in the project, the same in all its releases."""

from __future__ import annotations

import secrets
import uuid
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from benchwright.builder.release.models import Identity
from benchwright.builder.store import read_json, write_json
from benchwright.schemas.errors import Problem, ReleaseError

__all__ = ["IDENTITY", "read_or_draw_identity"]

IDENTITY: Final = Path(".benchwright") / "identity.json"


def read_or_draw_identity(project: Path, *, secret: bool = False) -> Identity:
    """Return the identity of a project's dataset; draw and keep one at the first release.

    The secret of private items is drawn when it is first asked for.

    Raises:
        ReleaseError: the file is there and is not an identity: a new one would break with earlier releases.
        OutputError: the project cannot be written.
    """
    path = project / IDENTITY
    if not path.exists():
        write_json(path, Identity(canary=str(uuid.uuid4()), salt=secrets.token_hex(16)).model_dump())
    try:
        identity = Identity.model_validate(read_json(path))
    except ValidationError as error:
        raise ReleaseError(
            Problem(
                code="schema-invalid",
                message="the file with the canary and the salt of this dataset is damaged",
                file=str(path),
                expected="a JSON object with canary and salt",
                remedy="restore it from version control, or copy both from the manifest.json of the last release",
            )
        ) from error
    if secret and identity.secret is None:
        identity = identity.model_copy(update={"secret": secrets.token_hex(32)})
        write_json(path, identity.model_dump())
    return identity

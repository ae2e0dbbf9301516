"""Who is who: the names that a server knows, and the pseudonyms that we keep."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchwright.builder.review.folder import ReviewFolder
from benchwright.builder.review.records import Reviewer
from benchwright.builder.store import write_bytes
from benchwright.schemas.text import sha256_text

__all__ = ["People", "people_of"]


@dataclass(frozen=True)
class People:
    """Turns a user of a server into a pseudonym."""

    reviewers: Sequence[Reviewer] = ()
    names: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Names by which the server knows each user."""
    salt: str = ""

    @property
    def listed(self) -> frozenset[str]:
        """Pseudonyms of those who are on the list."""
        return frozenset(one.pseudonym for one in self.reviewers)

    def pseudonym(self, user: Any, planned: str) -> str:
        """Return the pseudonym of a user: that on the list, or one made from the name with a secret.

        Args:
            user: number of the user, or what an export file says instead.
            planned: reviewer of the task; stands where an export does not say who it was.
        """
        if isinstance(user, Mapping):
            user = user.get("email") or user.get("id")
        names = self.names.get(user, ()) if isinstance(user, int) else ()
        told = [name.casefold() for name in (*names, str(user)) if name]
        for one in self.reviewers:
            if one.name.casefold() in told:
                return one.pseudonym
        unnamed = isinstance(user, int) and not self.names and planned in self.listed
        if user is None or unnamed:
            return planned
        return f"u-{sha256_text(f'{self.salt}{told[0]}')[:8]}"


def people_of(folder: ReviewFolder, names: Mapping[int, tuple[str, ...]] | None = None) -> People:
    """Return who is who in a review; the secret is made once and stays in the private folder."""
    path = folder.people.with_name("salt")
    if not path.is_file():
        write_bytes(path, secrets.token_hex(16).encode("ascii"))
        path.chmod(0o600)
    named = [one for one in folder.reviewers() if not one.name.startswith("seat-")]
    return People(named, names or {}, path.read_text(encoding="ascii"))

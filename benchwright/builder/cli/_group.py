"""A command that has sub-commands beside its own work: ``translate ITEMS`` and ``translate export``."""

from __future__ import annotations

from typing import Any, Final

from typer.core import TyperGroup

__all__ = ["OWN", "OwnGroup"]

OWN: Final = "run"
"""Name of the sub-command that is meant where no other is named."""


class OwnGroup(TyperGroup):
    """A group whose first word need not name a sub-command; its help is that of its own work."""

    own = OWN

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the name of the own work before words that name no sub-command."""
        named = bool(args) and args[0] in self.commands and args[0] != OWN
        return super().parse_args(ctx, args if named else [OWN, *(args or ["--help"])])

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the sub-command; the own work has no name in its messages."""
        name, command, rest = super().resolve_command(ctx, args)
        return ("" if name == OWN else name), command, rest

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names, that of the own work left out."""
        return [name for name in super().list_commands(ctx) if name != OWN]

"""The command line. A public module of this folder is a command: it exposes ``register(app)``."""

from benchwright.builder.cli._app import app, main

__all__ = ["app", "main"]

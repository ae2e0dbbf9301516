"""The program with the toy readers; worker processes import this file too, and so have them as well."""

from __future__ import annotations

import os

from tests.builder.fakes import install, permanently

install(permanently, pause=float(os.environ.get("TOY_PAUSE", "0")))

if __name__ == "__main__":
    from benchwright.builder.cli import main

    main()

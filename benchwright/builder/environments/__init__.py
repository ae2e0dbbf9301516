"""Environments of their own for programs whose pins cannot be met beside ours.

Each is made in the cache folder of the user from a lock file of ``locks/``; the file is the registration.
"""

from benchwright.builder.environments._install import install
from benchwright.builder.environments._lock import Lock, locks
from benchwright.builder.environments._place import ENV_FOLDER, Made, environment_folder, find, made

__all__ = ["ENV_FOLDER", "Lock", "Made", "environment_folder", "find", "install", "locks", "made"]

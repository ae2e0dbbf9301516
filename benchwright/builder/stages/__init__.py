"""The stages of a build. Each is a function of its inputs; a finished one with an equal signature is skipped."""

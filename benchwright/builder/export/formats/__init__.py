"""One file for each format of an evaluation program; a public module exposes ``EXPORTER``."""

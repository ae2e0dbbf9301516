"""Readers of forums: dumps of any kind -> posts -> one entry for each question of a thread."""

"""Families of national papers: booklets and keys printed in the conventions of each, with made-up text."""

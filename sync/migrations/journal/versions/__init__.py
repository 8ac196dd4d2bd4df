"""Revisions of the journal, oldest first by name."""

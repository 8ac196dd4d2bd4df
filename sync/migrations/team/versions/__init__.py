"""Revisions of the team, oldest first by name."""

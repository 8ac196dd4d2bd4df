"""Writing to a Discourse community, one kind of act a module."""

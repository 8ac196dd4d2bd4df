"""Reading a Discourse community, part by part."""

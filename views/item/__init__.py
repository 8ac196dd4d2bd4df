"""The item in its thread: prepared documents, who reported it and why, its author, and what can be done."""

"""Bringing the answer of a private case back: the proposal, its checks as one types, and the post."""

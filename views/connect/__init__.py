"""Connecting a community and signing in, from the window: the sheet with its pages, and the words of welcome."""

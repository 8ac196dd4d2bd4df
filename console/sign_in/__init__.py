"""Signing in from the window: a process that asks the servers, and the window's end of it.

The window does no network of its own, and a person who loses patience must be able to end a request at once: both are
had by a process that lives as long as the sheet is open.
"""

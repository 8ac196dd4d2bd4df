"""Data that ships with the program, read through :mod:`importlib.resources`."""

"""Presence cards in the window: a sheet that shows one before it is published."""

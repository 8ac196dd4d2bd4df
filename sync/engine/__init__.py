"""The engine: the one process of a home that talks to communities.

It pulls, flushes the outbox and feeds the index.
"""

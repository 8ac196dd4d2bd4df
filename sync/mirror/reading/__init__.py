"""Parts of the reader: each works on the connection that :class:`sync.mirror.reader.MirrorReader` holds.

Nothing here imports SQLAlchemy, Alembic or requests: the window's first paint goes through it.
"""

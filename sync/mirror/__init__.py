"""The mirror: the local copy of what the communities' servers said, a cache with a window of time.

- :class:`MirrorReader` for window and commands (:class:`moderation.ports.Mirror`),
- :class:`MirrorWriter`, held by the engine alone, written only from server answers,
- :class:`MirrorKnown` for connectors (:class:`sync.connector.Known`),
- :class:`Indexer`, which feeds the full text after new rows are visible.
"""

from sync.mirror.index import Indexer
from sync.mirror.known import MirrorKnown
from sync.mirror.reader import MirrorReader
from sync.mirror.writer import MirrorWriter

__all__ = ["Indexer", "MirrorKnown", "MirrorReader", "MirrorWriter"]

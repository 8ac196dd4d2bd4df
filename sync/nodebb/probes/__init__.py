"""Every place where a NodeBB can show a text, looked at as an outsider."""

from collections.abc import Mapping

from moderation.proof import Viewer
from sync.nodebb.context import Context
from sync.nodebb.probes.gathering import Gathering
from sync.nodebb.probes.viewers import NodebbDialect
from sync.parts.looking import Looker
from sync.parts.probing import PlacesProber


def prober(context: Context, lookers: Mapping[Viewer, Looker]) -> PlacesProber:
    """A prober that gathers as the account of the context and looks with these eyes."""
    return PlacesProber(NodebbDialect(), lookers, Gathering(context.reader), context.now)


__all__ = ["prober"]

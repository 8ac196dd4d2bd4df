"""Every place where a Discourse can show a text, looked at as an outsider."""

from collections.abc import Mapping

from moderation.proof import Viewer
from sync.discourse.context import Context
from sync.discourse.probes.gathering import Gathering
from sync.discourse.probes.viewers import DiscourseDialect
from sync.parts.looking import Looker
from sync.parts.probing import PlacesProber


def prober(context: Context, lookers: Mapping[Viewer, Looker]) -> PlacesProber:
    """A prober that gathers as the account of the context and looks with these eyes."""
    return PlacesProber(DiscourseDialect(), lookers, Gathering(context.reader), context.now)


__all__ = ["prober"]

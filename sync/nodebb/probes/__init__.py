"""Every place where a NodeBB can show a text, looked at as an outsider."""

from sync.nodebb.probes.prober import NodebbProber

__all__ = ["NodebbProber"]

"""The sample community: a small invented community served over real HTTP on loopback.

The demo, the tests, the fault runs and the benchmarks use the real connectors against it over a real socket. Its state
knows no platform; a face beside it speaks a platform's wire format with its oddities.
"""

from sync.sandbox.community import SampleCommunity
from sync.sandbox.content.size import Size
from sync.sandbox.faults import Fault
from sync.sandbox.server import Server, serve

__all__ = ["Fault", "SampleCommunity", "Server", "Size", "serve"]

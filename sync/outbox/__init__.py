"""The outbox: sends journalled intents, each at most once by itself, and proves what became of them."""

from sync.outbox.flush import FlushStoppedError, Outbox
from sync.outbox.timing import Timing

__all__ = ["FlushStoppedError", "Outbox", "Timing"]

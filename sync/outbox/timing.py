"""How long the outbox waits for what; all in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """``settle``: absence counts only after it (longer than any proxy holds a request). ``look_every``: pause between
    two looks.

    ``first_pause`` doubles with every failure up to ``longest_pause``. ``sleep_jump``: a wall clock that moves by
    more than this beside the monotonic one means that the machine slept or its clock was set.
    """

    settle: float = 90.0
    look_every: float = 15.0
    first_pause: float = 1.0
    longest_pause: float = 60.0
    sleep_jump: float = 10.0
    most_sends: int = 3
    identity_every: float = 2.0

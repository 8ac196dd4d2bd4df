"""What can go wrong between a client and the community, on order: slow answers, lost answers, a proxy's error page."""

import re
from dataclasses import dataclass, field

KINDS = (
    "delay",  # answer after `seconds`
    "drop_before",  # close the connection, nothing was done
    "drop_after",  # do it, then close the connection without an answer
    "proxy_502",  # an HTML error page of a web server in front, nothing was done
    "proxy_504",  # do it, then an HTML error page
    "stored_400",  # do it, then the internal 400 seen on a busy NodeBB 4.15.1 (API.md section 6)
    "status",  # answer `status` in the write API's envelope, nothing was done
    "garbage",  # do it, then an answer that is cut off in the middle
    "too_many",  # 429 with Retry-After, nothing was done
)


@dataclass(slots=True)
class Fault:
    """One ordered fault; applies to requests whose method and path match, `times` times, after `skip` matches."""

    kind: str
    path: str = ".*"
    method: str = ".*"
    times: int = 1
    skip: int = 0
    seconds: float = 0.0
    status: int = 500
    user: int = 0

    def matches(self, method: str, path: str, user: int) -> bool:
        """Whether the request is meant."""
        meant = re.fullmatch(self.method, method) and re.search(self.path, path)
        return bool(meant) and self.user in (0, user)


@dataclass(slots=True)
class Faults:
    """The orders still open; the first that matches is taken."""

    orders: list[Fault] = field(default_factory=list)

    def order(self, fault: Fault) -> None:
        """Add an order; an unknown kind is a ValueError."""
        if fault.kind not in KINDS:
            raise ValueError(f"unknown kind of fault: {fault.kind}")
        self.orders.append(fault)

    def take(self, method: str, path: str, user: int = 0) -> Fault | None:
        """The fault for this request, used up by one."""
        for fault in self.orders:
            if not fault.matches(method, path, user):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.orders.remove(fault)
            return fault
        return None

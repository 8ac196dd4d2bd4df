"""Who follows what, and how threads are answered, recomputed from a real server's own answers, to the last unit.

Needs ``MARQUEE_LIVE_ADMIN_TOKEN``, a group of staff (``MARQUEE_LIVE_STAFF_GROUP``, else ``staff``), and what members
follow who chose nothing (``MARQUEE_LIVE_DEFAULT_LEVEL``, else ``tracking`` as a new NodeBB has it). What is computed
here knows nothing of stores, facts or lines: it asks the server again and follows the words of the definitions.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median, quantiles
from typing import Any

import pytest

from sync.nodebb import recognise
from tests.live.place import Place, Raw, missing, real_place
from tests.support.program import Program, program

pytestmark = [pytest.mark.live, pytest.mark.timeout(600)]
DEFAULT = os.environ.get("MARQUEE_LIVE_DEFAULT_LEVEL", "tracking")
GROUP = os.environ.get("MARQUEE_LIVE_STAFF_GROUP", "staff")
LEVELS = {"isWatched": "watching", "isTracked": "tracking", "isNotWatched": "normal", "isIgnored": "muted"}
SINCE = "30d"


@pytest.fixture(scope="module")
def real() -> Place:
    """The server that the environment names."""
    if lacking := missing():
        pytest.skip(f"no real NodeBB named: {', '.join(lacking)} not set")
    found = real_place()
    if not recognise(found.url):
        pytest.skip("the server that is named is no nodebb")
    if "ADMIN" not in found.tokens:
        pytest.skip("needs MARQUEE_LIVE_ADMIN_TOKEN")
    return found


@pytest.fixture(scope="module")
def staff(real: Place) -> dict[int, str]:
    """Names of the staff by account."""
    if real.raw("ADMIN").status(f"/api/groups/{GROUP}") != 200:
        pytest.skip(f"no group {GROUP} there: MARQUEE_LIVE_STAFF_GROUP names another one")
    found: dict[int, str] = {}
    after = 0
    while members := real.raw("ADMIN").get(f"/api/v3/groups/{GROUP}/members?after={after}")["response"]["users"]:
        found |= {int(one["uid"]): str(one["userslug"]) for one in members}
        after += len(members)
    return found


@pytest.fixture(scope="module")
def marquee(real: Place, staff: dict[int, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A home that has read all of it, with the group confirmed."""
    home = tmp_path_factory.mktemp("team") / "home"
    home.mkdir()
    (home / "settings.toml").write_text("idle_seconds = 60\n")
    with program(home, MARQUEE_TOKEN=real.tokens["ME"]) as ready:
        for arguments in (
            ["connect", real.url, "--user", real.user],
            ["sync"],
            ["team", "rules", "--default-level", DEFAULT],
            ["team", "confirm", "--group", GROUP, "--dates", "always"],
            ["sync"],
        ):
            done = ready(*arguments)
            assert done.code == 0, (arguments, done.err)
        yield ready


def number(ref: str) -> int:
    """The server's number in an id."""
    return int(ref.rpartition(":")[2])


def test_the_matrix_is_the_servers(marquee: Program, real: Place, staff: dict[int, str]) -> None:
    told = marquee("following", "--json").json
    matrix = {
        (number(forum["forum"]), number(one["member"])): one["level"]
        for forum in told["forums"]
        for one in forum["followers"]
    }
    unreadable = {number(one["member"]) for one in told["communities"][0]["unreadable"]}
    assert {member for _, member in matrix} == set(staff)
    compared = 0
    for uid, slug in staff.items():
        if uid in unreadable:
            assert real.raw().status(f"/api/user/{slug}/categories") == 403
            continue
        for category in real.raw("ADMIN").get(f"/api/user/{slug}/categories")["categories"]:
            level = next(level for name, level in LEVELS.items() if category.get(name))
            wanted = "no_choice" if level == DEFAULT else level
            assert matrix[int(category["cid"]), uid] == wanted, (slug, category["name"])
            compared += 1
    assert compared > len(staff)


def test_who_follows_which_thread_is_the_servers(marquee: Program, real: Place, staff: dict[int, str]) -> None:
    """The moderator follows a thread by the program, and all lists that it may read are those of the server."""
    admin = real.raw("ADMIN")
    tid = next(int(head["tid"]) for cid in _flat(admin.get("/api/categories")["categories"])
               for head in admin.thread_pages(cid) if not head["deleted"])  # fmt: skip
    here = marquee("communities", "--json").json[0]["community"]
    thread = f"{here}:thread:{tid}"
    before = real.raw().get(f"/api/topic/{tid}")
    wanted = "normal" if before["isFollowing"] else "watching"
    for level in (wanted, "watching" if before["isFollowing"] else "muted" if before["isIgnoring"] else "normal"):
        done = marquee("following", "--thread", thread, "--set", level, "--now", "--json")
        assert (done.code, done.json["state"]) == (0, "confirmed"), (done.json, done.err)
        page = real.raw().get(f"/api/topic/{tid}")
        assert (page["isFollowing"], page["isIgnoring"]) == (level == "watching", level == "muted")
    compared = 0
    for one in marquee("following", "--threads", "--json").json["communities"][0]["people"]:
        slug = staff[number(one["member"])]
        if one["why"] is not None:
            assert real.raw().status(f"/api/user/{slug}/watched") == 403, one
            continue
        first = real.raw().get(f"/api/user/{slug}/watched?sort=lastpost")
        pages = [first, *(real.raw().get(f"/api/user/{slug}/watched?sort=lastpost&page={page}")
                          for page in range(2, first["pagination"]["pageCount"] + 1))]  # fmt: skip
        mine = [int(topic["tid"]) for page in pages for topic in page["topics"]]
        assert [number(ident) for ident in one["threads"]] == mine[: len(one["threads"])], slug
        assert not one["whole"] or len(one["threads"]) == len(mine)
        compared += len(mine)
    assert compared > 0


@dataclass
class Counted:
    """Threads of one forum, sorted into what the definitions ask."""

    threads: int = 0
    answered_by_staff: int = 0
    answered_by_community: int = 0
    unanswered: int = 0
    open: int = 0
    responses: list[float] = field(default_factory=list)
    ages: list[float] = field(default_factory=list)

    def document(self) -> dict[str, float | int | None]:
        """As the command says it."""
        ninth = quantiles(self.responses, n=10, method="inclusive")[8] if len(self.responses) > 1 else None
        return {
            "threads": self.threads,
            "answered_by_staff": self.answered_by_staff,
            "answered_by_community": self.answered_by_community,
            "unanswered": self.unanswered,
            "open": self.open,
            "first_response_median_s": median(self.responses) if self.responses else None,
            "first_response_p90_s": ninth if ninth is not None else (self.responses or [None])[0],
            "oldest_open_s": max(self.ages, default=None),
        }

    def add(self, topic: dict[str, Any], posts: list[dict[str, Any]], staff: set[int], until: int) -> None:
        """One thread that counts."""
        others = [one for one in posts if not one["deleted"] and one["uid"] != topic["uid"]]
        by_staff = [one["timestamp"] for one in others if one["uid"] in staff]
        self.threads += 1
        if by_staff:
            self.answered_by_staff += 1
            self.responses.append((min(by_staff) - topic["timestamp"]) / 1000)
            return
        self.answered_by_community += bool(others)
        self.unanswered += not others
        if not topic["locked"]:
            self.open += 1
            self.ages.append((until - topic["timestamp"]) / 1000)


def counted(real: Place, staff: set[int], since: int, until: int) -> dict[int, Counted]:
    """By forum that visitors can read, every topic read whole."""
    admin, guest = real.raw("ADMIN"), Raw(real.url, None)
    found: dict[int, Counted] = {}
    for category in _flat(admin.get("/api/categories")["categories"]):
        if guest.status(f"/api/category/{category}") != 200:
            continue
        found[category] = here = Counted()
        for head in admin.thread_pages(category):
            counts = since <= head["timestamp"] < until and head["uid"] not in staff and not head["deleted"]
            if counts and int(head["cid"]) == category:
                topic, posts = _whole(admin, head["tid"])
                if not posts[0]["deleted"]:
                    here.add(topic, [one for one in posts[1:] if one["timestamp"] < until], staff, until)
    return found


def _flat(categories: list[dict[str, Any]]) -> Iterator[int]:
    for category in categories:
        yield int(category["cid"])
        yield from _flat(category.get("children") or [])


def _whole(admin: Raw, tid: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    first = admin.get(f"/api/topic/{tid}?page=1&sort=oldest_to_newest")
    rest = range(2, first["pagination"]["pageCount"] + 1)
    pages = [first, *(admin.get(f"/api/topic/{tid}?page={page}&sort=oldest_to_newest") for page in rest)]
    posts = {int(one["pid"]): one for page in pages for one in page["posts"]}
    return first, [posts[pid] for pid in sorted(posts)]


def ms(text: str) -> int:
    """Milliseconds of a moment."""
    return round(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


def test_every_number_is_that_of_the_server(marquee: Program, real: Place, staff: dict[int, str]) -> None:
    told = marquee("coverage", "--since", SINCE, "--json").json
    assert told["confirmed"]
    expected = counted(real, set(staff), ms(told["since"]), ms(told["as_of"]))
    forums = {number(row["forum"]): row for row in told["forums"]}
    assert forums.keys() == expected.keys()
    for forum, here in expected.items():
        for name, value in here.document().items():
            assert forums[forum][name] == pytest.approx(value, abs=0.001), (forums[forum]["forum_name"], name)
    assert sum(row["threads"] for row in forums.values()) > 20

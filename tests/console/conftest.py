"""Homes, keyrings, a sample community, and runs of the command line for the tests of the program."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from console.demo.throwaway import end_engine
from moderation.ids import community_name
from sync.sandbox import SampleCommunity, Server, Size, serve
from tests.support.program import Program, program
from tests.support.secret_service import SecretService, lacking, secret_service

MODERATOR, COLLEAGUE, COMPANY = "ines_lanternby", "dagny_pell", "quillby"


@pytest.fixture
def unlocked_service() -> Iterator[SecretService]:
    """A real Secret Service that keeps secrets."""
    if lacking():
        pytest.skip(f"no Secret Service here, missing: {lacking()} (see `make setup`)")
    with secret_service() as service:
        yield service


@pytest.fixture
def locked_service() -> Iterator[SecretService]:
    """A real Secret Service that nobody unlocked."""
    if lacking():
        pytest.skip(f"no Secret Service here, missing: {lacking()} (see `make setup`)")
    with secret_service(unlocked=False) as service:
        yield service


@dataclass(frozen=True, slots=True)
class Sample:
    """A small sample community on loopback; ``name`` is its name in ids."""

    server: Server

    @property
    def community(self) -> SampleCommunity:
        """Its inside."""
        return self.server.community

    @property
    def url(self) -> str:
        """Where it is."""
        return self.server.url

    @property
    def name(self) -> str:
        """In ids."""
        return community_name(self.url)

    def id(self, kind: str, native: object) -> str:
        """An id of this community."""
        return f"{self.name}:{kind}:{native}"

    def token(self, user: str = MODERATOR) -> str:
        """Somebody's token."""
        return self.community.token_for(user)

    def effects(self, kind: str) -> list[dict[str, Any]]:
        """What took effect on the server, of one kind."""
        return [effect for effect in self.community.effects() if effect["verb"] == kind]


def sample_server() -> Iterator[Sample]:
    """Serve one until the end."""
    with serve(SampleCommunity.seeded(7, Size.small())) as server:
        yield Sample(server)


@pytest.fixture
def sample() -> Iterator[Sample]:
    """A sample community for one test."""
    yield from sample_server()


@pytest.fixture
def marquee(home_folder: Path) -> Iterator[Program]:
    """The program with a fresh home, not connected, without keyring."""
    with program(home_folder) as ready:
        yield ready


def connect(marquee: Program, sample: Sample) -> Program:
    """Connect the moderator and the company account, with their tokens in the environment, and sync."""
    marquee.environment |= {"MARQUEE_TOKEN": sample.token(), "MARQUEE_OFFICIAL_TOKEN": sample.token(COMPANY)}
    for arguments in (["--user", MODERATOR], ["--user", COMPANY, "--as", "official"]):
        done = marquee("connect", sample.url, *arguments)
        assert done.code == 0, done.err
    done = marquee("sync")
    assert done.code == 0, done.err
    return marquee


@pytest.fixture
def connected(marquee: Program, sample: Sample) -> Iterator[Program]:
    """The program, connected to the sample community and synced; its engine ends before the community does."""
    yield connect(marquee, sample)
    end_engine(marquee.home)

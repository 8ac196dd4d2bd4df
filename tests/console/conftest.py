"""Homes, keyrings and runs of the command line for the tests of the program."""

from collections.abc import Iterator

import pytest

from tests.support.secret_service import SecretService, lacking, secret_service


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

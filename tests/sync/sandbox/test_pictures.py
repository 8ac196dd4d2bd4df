"""The sample's posts name pictures, and both faces give them out."""

import re

import pytest
import requests

from sync.sandbox import SampleCommunity, Size, serve
from sync.sandbox.discourse import markup as discourse
from sync.sandbox.nodebb import markup as nodebb
from sync.sandbox.pictures import HEIGHT, WIDTH, picture


def test_a_picture_is_the_same_for_the_same_name() -> None:
    one = picture("shelf.png")
    assert one == picture("shelf.png") != picture("cabinet.png")
    assert one.startswith(b"\x89PNG\r\n\x1a\n")
    assert (int.from_bytes(one[16:20], "big"), int.from_bytes(one[20:24], "big")) == (WIDTH, HEIGHT)


@pytest.mark.parametrize("face", ["nodebb", "discourse"])
def test_every_picture_of_the_samples_own_is_there(face: str) -> None:
    community = SampleCommunity.seeded(7, Size.small())
    render = {"nodebb": nodebb.render, "discourse": discourse.render}[face]
    shown = "".join(render(post.text) for post in community.state.tables.posts.values())
    paths = set(re.findall(r'<img src="(/[^"]+)"', shown))
    assert len(paths) >= 2
    with serve(community, face=face) as server:
        for path in paths:
            answer = requests.get(server.url + path, timeout=10)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png"), path
            assert answer.content.startswith(b"\x89PNG")

"""Which files a text leads to."""

from sync.discourse import endpoints
from sync.discourse.probes.gathering import _files


def test_files_are_found_wherever_discourse_keeps_them() -> None:
    """Also where an old post still names the folder of protected files as it was called then."""
    for folder in endpoints.UPLOADS:
        assert list(_files([f'<img src="{folder}original/1X/ab.png">'])) == [f"{folder}original/1X/ab.png"]
    assert list(_files(["[f|attachment](upload://ab.pdf)"])) == ["/uploads/short-url/ab.pdf"]
    assert list(_files(['src="//cdn.example/uploads/x.png"'])) == ["https://cdn.example/uploads/x.png"]

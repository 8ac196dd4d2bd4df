"""Voice packs that ship: how an invented company writes, in English and in Japanese, to copy and to change."""

from collections.abc import Iterator
from importlib.resources import files

LANGUAGES = ("en", "ja")


def shipped() -> Iterator[tuple[str, str]]:
    """The packs as TOML, each with the name of its file."""
    for language in LANGUAGES:
        name = f"quillby-{language}.toml"
        yield name, (files(__name__) / name).read_text(encoding="utf-8")

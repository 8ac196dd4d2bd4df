"""``marquee voice``: the packs of a home, an example to begin with, and the line of what is wrong."""

from pathlib import Path

from console.voices import HomeVoices
from tests.console.schema import fits
from tests.support.program import Program


def example(marquee: Program, language: str = "en") -> str:
    return marquee("voice", "--example", language).out


def test_a_home_without_packs_says_where_they_go(marquee: Program) -> None:
    done = marquee("voice")
    assert done.code == 0
    assert str(marquee.home.voice) in done.out + done.err
    assert fits("voice", marquee("voice", "--json").json) == {"packs": [], "problems": []}


def test_an_example_is_a_good_pack(marquee: Program, tmp_path: Path) -> None:
    for language in ("en", "ja"):
        path = tmp_path / f"{language}.toml"
        path.write_text(example(marquee, language), encoding="utf-8")
        done = marquee("voice", "--check", str(path), "--json")
        assert done.code == 0, done.out
        (pack,) = fits("voice", done.json)["packs"]
        assert (pack["file"], pack["language"]) == (path.name, language)


def test_a_file_that_is_wrong_is_refused_with_its_lines(marquee: Program, tmp_path: Path) -> None:
    path = tmp_path / "billing.toml"
    path.write_text(example(marquee).replace("{version}", "{vresion}").replace("[[legal]]", "[[leagl]]"))
    done = marquee("voice", "--check", str(path), "--json")
    lines = path.read_text().splitlines()
    assert done.code == 6
    found = {(one["why"], one["line"]) for one in fits("voice", done.json)["problems"]}
    assert ("placeholder_unknown", next(n for n, line in enumerate(lines, 1) if "{vresion}" in line)) in found
    assert any(why == "unknown_entry" for why, _ in found)
    said = marquee("voice", "--check", str(path)).err
    assert f"Line {lines.index('[[leagl]]') + 1} of {path}" in said


def test_packs_are_listed_and_two_for_one_place_are_told(marquee: Program) -> None:
    marquee.home.voice.mkdir(parents=True)
    (marquee.home.voice / "a.toml").write_text(example(marquee))
    (marquee.home.voice / "b.toml").write_text(example(marquee))
    done = marquee("voice", "--json")
    assert done.code == 6
    assert {one["why"] for one in fits("voice", done.json)["problems"]} == {"two"}
    assert "Quillby, English" in marquee("voice").out


def test_a_changed_file_counts_at_once_and_a_broken_one_leaves_the_others(marquee: Program) -> None:
    folder = marquee.home.voice
    voices = HomeVoices(folder)
    assert voices().packs == ()
    folder.mkdir(parents=True)
    (folder / "a.toml").write_text(example(marquee))
    assert [pack.place for pack in voices().packs] == ["a.toml"]
    (folder / "b.toml").write_text('name = "B"\nlanguage = "en"\nbad = 1\n')
    assert ([pack.place for pack in voices().packs], voices().unread) == (["a.toml"], ("b.toml:1",))

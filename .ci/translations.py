"""The window's texts in other languages: read them out of ``views``, check them, make the files that Qt loads.

Without arguments: update ``resources/translations/*.ts`` from the code and compile them. ``--check``: fail when they
are not up to date or not finished. ``--compile``: only make the ``.qm`` files (not tracked).
"""

import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
CATALOGUES = {"marquee_en.ts": ("en", ["-pluralonly"]), "marquee_ja.ts": ("ja", [])}


def tool(name: str) -> str:
    """Path of a Qt tool of this environment."""
    return str(Path(sys.executable).parent / f"pyside6-{name}")


def sources() -> list[str]:
    """Python files with texts for people."""
    return [str(path.relative_to(ROOT)) for path in sorted((ROOT / "views").rglob("*.py"))]


def update(folder: Path) -> None:
    """Bring the catalogues in ``folder`` up to date with the code, without line numbers."""
    for name, (language, options) in CATALOGUES.items():
        command = [tool("lupdate"), "-silent", "-locations", "none", "-no-obsolete", *options]
        command += ["-source-language", "en", "-target-language", language, *sources(), "-ts", str(folder / name)]
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603 - own tool, own files


def compile_all() -> None:
    """Make the files that Qt loads."""
    for path in sorted(FOLDER.glob("*.ts")):
        target = str(path.with_suffix(".qm"))
        subprocess.run([tool("lrelease"), "-silent", str(path), "-qm", target], check=True, cwd=ROOT)  # noqa: S603


def unfinished(path: Path) -> list[str]:
    """Texts of a catalogue that nobody has translated yet."""
    messages = ET.parse(path).getroot().iter("message")  # noqa: S314 - a file of this repository
    return [
        message.findtext("source", "")
        for message in messages
        if (found := message.find("translation")) is None or found.get("type") == "unfinished"
    ]


def check() -> list[str]:
    """Complaints, empty when all is well."""
    complaints = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for path in FOLDER.glob("*.ts"):
            shutil.copy(path, folder)
        update(folder)
        for name in CATALOGUES:
            tracked = FOLDER / name
            if not tracked.exists() or tracked.read_text() != (folder / name).read_text():
                complaints.append(f"resources/translations/{name} is not up to date: make translations")
                continue
            complaints += [f"{name}: not translated: {text!r}" for text in unfinished(tracked)]
    return complaints


def main(arguments: list[str]) -> int:
    """Entry."""
    if "--check" in arguments:
        complaints = check()
        sys.stderr.writelines(f"{line}\n" for line in complaints)
        return 1 if complaints else 0
    if "--compile" not in arguments:
        FOLDER.mkdir(exist_ok=True)
        update(FOLDER)
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

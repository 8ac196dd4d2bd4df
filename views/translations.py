"""Loads the translation of the window's texts. The ``.qm`` files are made from ``resources/translations/*.ts``."""

import atexit
import shutil
import subprocess
import tempfile
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import PySide6
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from views.words import Language

_installed: list[QTranslator] = []


def install_language(application: QCoreApplication, language: Language) -> None:
    """Show texts in this language from now on; widgets made before keep theirs."""
    for translator in _installed:
        application.removeTranslator(translator)
    _installed.clear()
    QLocale.setDefault(QLocale("ja_JP" if language == "ja" else "en_GB"))
    for made in (_of_qt(language), _ours(language)):
        if made is not None:
            application.installTranslator(made)
            _installed.append(made)


def _of_qt(language: Language) -> QTranslator | None:
    """Texts of Qt's own dialogues (buttons of message boxes)."""
    translator = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return translator if language != "en" and translator.load(f"qtbase_{language}", folder) else None


def _ours(language: Language) -> QTranslator | None:
    folder = files("resources") / "translations"
    translator = QTranslator()
    with as_file(folder) as path:
        made = path / f"marquee_{language}.qm"
        if made.exists() and translator.load(str(made)):
            return translator
        source = path / f"marquee_{language}.ts"
        if source.exists() and (compiled := _compiled(source)) is not None and translator.load(compiled):
            return translator
    return None


def _compiled(source: Path) -> str | None:
    """The catalogue compiled here and now: for a checkout in which nobody ran ``make translations`` yet."""
    tool = Path(PySide6.__file__).parent / "lrelease"
    target = _scratch() / f"{source.stem}.qm"
    command = [str(tool), "-silent", str(source), "-qm", str(target)]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - Qt's own tool on our own file
    except (OSError, subprocess.CalledProcessError):
        return None
    return str(target)


@cache
def _scratch() -> Path:
    """A folder that lives as long as the program: Qt maps the file."""
    folder = tempfile.mkdtemp(prefix="marquee-words-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)

"""Guards docs/decisions/0002: PySide6 6.12.0 loses references to None on Python 3.11, until the process aborts."""

import sys

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from 3.12 on, its count says nothing")
def test_none_keeps_its_references(qtbot: QtBot) -> None:
    label, timer = QLabel(), QTimer()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for _ in range(1000):
        label.setText("x")
        timer.setInterval(1)
    assert abs(sys.getrefcount(None) - before) < 100

"""Symbols of the matrix are told apart by shape alone, and its model keeps Qt's promises."""

from itertools import combinations

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QAbstractItemModelTester

from moderation.desk.board import LOOKS, Arrangement, Board, Look, Order
from tests.moderation.desk.test_board import both
from views.following.model import MatrixModel
from views.following.signs import SIDE, draw_sign
from views.theme import Scheme, Theme

_BLACK = 128


def outline(look: Look, theme: Theme) -> frozenset[tuple[int, int]]:
    """Which pixels of a symbol differ from its ground, whatever their colour, four times as large."""
    image = QImage(4 * SIDE, 4 * SIDE, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.scale(4, 4)
    draw_sign(painter, theme, QPointF(SIDE / 2, SIDE / 2), look)
    painter.end()
    side = range(4 * SIDE)
    return frozenset((x, y) for x in side for y in side if image.pixelColor(x, y).alpha() > _BLACK)


def test_every_symbol_has_a_shape_of_its_own(qapp: object) -> None:
    theme = Theme(Scheme.LIGHT)
    shapes = {look: outline(look, theme) for look in LOOKS}
    assert all(shapes.values())
    for one, other in combinations(LOOKS, 2):
        different = len(shapes[one] ^ shapes[other])
        assert different > 40, (one, other, different)


@pytest.mark.parametrize("how", [Arrangement(Order.NAME), Arrangement(gaps=True), Arrangement(text="nothing")])
def test_the_model_keeps_qts_promises(qapp: object, how: Arrangement) -> None:
    model = MatrixModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(both(), Arrangement())
    assert (model.rowCount(), model.columnCount()) == (5, 3)
    model.show(both(), how)
    model.show(both(), how)
    model.show(Board(), Arrangement())
    assert model.rowCount() == 0
    del tester

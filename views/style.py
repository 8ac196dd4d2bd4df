"""Fusion with our measures: focus rings, hairline splitters, thin scroll bars, flat fields. No style sheets."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QPlainTextEdit,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionComboBox,
    QStyleOptionComplex,
    QStyleOptionFrame,
    QStyleOptionSlider,
    QTableView,
    QTextEdit,
    QWidget,
)

from views.painting import draw_icon, tick_box
from views.theme import Theme

_TEXTS = (QTableView, QTextEdit, QPlainTextEdit)
_E, _C, _X, _M = QStyle.PrimitiveElement, QStyle.ControlElement, QStyle.ComplexControl, QStyle.PixelMetric
_CHOICE_LEFT, _CHOICE_RIGHT = 10, 28
"""Room beside the text of a box of choices; the arrow stands at the right."""
_MEASURES = {
    _M.PM_ScrollBarExtent: 10,
    _M.PM_ScrollView_ScrollBarOverlap: 0,  # over the contents, so that rows keep the whole width
    _M.PM_SplitterWidth: 1,
    _M.PM_ToolTipLabelFrameWidth: 6,
    _M.PM_DefaultFrameWidth: 1,
    _M.PM_FocusFrameHMargin: 2,
    _M.PM_MenuPanelWidth: 1,
    _M.PM_MenuVMargin: 4,
    _M.PM_SmallIconSize: 16,
    _M.PM_IndicatorWidth: 16,
    _M.PM_IndicatorHeight: 16,
}


class MarqueeStyle(QProxyStyle):
    """One proxy for the application; colours come from the theme at painting time."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Fusion")
        self._theme = theme

    def use(self, theme: Theme) -> None:
        """Draw in another theme from now on."""
        self._theme = theme

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Our measures, Fusion's for the rest."""
        own = _MEASURES.get(metric)
        return own if own is not None else super().pixelMetric(metric, option, widget)

    def styleHint(  # noqa: D102
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: object = None,  # noqa: N803
    ) -> int:
        if hint is QStyle.StyleHint.SH_ItemView_ActivateItemOnSingleClick:
            return 0
        return super().styleHint(hint, option, widget, returnData)  # type: ignore[arg-type]

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """Focus rings, frames, fields and ticks."""
        if element is _E.PE_FrameFocusRect:
            _ring(painter, self._theme, option.rect)
        elif element is _E.PE_PanelLineEdit and isinstance(option, QStyleOptionFrame):
            self._field(option, painter)
        elif element in {_E.PE_FrameMenu, _E.PE_PanelMenu}:
            painter.fillRect(option.rect, self._theme.colour("raised"))
            painter.setPen(self._theme.pen("line_strong"))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
        elif element in {_E.PE_IndicatorCheckBox, _E.PE_IndicatorItemViewItemCheck}:
            ticked = bool(option.state & QStyle.StateFlag.State_On)
            tick_box(painter, self._theme, QRect(option.rect.topLeft(), QSize(16, 16)), ticked=ticked)
        elif element is _E.PE_PanelItemViewRow or element is _E.PE_FrameWindow:
            return
        else:
            super().drawPrimitive(element, option, painter, widget)

    def drawControl(
        self, element: QStyle.ControlElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """Splitters are lines."""
        if element is _C.CE_Splitter:
            painter.fillRect(option.rect, self._theme.colour("line"))
        else:
            super().drawControl(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Scroll bars are a thumb without a groove, boxes of choices look like buttons."""
        if control is _X.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            self._scroll_bar(option, painter, widget)
        elif control is _X.CC_ComboBox and isinstance(option, QStyleOptionComboBox):
            self._choices(option, painter)
        else:
            super().drawComplexControl(control, option, painter, widget)

    def sizeFromContents(
        self,
        what: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        """Rows of menus and combo boxes are high enough to be hit."""
        made = super().sizeFromContents(what, option, size, widget)  # type: ignore[arg-type]
        if what is QStyle.ContentsType.CT_MenuItem and size.height() > 8:
            made.setHeight(max(made.height(), self._theme.grown(28)))
        elif what is QStyle.ContentsType.CT_ComboBox:
            made.setWidth(size.width() + _CHOICE_LEFT + _CHOICE_RIGHT + 4)
        return made

    def subElementRect(self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None) -> QRect:
        """Text in fields keeps off the frame."""
        rect = super().subElementRect(element, option, widget)  # type: ignore[arg-type]
        framed = isinstance(option, QStyleOptionFrame) and option.lineWidth > 0
        if element is QStyle.SubElement.SE_LineEditContents and framed:
            return rect.adjusted(6, 0, -6, 0)
        return rect

    def _field(self, option: QStyleOptionFrame, painter: QPainter) -> None:
        if option.lineWidth <= 0:
            return
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.pen("focus", 2.0) if focused else self._theme.pen("line_strong"))
        painter.setBrush(self._theme.colour("surface"))
        inset = 1.0 if focused else 0.5
        painter.drawRoundedRect(QRectF(option.rect).adjusted(inset, inset, -inset, -inset), 6, 6)

    def _choices(self, option: QStyleOptionComboBox, painter: QPainter) -> None:
        """A box of choices that is closed: ground, frame, arrow. Its text is drawn by itself."""
        theme, state = self._theme, option.state
        enabled = bool(state & QStyle.StateFlag.State_Enabled)
        focused = enabled and bool(state & QStyle.StateFlag.State_HasFocus)
        hovered = enabled and bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = theme.pen("focus", 2.0) if focused else theme.pen("line_strong" if enabled else "line")
        painter.setPen(strong if option.frame or focused else QPen(Qt.PenStyle.NoPen))
        painter.setBrush(theme.colour("hover" if hovered else "surface"))
        inset = 1.0 if focused else 0.5
        painter.drawRoundedRect(QRectF(option.rect).adjusted(inset, inset, -inset, -inset), 6, 6)
        painter.restore()
        corner = QPoint(option.rect.right() - _CHOICE_RIGHT + 6, option.rect.center().y() - 7)
        draw_icon(painter, theme, "chevron-down", corner, 16, "text2" if enabled else "text_disabled")

    def _scroll_bar(self, option: QStyleOptionSlider, painter: QPainter, widget: QWidget | None) -> None:
        slider = self.subControlRect(_X.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, widget)
        hot = bool(option.activeSubControls & QStyle.SubControl.SC_ScrollBarSlider)
        painter.save()
        holder = widget.parentWidget() if widget is not None else None
        if holder is not None and isinstance(view := holder.parentWidget(), _TEXTS):
            painter.fillRect(option.rect, view.palette().color(QPalette.ColorRole.Base))
        if option.maximum > option.minimum:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            colour = QColor(self._theme.colour("line_strong"))
            colour.setAlpha(190 if hot else 110)
            painter.setBrush(colour)
            inset = 3 if not hot else 2
            thumb = QRectF(slider)
            if option.orientation is Qt.Orientation.Vertical:
                thumb = thumb.adjusted(inset, 1, -inset, -1)
            else:
                thumb = thumb.adjusted(1, inset, -1, -inset)
            painter.drawRoundedRect(thumb, 3, 3)
        painter.restore()

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        """Scroll bars have no arrows: the groove is the whole bar. The text of a box of choices keeps off its arrow."""
        if control is _X.CC_ComboBox and part is QStyle.SubControl.SC_ComboBoxEditField:
            return option.rect.adjusted(_CHOICE_LEFT, 1, -_CHOICE_RIGHT, -1)
        if control is not _X.CC_ScrollBar or not isinstance(option, QStyleOptionSlider):
            return super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]
        if part in {QStyle.SubControl.SC_ScrollBarAddLine, QStyle.SubControl.SC_ScrollBarSubLine}:
            return QRect()
        if part is QStyle.SubControl.SC_ScrollBarGroove:
            return option.rect
        if part is QStyle.SubControl.SC_ScrollBarSlider:
            return _thumb(option)
        return super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]


def _thumb(option: QStyleOptionSlider) -> QRect:
    """Where the thumb of a scroll bar is: at least 32 pixels long."""
    rect: QRect = option.rect
    vertical = option.orientation is Qt.Orientation.Vertical
    length = rect.height() if vertical else rect.width()
    span = option.maximum - option.minimum
    if span <= 0:
        return rect
    size = max(32, min(length, length * option.pageStep // max(1, span + option.pageStep)))
    start = QStyle.sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, length - size, bool(option.upsideDown)
    )
    return (
        QRect(rect.left(), rect.top() + start, rect.width(), size)
        if vertical
        else QRect(rect.left() + start, rect.top(), size, rect.height())
    )


def _ring(painter: QPainter, theme: Theme, rect: QRect) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.pen("focus", 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 6, 6)
    painter.restore()

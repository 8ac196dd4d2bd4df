"""Fetched pictures made ready to be drawn: checked before they are opened, fitted into the column, and blurred.

Runs off the window's thread. ``QImageReader`` lets go of Python's lock while it decodes.
"""

from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

from moderation.content import PictureFile
from moderation.errors import NotAllowedError

MOST_PIXELS = 25_000_000
_MOST_MEGABYTES = 128  # of one decoded picture; its header may lie
_LONGEST_EDGE = 30_000
_LEFT = 9  # pixels along the longer edge that a blurred picture is made of
_BLURRED_EDGE = 320
_STEP = 3
_PLUGINS = {"png": b"png", "jpeg": b"jpeg", "gif": b"gif", "webp": b"webp"}


@dataclass(frozen=True, slots=True)
class Room:
    """What a picture may take up, in device-independent pixels, and how many real ones there are to each."""

    width: int
    height: int
    ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture to draw in ``width`` × ``height`` device-independent pixels; ``blurred`` shows nothing but colours."""

    blurred: QImage
    clear: QImage
    width: int
    height: int

    @property
    def cost(self) -> int:
        """Bytes in memory."""
        return int(self.blurred.sizeInBytes() + self.clear.sizeInBytes())


def drawn(file: PictureFile, room: Room, host: str = "") -> Drawn:
    """The first frame, turned as the camera says, never larger than it is.

    Raises ``NotAllowedError`` ``picture_too_many_pixels`` before anything is decoded, ``picture_broken``.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(file.data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = _reader(buffer, file, host)
    size = _checked(reader.size(), file, host)
    turned = reader.transformation().value & 4  # a quarter turn: width and height change places
    whole = size.transposed() if turned else size
    shown = whole.scaled(room.width, room.height, Qt.AspectRatioMode.KeepAspectRatio)
    if shown.width() > whole.width():
        shown = whole
    shown = shown.expandedTo(QSize(1, 1))
    real = QSize(round(shown.width() * room.ratio), round(shown.height() * room.ratio)).boundedTo(whole)
    real = real.expandedTo(QSize(1, 1))
    reader.setScaledSize(real.transposed() if turned else real)
    image = reader.read()
    if image.isNull():
        raise NotAllowedError("picture_broken", host=host, kind=file.kind.upper())
    clear = _on_white(image)
    return Drawn(blurred(clear), clear, shown.width(), shown.height())


def _reader(buffer: QBuffer, file: PictureFile, host: str) -> QImageReader:
    """A reader of this one kind, whatever the bytes may pretend to be besides."""
    plugin = _PLUGINS.get(file.kind)
    if plugin is None:
        raise NotAllowedError("picture_not_one", host=host)
    QImageReader.setAllocationLimit(_MOST_MEGABYTES)
    reader = QImageReader(buffer, QByteArray(plugin))
    reader.setAutoDetectImageFormat(False)
    reader.setDecideFormatFromContent(False)
    reader.setAutoTransform(True)
    return reader


def _checked(size: QSize, file: PictureFile, host: str) -> QSize:
    """The size that the header tells, if it is one to be opened."""
    if not size.isValid() or size.isEmpty():
        raise NotAllowedError("picture_broken", host=host, kind=file.kind.upper())
    if size.width() * size.height() > MOST_PIXELS or max(size.width(), size.height()) > _LONGEST_EDGE:
        raise NotAllowedError("picture_too_many_pixels", host=host, width=size.width(), height=size.height())
    return size


def _on_white(image: QImage) -> QImage:
    """What is see-through stands on white, as in a browser."""
    if not image.hasAlphaChannel():
        return image.convertToFormat(QImage.Format.Format_RGB32)
    ground = QImage(image.size(), QImage.Format.Format_RGB32)
    ground.fill(Qt.GlobalColor.white)
    painter = QPainter(ground)
    painter.drawImage(0, 0, image)
    painter.end()
    return ground


def blurred(image: QImage) -> QImage:
    """What is left of a picture that was made of nine pixels along its longer edge: where it is light, where dark.

    Blown up in steps, each of them smooth, so that no squares are left either.
    """
    longest = max(image.width(), image.height())
    few = QSize(max(1, round(image.width() * _LEFT / longest)), max(1, round(image.height() * _LEFT / longest)))
    edge = min(_BLURRED_EDGE, longest)
    goal = QSize(max(1, image.width() * edge // longest), max(1, image.height() * edge // longest))
    now = _scaled(_scaled(image, few * 4), few)
    while now.width() * _STEP < goal.width() and now.height() * _STEP < goal.height():
        now = _scaled(now, now.size() * _STEP)
    return _scaled(now, goal)


def _scaled(image: QImage, size: QSize) -> QImage:
    return image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)

"""The waveform as a picture: numpy fills the pixels, because 1,900 QPainter lines cost a frame.

Pixels are the screen's own, so that the shape is crisp at 150 % too.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from stremo_studio.media.peaks import BASE, Peaks
from stremo_studio.media.sound import Pcm

_SPARSE = 0.5  # samples per pixel under which the curve itself is drawn
_LARGEST = 8.0
_DOTS = 8.0  # pixels per sample from which each sample gets a dot

Rows = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class WaveColors:
    """Colours of the clip, of what surrounds it and of what lies outside the recording."""

    clip: QColor
    clip_surface: QColor
    context: QColor
    surface: QColor
    outside: QColor


@dataclass(frozen=True, slots=True)
class WaveSpan:
    """What is to be seen: the view and the clip, in frames; `scale` turns a sample into -1..1."""

    start: float
    end: float
    clip_start: float
    clip_end: float
    scale: float


def wave_scale(peaks: Peaks, span: tuple[float, float] | None = None) -> float:
    """Factor that lets the recording fill the height, or these frames of it: a quiet speaker beside
    a loud one must be seen too, up to 8 times larger. A single bang does not flatten the rest."""
    whole = _extent(peaks.heard())
    if span is None:
        return 0.95 / whole
    first, last = (max(0, int(frame)) // BASE for frame in span)
    return 0.95 / max(whole / _LARGEST, _extent(peaks.levels[0][first : last + 1]))


def _extent(rows: Pcm) -> float:
    """How far these lowest and highest samples reach."""
    if not len(rows):
        return 32768.0
    extremes = np.maximum(-rows[:, 0].astype(np.int32), rows[:, 1])
    rank = int(0.998 * (len(extremes) - 1))  # numpy's percentile imports numpy.ma: 40 ms, once
    return float(max(500.0, np.partition(extremes, rank)[rank], extremes.max() / 3))


def draw_wave(image: QImage, height: int, peaks: Peaks, span: WaveSpan, colors: WaveColors) -> None:
    """Fill the upper `height` rows of an RGB32 image, in its own pixels: nothing is copied."""
    width = image.width()
    frames_per_pixel = (span.end - span.start) / width
    middles = span.start + (np.arange(width) + 0.5) * frames_per_pixel
    inside = (middles >= 0) & (middles < len(peaks.samples)) & peaks.has(middles)
    in_clip = (middles >= span.clip_start) & (middles < span.clip_end)
    ground = np.where(in_clip, colors.clip_surface.rgba(), colors.surface.rgba())
    pixels = np.frombuffer(image.bits(), np.uint32).reshape(image.height(), -1)[:height, :width]
    pixels[:] = np.where(inside, ground, colors.outside.rgba()).astype(np.uint32)
    if frames_per_pixel < _SPARSE:
        _draw_curve(image, height, peaks.samples, span, colors)
        return
    top, tall = _edges(*peaks.query(span.start, span.end, width), span.scale, height)
    tall[~inside] = 0
    ink = np.where(in_clip, colors.clip.rgba(), colors.context.rgba()).astype(np.uint32)
    rows = np.arange(height, dtype=np.uint16)[:, None]
    # one unsigned comparison for "from top and above bottom": rows above wrap round to huge values
    np.copyto(pixels, ink, where=rows - top < tall)


def _edges(mins: Pcm, maxs: Pcm, scale: float, height: int) -> tuple[Rows, Rows]:
    """First row of each column and how many there are; neighbours always touch."""
    low, high = mins.astype(np.float32), maxs.astype(np.float32)
    low[1:] = np.minimum(low[1:], maxs[:-1])
    high[1:] = np.maximum(high[1:], mins[:-1])
    half = height / 2
    top = np.minimum(np.rint(half - np.clip(high * scale, -1, 1) * half), height - 1)
    bottom = np.rint(half - np.clip(low * scale, -1, 1) * half)
    return top.astype(np.uint16), np.maximum(bottom - top, 1).astype(np.uint16)


def _draw_curve(
    image: QImage, height: int, samples: Pcm, span: WaveSpan, colors: WaveColors
) -> None:
    first = max(0, int(span.start) - 1)
    last = min(len(samples), int(span.end) + 2)
    if last <= first:
        return
    pixels = image.width() / (span.end - span.start)
    half = height / 2
    across = (np.arange(first, last) + 0.5 - span.start) * pixels
    down = half - np.clip(samples[first:last] * span.scale, -1, 1) * half
    points = [QPointF(x, y) for x, y in zip(across.tolist(), down.tolist(), strict=True)]
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for color, left, right in _parts(span, pixels, image.width(), colors):
        painter.setClipRect(int(left), 0, int(right) - int(left), height)
        painter.setPen(QPen(color, 1.5))
        painter.drawPolyline(QPolygonF(points))
        if pixels >= _DOTS:
            painter.setPen(QPen(color, 5))
            painter.drawPoints(QPolygonF(points))
    painter.end()


def _parts(
    span: WaveSpan, pixels: float, width: int, colors: WaveColors
) -> list[tuple[QColor, float, float]]:
    left = float(np.clip((span.clip_start - span.start) * pixels, 0, width))
    right = float(np.clip((span.clip_end - span.start) * pixels, 0, width))
    return [
        (colors.context, 0.0, left),
        (colors.clip, left, right),
        (colors.context, right, float(width)),
    ]

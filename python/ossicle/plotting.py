"""Pictures of features, with matplotlib: the extra `ossicle[plot]`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core
from ._engine import Path
from ._errors import ShapeError, SpecError
from ._extras import load
from ._files import WholeFile, writing
from ._picture import (
    band_edges,
    color_range,
    frequency_ticks,
    hz_to_mel,
    is_cepstrum,
    mel_to_hz,
    reduced,
    time_edges_s,
)
from ._spec import FrontendSpec, SpecLike, spec_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

_SIZE_INCHES = (12.0, 5.0)
_TICK_GAP_PIXELS = 24.0
# A colour bar beside them takes the rest. With no more columns than pixels, none falls between two.
_DRAWN_WIDTH = 0.75


def plot(
    features: Any,
    spec: SpecLike | _core.Frontend,
    *,
    ax: Axes | None = None,
    title: str | None = None,
    path: Path | None = None,
    overwrite: bool = False,
) -> Axes:
    """Draws features as a spectrogram: seconds to the right (a frame around the middle of its
    samples), frequency upwards on the spec's mel scale, or the coefficient's number of a cepstrum,
    and a colour bar in spec.unit.

    features   as Frontend() gives them: (bands, frames) or (frames, bands), as spec.layout says
    spec       what made them: a preset's name, a FrontendSpec, a mapping of its fields, or a Frontend
    ax         where to draw; left out: a new figure, of pyplot's if there is no `path`
    path       also writes the figure: .png, .svg, .pdf, whole or not at all
    overwrite  replaces a file that is there

    The colours span the values but for the most extreme 0.1 %, where these would wash out the rest;
    the colour bar is pointed where values lie beyond it. Where frames outnumber pixels, a column
    shows the largest of its frames. Raises ShapeError for features that `spec` does not make,
    SpecError for a waveform or an unknown ending, OutputError, ImportError without matplotlib.
    """
    spec = spec_of(spec)
    frames = _frames(features, spec)
    with _figure(ax, path, overwrite) as axes:
        grid = reduced(frames, _columns(axes), diverging=False)
        first_band = 1 if is_cepstrum(spec) and grid.shape[1] > 1 else 0
        limits = color_range(grid[:, first_band:])
        _draw(axes, grid, len(frames), spec, limits, "inferno")
        _titles(axes, title, spec.name)
    return axes


def plot_difference(
    mine: Any,
    theirs: Any,
    spec: SpecLike | _core.Frontend,
    *,
    ax: Axes | None = None,
    title: str | None = None,
    path: Path | None = None,
    overwrite: bool = False,
) -> Axes:
    """Draws mine minus theirs, frame by frame as far as both go: white where they agree, red where
    mine is larger, blue where it is smaller. Above it stand the mean and the largest of the absolute
    difference. `spec` is that of both; the rest is as for plot().
    """
    spec = spec_of(spec)
    one, other = _frames(mine, spec), _frames(theirs, spec)
    common = min(len(one), len(other))
    difference = one[:common].astype(np.float64) - other[:common]
    with _figure(ax, path, overwrite) as axes:
        grid = reduced(difference, _columns(axes), diverging=True)
        reach = max(map(abs, color_range(grid))) if np.any(grid) else 1.0
        _draw(axes, grid, common, spec, (-reach, reach), "RdBu_r")
        size = np.abs(difference)
        _titles(axes, title, f"mean {size.mean():.3g}, max {size.max():.3g}")
    return axes


def _frames(features: Any, spec: FrontendSpec) -> NDArray[Any]:
    """As (frames, bands)."""
    if spec.spectrum == "waveform":
        raise SpecError(
            f"{spec.name} gives the waveform itself, but a plot shows bands over time; "
            "pass a front end with a spectrum"
        )
    array = np.asarray(features)
    order = "(bands, frames)" if spec.layout == "bands-first" else "(frames, bands)"
    if array.ndim != 2:
        raise ShapeError(f"the features have the shape {array.shape}; give one signal's, {order}")
    frames = array.T if spec.layout == "bands-first" else array
    if frames.shape[1] != spec.bands:
        raise ShapeError(
            f'the features have {frames.shape[1]} bands, but the front end "{spec.name}" gives '
            f"{spec.bands}, {order}; pass the spec that made them"
        )
    if not len(frames):
        raise ShapeError("there is no frame to draw: the signal is empty or shorter than one frame")
    return frames


@contextlib.contextmanager
def _figure(ax: Axes | None, path: Path | None, overwrite: bool) -> Iterator[Axes]:
    """Axes to draw in, of which `path` becomes a picture."""
    if path is None:
        yield ax or _new_axes(load("matplotlib.pyplot", "plot").figure)
        return
    ax = ax or _new_axes(load("matplotlib.figure", "plot").Figure)
    figure: Any = ax.figure.figure  # of a subfigure, the whole
    ending = os.path.splitext(os.fsdecode(path))[1][1:].lower()
    known = figure.canvas.get_supported_filetypes()
    if ending not in known:
        raise SpecError(
            f'cannot tell the picture\'s format from "{os.fsdecode(path)}"; '
            f"end its name in one of .{', .'.join(sorted(known))}"
        )
    file = WholeFile(path, overwrite)
    try:
        yield ax
        with writing(path):
            figure.savefig(file.temporary, format=ending)
        file.commit()
    finally:
        file.discard()


def _new_axes(make_figure: Any) -> Axes:
    axes: Axes = make_figure(figsize=_SIZE_INCHES, layout="constrained").add_subplot()
    return axes


def _columns(ax: Axes) -> int:
    return max(1, int(_DRAWN_WIDTH * ax.get_window_extent().width))


def _draw(
    ax: Axes,
    grid: NDArray[Any],
    frames: int,
    spec: FrontendSpec,
    limits: tuple[float, float],
    colors: str,
) -> None:
    low, high = limits
    mesh = ax.pcolormesh(
        time_edges_s(spec, frames, len(grid)),
        band_edges(spec),
        np.nan_to_num(grid.T, nan=low, posinf=high, neginf=low),
        cmap=colors,
        vmin=low,
        vmax=high,
        rasterized=True,
    )
    ax.set_xlabel("Time (s)")
    _band_axis(ax, spec)
    below, above = bool(np.any(grid < low)), bool(np.any(grid > high))
    extend = {(0, 0): "neither", (1, 0): "min", (0, 1): "max", (1, 1): "both"}[below, above]
    label = spec.unit if colors == "inferno" else f"difference ({spec.unit})"
    ax.figure.colorbar(mesh, ax=ax, label=label, extend=extend, pad=0.02)


def _band_axis(ax: Axes, spec: FrontendSpec) -> None:
    ticker = load("matplotlib.ticker", "plot")
    if is_cepstrum(spec):
        ax.set_ylabel("Coefficient number")
        ax.yaxis.set_major_locator(ticker.MaxNLocator(integer=True))
        return
    ax.set_ylabel("Frequency (Hz, mel scale)")
    ax.set_yscale(
        "function",
        functions=(
            lambda hz: hz_to_mel(spec.mel_scale, hz),
            lambda mel: mel_to_hz(spec.mel_scale, mel),
        ),
    )
    ax.set_ylim(spec.low_hz, spec.high_hz)
    ticks = frequency_ticks(spec, _TICK_GAP_PIXELS / ax.get_window_extent().height)
    if len(ticks) >= 4:
        ax.yaxis.set_major_locator(ticker.FixedLocator(ticks))
    else:
        ax.yaxis.set_major_locator(ticker.MaxNLocator(6))
    ax.yaxis.set_major_formatter(ticker.FuncFormatter(lambda hz, _: f"{hz:g}"))
    ax.yaxis.set_minor_locator(ticker.NullLocator())


def _titles(ax: Axes, title: str | None, remark: str) -> None:
    ax.set_title(title or "", loc="left", fontweight="bold", fontsize="large")
    ax.set_title(remark, loc="right", fontsize="medium")

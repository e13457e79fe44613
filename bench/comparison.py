"""How far a competitor's output lies from ours, or from the exact one."""

import numpy as np

SPECTRUM_TOLERANCE = 1e-5  # of the largest value; float32 gives about 1e-7


def frames_first(values, bands):
    return values if values.shape[-1] == bands else values.T


def difference(theirs, ours):
    """Over the frames that both have: there may be one more at the end."""
    if abs(len(theirs) - len(ours)) > 1:
        raise ValueError(f"{len(theirs)} frames, where Ossicle gives {len(ours)}")
    frames = min(len(theirs), len(ours))
    return {"max": float(np.abs(theirs[:frames].astype(np.float64) - ours[:frames]).max()),
            "frames": frames}


def samples_difference(theirs, ours):
    if theirs.shape != ours.shape:
        raise ValueError(f"{len(theirs)} samples, where Ossicle gives {len(ours)}")
    return {"max": float(np.abs(theirs.astype(np.float64) - ours).max()), "frames": len(ours)}


def judged(found, tolerance, of):
    return {**found, "tolerance": tolerance, "agrees": found["max"] <= tolerance, "of": of}


def exact_spectra(samples, fft, frames):
    """In float64, as rows of interleaved real and imaginary parts."""
    length = fft["window_samples"]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    cut = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float64), length)
    windowed = cut[::fft["hop_samples"]][:frames] * window.astype(np.float32)
    return np.fft.rfft(windowed, n=fft["size"]).view(np.float64)


def spectrum_difference(spectra, samples, fft):
    exact = exact_spectra(samples, fft, len(spectra))
    largest = float(np.abs(spectra - exact).max() / np.abs(exact).max())
    return judged({"max": largest, "frames": len(spectra)}, SPECTRUM_TOLERANCE, "exact")

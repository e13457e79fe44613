"""The spec of some options, and the original's errors for options that it refuses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ossicle.compat import _kaldi
from ossicle.compat._kaldi import Fields
from ossicle.compat._served import check_bands, check_frames, check_rate, unserved

from ._options import FbankOptions, FrameExtractionOptions, MelBanksOptions, MfccOptions

_CALL = "kaldi_native_fbank"
_WINDOWS = {**_kaldi.WINDOWS, "hann": ("hann", True)}
_OTHER_WINDOWS = ("sine", "blackman")


def _samples(options: FrameExtractionOptions, milliseconds: float) -> int:
    return int(np.float32(options.samp_freq) * np.float32(0.001) * np.float32(milliseconds))


def _window(options: FrameExtractionOptions) -> tuple[str, bool]:
    name = options.window_type
    if name in _OTHER_WINDOWS:
        raise unserved(_CALL, "window_type", name, ", ".join(_WINDOWS))
    if name not in _WINDOWS:
        raise ValueError(f"invalid window type: {name}")
    return _WINDOWS[name]


def _frames(options: FrameExtractionOptions) -> Fields:
    sample_rate_hz = check_rate(_CALL, "samp_freq", options.samp_freq)
    window_samples = _samples(options, options.frame_length_ms)
    hop_samples = _samples(options, options.frame_shift_ms)
    if window_samples < 1 or hop_samples < 1:
        raise ValueError(f"a frame has {window_samples} samples and a shift of {hop_samples}; both "
                         "must be at least 1: frame_length_ms and frame_shift_ms are too small")
    if not 0 <= options.preemph_coeff <= 1:
        raise ValueError(f"preemph_coeff={options.preemph_coeff:g} must be in [0, 1]")
    fft_size = _kaldi.fft_size(window_samples, options.round_to_power_of_two)
    if fft_size % 2 != 0:
        raise ValueError(f"a frame of {fft_size} samples: their number must be even, or "
                         "round_to_power_of_two True")
    check_frames(_CALL, ("frame_length_ms, in samples", fft_size),
                 ("frame_shift_ms, in samples", hop_samples),
                 ("frame_length_ms, in samples", window_samples))
    return _kaldi.frames(
        sample_rate_hz=sample_rate_hz,
        window_samples=window_samples,
        hop_samples=hop_samples,
        fft_size=fft_size,
        window=_window(options),
        snip_edges=options.snip_edges,
        dither=options.dither,
        preemphasis=options.preemph_coeff,
        remove_dc=options.remove_dc_offset,
    )


def _edges_hz(options: MelBanksOptions, nyquist: float) -> tuple[float, float]:
    low, high = options.low_freq, options.high_freq
    if high <= 0:
        high += nyquist
    if low < 0 or not 0 < high <= nyquist or high <= low:
        raise ValueError(f"Bad values in options: low-freq {low:g} and high-freq {high:g} "
                         f"vs. nyquist {nyquist:g}")
    return low, high


def _scale(hz: NDArray[np.float64], slaney: bool) -> NDArray[np.float64]:
    if not slaney:
        return np.asarray(1127.0 * np.log1p(hz / 700.0))
    octaves = 27.0 * np.log(np.maximum(hz, 1000.0) / 1000.0) / np.log(6.4)
    return np.asarray(np.minimum(hz, 1000.0) * 0.015 + octaves)


def _check_no_band_is_empty(fields: Fields) -> None:
    """The original refuses a band that no bin of the FFT lies in."""
    slaney = fields["mel_scale"] == "slaney"
    low, high = _scale(np.array([fields["low_hz"], fields["high_hz"]]), slaney)
    edges = low + (high - low) * np.arange(fields["mel_bands"] + 2) / (fields["mel_bands"] + 1)
    bins_hz = np.arange(fields["fft_size"] // 2) * (fields["sample_rate_hz"] / fields["fft_size"])
    bins = _scale(bins_hz, slaney)
    first = np.searchsorted(bins, edges[:-2], side="right")
    if np.any(first >= np.searchsorted(bins, edges[2:], side="left")):
        raise ValueError(f"num_bins={fields['mel_bands']}: You may have set num_mel_bins too "
                         "large.")


def _mel(fields: Fields, options: MelBanksOptions) -> Fields:
    """`fields`, which say the frames, and the bands."""
    for name in ("debug_mel", "htk_mode"):
        if getattr(options, name):
            raise unserved(_CALL, name, True, "False")
    if options.num_bins < 3:
        raise ValueError(f"num_bins={options.num_bins}: Must have at least 3 mel bins")
    nyquist_hz = fields["sample_rate_hz"] / 2
    low_hz, high_hz = _edges_hz(options, nyquist_hz)
    check_bands(_CALL, ("num_bins", options.num_bins), ("low_freq", low_hz), ("high_freq", high_hz),
                nyquist_hz)
    fields = {**fields, **_kaldi.log_mel(options.num_bins, low_hz, high_hz)}
    if options.is_librosa:
        fields.update(_librosa_mel(options))
    _check_no_band_is_empty(fields)
    return fields


def _librosa_mel(options: MelBanksOptions) -> Fields:
    if options.floor_to_int_bin:
        raise unserved(_CALL, "floor_to_int_bin", True, "False")
    if options.norm not in ("", "slaney"):
        raise ValueError(f"Unsupported norm: {options.norm}")
    return {
        "mel_scale": "slaney" if options.use_slaney_mel_scale else "kaldi",
        "mel_interpolation": "hz",
        "mel_norm": options.norm or "none",
    }


def _check_energy(options: FbankOptions | MfccOptions) -> None:
    if options.use_energy and not options.raw_energy:
        raise unserved(_CALL, "raw_energy", False, "True, where use_energy is")


def fbank(options: FbankOptions) -> list[Fields]:
    """Of the bands; with use_energy, also of the energy."""
    _check_energy(options)
    fields = _mel(_frames(options.frame_opts), options.mel_opts)
    fields["spectrum"] = "power" if options.use_power else "magnitude"
    if options.use_log_fbank:
        if not 1e-37 <= options.eps <= 1:
            raise unserved(_CALL, "eps", options.eps, "1e-37 to 1")
        fields["log_floor_rule"] = "clamp" if options.use_log_floor else "add"
        fields["log_floor"] = options.eps
    else:
        fields["log"] = "none"
    return [fields, _kaldi.log_energy(fields)] if options.use_energy else [fields]


def mfcc(options: MfccOptions) -> list[Fields]:
    """Of the cepstra; with use_energy, the first of them is the energy."""
    _check_energy(options)
    fields = _mel(_frames(options.frame_opts), options.mel_opts)
    if options.num_ceps > options.mel_opts.num_bins:
        raise ValueError("num-ceps cannot be larger than num-mel-bins. You provided num-ceps: "
                         f"{options.num_ceps}  and num-mel-bins: {options.mel_opts.num_bins}")
    if options.cepstral_lifter < 0:
        raise unserved(_CALL, "cepstral_lifter", options.cepstral_lifter, "0 and more")
    return [{**fields, **_kaldi.cepstra(options.num_ceps, options.cepstral_lifter,
                                        options.use_energy)}]


def whisper(bands: int) -> list[Fields]:
    """Of Whisper's energies, without its logarithm."""
    frames = FrameExtractionOptions(dither=0, preemph_coeff=0, remove_dc_offset=False,
                                    window_type="hann", round_to_power_of_two=False,
                                    snip_edges=False)
    mel = MelBanksOptions(num_bins=bands, low_freq=0, is_librosa=True)
    return [{**_mel(_frames(frames), mel), "log": "none"}]

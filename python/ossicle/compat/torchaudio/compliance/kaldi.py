"""torchaudio.compliance.kaldi 2.11.0: fbank and mfcc.

Served of the arguments that both share (waveform is (channels, samples), float32 or float64):

    blackman_coeff           any: it is that of a window that is not served
    window_type              "hamming", "hanning", "povey", "rectangular"; not "blackman"
    dither                   the same noise at each call, one value per sample, where torchaudio
                             draws one per sample and frame from PyTorch's generator
    raw_energy               True; False only without use_energy
    vtln_warp                1.0; vtln_low and vtln_high are then not used, as in torchaudio
    sample_frequency         whole numbers; high_freq at most half of it
    frame_length             windows whose FFT is a product of powers of 2, 3 and 5
    cepstral_lifter          >= 0
    all others               as in torchaudio

What torchaudio refuses by an assertion is an AssertionError here, too. float64 samples are computed
in double but enter as float32. torchaudio computes its mel bank in float32 for both types: that is
most of the difference.
"""

import functools
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

import ossicle
from ossicle.compat import _kaldi, _served, _tensors


def fbank(
    waveform: Any,
    blackman_coeff: float = 0.42,
    channel: int = -1,
    dither: float = 0.0,
    energy_floor: float = 1.0,
    frame_length: float = 25.0,
    frame_shift: float = 10.0,
    high_freq: float = 0.0,
    htk_compat: bool = False,
    low_freq: float = 20.0,
    min_duration: float = 0.0,
    num_mel_bins: int = 23,
    preemphasis_coefficient: float = 0.97,
    raw_energy: bool = True,
    remove_dc_offset: bool = True,
    round_to_power_of_two: bool = True,
    sample_frequency: float = 16000.0,
    snip_edges: bool = True,
    subtract_mean: bool = False,
    use_energy: bool = False,
    use_log_fbank: bool = True,
    use_power: bool = True,
    vtln_high: float = -500.0,
    vtln_low: float = 100.0,
    vtln_warp: float = 1.0,
    window_type: str = "povey",
) -> Any:
    """(frames, num_mel_bins + use_energy) of a waveform (channels, samples): mel energies, in
    natural logarithms with use_log_fbank. The energy comes first, with htk_compat last."""
    samples = _channel(waveform, channel, energy_floor)
    fields = _fields("fbank", len(samples), dither, frame_length, frame_shift, high_freq, low_freq,
                     num_mel_bins, preemphasis_coefficient, remove_dc_offset,
                     round_to_power_of_two, sample_frequency, snip_edges, vtln_warp, window_type)
    if len(samples) < min_duration * sample_frequency:
        return _tensors.like(waveform, np.empty(0, samples.dtype))
    fields |= {"spectrum": "power" if use_power else "magnitude",
               "log": "ln" if use_log_fbank else "none"}
    mean = (ossicle.SubtractMean(),) if subtract_mean else ()
    found = _run(samples, {**fields, "steps": mean})
    if use_energy:
        _check_energy("fbank", raw_energy)
        energy = _kaldi.at_least(_run(samples, _kaldi.log_energy(fields)), energy_floor)
        if subtract_mean:
            energy -= energy.mean(dtype=np.float64).astype(energy.dtype)
        found = np.hstack((found, energy) if htk_compat else (energy, found))
    return _tensors.like(waveform, found)


def mfcc(
    waveform: Any,
    blackman_coeff: float = 0.42,
    cepstral_lifter: float = 22.0,
    channel: int = -1,
    dither: float = 0.0,
    energy_floor: float = 1.0,
    frame_length: float = 25.0,
    frame_shift: float = 10.0,
    high_freq: float = 0.0,
    htk_compat: bool = False,
    low_freq: float = 20.0,
    num_ceps: int = 13,
    min_duration: float = 0.0,
    num_mel_bins: int = 23,
    preemphasis_coefficient: float = 0.97,
    raw_energy: bool = True,
    remove_dc_offset: bool = True,
    round_to_power_of_two: bool = True,
    sample_frequency: float = 16000.0,
    snip_edges: bool = True,
    subtract_mean: bool = False,
    use_energy: bool = False,
    vtln_high: float = -500.0,
    vtln_low: float = 100.0,
    vtln_warp: float = 1.0,
    window_type: str = "povey",
) -> Any:
    """(frames, num_ceps) of a waveform (channels, samples). Coefficient 0, or with use_energy the
    energy in its place, comes first, with htk_compat last."""
    assert num_ceps <= num_mel_bins, f"num_ceps={num_ceps}, but at most num_mel_bins={num_mel_bins}"
    samples = _channel(waveform, channel, energy_floor)
    fields = _fields("mfcc", len(samples), dither, frame_length, frame_shift, high_freq, low_freq,
                     num_mel_bins, preemphasis_coefficient, remove_dc_offset,
                     round_to_power_of_two, sample_frequency, snip_edges, vtln_warp, window_type)
    if cepstral_lifter < 0:
        raise _served.unserved("mfcc", "cepstral_lifter", cepstral_lifter, "0 and more")
    if len(samples) < min_duration * sample_frequency:
        raise RuntimeError(f"waveform has {len(samples)} samples, but min_duration={min_duration} "
                           f"needs {min_duration * sample_frequency}")
    fields |= _kaldi.cepstra(num_ceps, float(cepstral_lifter), log_energy=use_energy)
    if use_energy:
        _check_energy("mfcc", raw_energy)
    elif subtract_mean:
        fields["steps"] += (ossicle.SubtractMean(),)
    found = _run(samples, fields)
    if use_energy:
        found[:, 0] = _kaldi.at_least(found[:, 0], energy_floor)
        if subtract_mean:
            found -= found.mean(axis=0, dtype=np.float64).astype(found.dtype)
    if htk_compat:
        found = np.roll(found, -1, axis=1)
        if not use_energy:
            found[:, -1] *= math.sqrt(2)
    return _tensors.like(waveform, found)


def _channel(waveform: Any, channel: int, energy_floor: float) -> NDArray[Any]:
    """The samples of one channel."""
    samples = _tensors.samples_of("compliance.kaldi", waveform)
    if samples.ndim < 2:
        raise IndexError(f"waveform has {samples.ndim} dimensions, but it must be (channels, "
                         "samples)")
    channel = max(channel, 0)
    assert channel < samples.shape[0], f"channel={channel}, but there are {samples.shape[0]}"
    assert samples.ndim == 2, f"waveform has {samples.ndim} dimensions, but it must have 2"
    if energy_floor != 0:
        math.log(energy_floor)  # torchaudio raises ValueError here, whether it uses it or not
    return np.asarray(samples[channel])


@functools.lru_cache(maxsize=64)
def _cached_fields(call: str, dither: float, window: int, shift: int, padded: int, low_hz: float,
                   high_hz: float, bins: int, preemphasis: float, remove_dc: bool, rate: float,
                   snip_edges: bool, window_type: str) -> dict[str, Any]:
    rate_hz = _served.check_rate(call, "sample_frequency", rate)
    _served.check_frames(call, ("frame_length", padded), ("frame_shift", shift),
                         ("frame_length", window))
    _served.check_bands(call, ("num_mel_bins", bins), ("low_freq", low_hz), ("high_freq", high_hz),
                        rate / 2)
    name = _served.check_choice(call, "window_type", window_type,
                                {name: name for name in _kaldi.WINDOWS})
    frames = _kaldi.frames(
        sample_rate_hz=rate_hz, window_samples=window, hop_samples=shift, fft_size=padded,
        window=_kaldi.WINDOWS[name], snip_edges=bool(snip_edges), dither=float(dither),
        preemphasis=float(preemphasis), remove_dc=bool(remove_dc))
    return {**frames, **_kaldi.log_mel(bins, float(low_hz), float(high_hz))}


def _fields(call: str, samples: int, dither: float, frame_length: float, frame_shift: float,
            high_freq: float, low_freq: float, num_mel_bins: int, preemphasis: float,
            remove_dc: bool, round_to_power_of_two: bool, rate: float, snip_edges: bool,
            vtln_warp: float, window_type: str) -> dict[str, Any]:
    """The fields of the spec but for its spectrum and steps."""
    shift = int(rate * frame_shift * 0.001)
    window = int(rate * frame_length * 0.001)
    padded = _kaldi.fft_size(window, round_to_power_of_two) if window else 0
    assert 2 <= window <= samples, (
        f"frame_length={frame_length} is {window} samples, but it must be 2 to {samples}, as many "
        "as there are")
    assert shift > 0, f"frame_shift={frame_shift} is less than a sample"
    assert padded % 2 == 0, (
        f"frame_length={frame_length} is {padded} samples, but their number must be even: use "
        "round_to_power_of_two")
    assert 0 <= preemphasis <= 1, f"preemphasis_coefficient={preemphasis}, but it must be 0..1"
    assert num_mel_bins > 3, f"num_mel_bins={num_mel_bins}, but it must be at least 4"
    nyquist = rate / 2
    high_hz = high_freq + nyquist if high_freq <= 0 else high_freq
    assert 0 <= low_freq < nyquist and 0 < high_hz <= nyquist and low_freq < high_hz, (
        f"low_freq={low_freq} and high_freq={high_hz}, but 0 <= low_freq < high_freq <= {nyquist} "
        "must hold")
    if vtln_warp != 1.0:
        raise _served.unserved(call, "vtln_warp", vtln_warp, "1.0")
    return dict(_cached_fields(call, dither, window, shift, padded, low_freq, high_hz, num_mel_bins,
                               preemphasis, remove_dc, rate, snip_edges, window_type))


def _run(samples: NDArray[Any], fields: dict[str, Any]) -> NDArray[Any]:
    frontend = _served.frontend_of(_tensors.precision_of(samples), **fields)
    found: NDArray[Any] = frontend(samples)
    return found


def _check_energy(call: str, raw_energy: bool) -> None:
    if not raw_energy:
        raise _served.unserved(call, "raw_energy", raw_energy, "True where use_energy is set")

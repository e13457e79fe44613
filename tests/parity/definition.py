"""What a spec says, in NumPy and float64: the yardstick between Ossicle and the libraries.

It is driven by the JSON that `ossicle frontends NAME` prints and shares nothing with src/ or with
the oracle of the C++ tests. The meaning of each field is that of include/ossicle/spec.h.
"""

from typing import NamedTuple, Optional

import numpy as np

ENERGY_FLOOR = 2.0 ** -23
PER_LN = {"ln": 1.0, "log10": 1 / np.log(10), "db-power": 10 / np.log(10),
          "db-magnitude": 20 / np.log(10)}


class Result(NamedTuple):
    features: np.ndarray          # (frames, values)
    energies: Optional[np.ndarray]  # (frames, bands), what the logarithm takes the logarithm of
    slopes: Optional[np.ndarray]  # d feature / d ln energy; None where that has no meaning


def run(spec, samples):
    signal = scaled(spec, samples)
    frames = cut(spec, emphasised(spec, signal), len(samples))
    if spec["spectrum"] == "waveform":
        return steps(spec, frames, None, None)
    log_energy = np.log(np.maximum((frames ** 2).sum(axis=1), ENERGY_FLOOR))
    energies = spectrum(spec, frames) @ mel_bank(spec).T
    if spec["log"] == "none":
        return steps(spec, energies, energies, None)
    if spec["log_floor_rule"] == "add":
        energies = energies + spec["log_floor"]
    per_ln = PER_LN[spec["log"]]
    values = per_ln * np.log(np.maximum(energies, spec["log_floor"]))
    return steps(spec, values, energies, np.full(values.shape, per_ln), log_energy)


def scaled(spec, samples):
    signal = samples.astype(np.float64) * spec["input_scale"]
    if spec["input_rounding"] == "int16":
        signal = np.clip(np.rint(signal), -32768, 32767)
    return np.concatenate([signal, np.zeros(spec["append_zeros_samples"])])


def emphasised(spec, signal):
    if spec["preemphasis"] != "signal":
        return signal
    return signal - spec["preemphasis_coefficient"] * np.concatenate([[0.0], signal[:-1]])


def covered(spec):
    return spec["window_samples"] if spec["window_position"] == "left" else spec["fft_size"]


def frame_count(spec, samples):
    if samples == 0:
        return 0
    count, hop = samples + spec["append_zeros_samples"], spec["hop_samples"]
    if spec["framing"] == "kaldi-no-snip":
        frames = (count + hop // 2) // hop
    else:
        padding = {"no-padding": 0, "center": 2 * (spec["fft_size"] // 2),
                   "explicit": spec["pad_left_samples"] + spec["pad_right_samples"]}
        frames = 1 + (count + padding[spec["framing"]] - covered(spec)) // hop
    return max(frames - spec["drop_last_frame"], 0)


def mirrored(index, count, edge):
    """Where a sample comes from; -1: nowhere, it is 0."""
    if edge == "zeros":
        return np.where((index >= 0) & (index < count), index, -1)
    if count == 1:
        return np.zeros_like(index)
    period = 2 * count if edge == "reflect-repeat" else 2 * (count - 1)
    place = index % period
    return np.where(place < count, place, period - place - (edge == "reflect-repeat"))


def cut(spec, signal, samples):
    """The frames' samples under the window: (frames, window_samples), without their mean if so."""
    window, fft, hop = spec["window_samples"], spec["fft_size"], spec["hop_samples"]
    inside = 0 if spec["window_position"] == "left" else (fft - window) // 2
    first = {"no-padding": inside, "center": inside - fft // 2,
             "explicit": inside - spec["pad_left_samples"],
             "kaldi-no-snip": hop // 2 - window // 2}[spec["framing"]]
    starts = first + hop * np.arange(frame_count(spec, samples))
    places = mirrored(starts[:, None] + np.arange(window), len(signal), spec["edge"])
    frames = np.append(signal, 0.0)[places]
    return frames - frames.mean(axis=1, keepdims=True) if spec["remove_dc"] else frames


def window_of(spec):
    count = spec["window_samples"]
    turns = np.arange(count) / max(count if spec["window_periodic"] else count - 1, 1)
    cosine = np.cos(2 * np.pi * turns)
    values = {"rectangular": np.ones(count), "hann": 0.5 - 0.5 * cosine,
              "hamming": 0.54 - 0.46 * cosine,
              "povey": np.maximum(0.5 - 0.5 * cosine, 0.0) ** 0.85}[spec["window"]]
    values[spec.get("window_kept_samples", 0) or count:] = 0.0
    return values


def spectrum(spec, frames):
    window, fft = spec["window_samples"], spec["fft_size"]
    if spec["preemphasis"] == "frame":
        before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
        frames = frames - spec["preemphasis_coefficient"] * before
    left = 0 if spec["window_position"] == "left" else (fft - window) // 2
    padded = np.zeros((len(frames), fft))
    padded[:, left:left + window] = frames * window_of(spec)
    bins = np.fft.rfft(padded)
    power = bins.real ** 2 + bins.imag ** 2 + spec["spectrum_epsilon"]
    return np.sqrt(power) if spec["spectrum"] == "magnitude" else power


def mel_of_hz(scale, hz):
    hz = np.asarray(hz, np.float64)
    if scale == "htk":
        return 2595.0 * np.log10(1.0 + hz / 700.0)
    if scale == "kaldi":
        return 1127.0 * np.log(1.0 + hz / 700.0)
    above = 15.0 + 27.0 * np.log(np.maximum(hz, 1e-300) / 1000.0) / np.log(6.4)
    return np.where(hz < 1000.0, 3.0 * hz / 200.0, above)


def hz_of_mel(scale, mel):
    if scale == "htk":
        return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    if scale == "kaldi":
        return 700.0 * (np.exp(mel / 1127.0) - 1.0)
    return np.where(mel < 15.0, 200.0 * mel / 3.0,
                    1000.0 * np.exp((mel - 15.0) * np.log(6.4) / 27.0))


def mel_bank(spec):
    """(bands, bins)"""
    scale, fft = spec["mel_scale"], spec["fft_size"]
    ends = mel_of_hz(scale, [spec["low_hz"], spec["high_hz"]])
    edges = np.linspace(ends[0], ends[1], spec["mel_bands"] + 2)
    bins = np.arange(fft // 2 + 1) * spec["sample_rate_hz"] / fft
    edges_hz = hz_of_mel(scale, edges)
    if spec["mel_interpolation"] == "hz":
        edges = edges_hz
    else:
        bins = mel_of_hz(scale, bins)
    left, center, right = (edges[i:i + spec["mel_bands"], None] for i in range(3))
    bank = np.maximum(0.0, np.minimum((bins - left) / (center - left),
                                      (right - bins) / (right - center)))
    if spec["mel_norm"] == "slaney":
        bank *= 2.0 / (edges_hz[2:] - edges_hz[:-2])[:, None]
    if not spec["mel_dc"]:
        bank[:, 0] = 0.0
    if not spec["mel_nyquist"] and fft % 2 == 0:
        bank[:, -1] = 0.0
    return bank.astype(np.float32).astype(np.float64) if spec["mel_float32"] else bank


def steps(spec, values, energies, slopes, log_energy=None):
    for step in spec["steps"]:
        values, slopes = STEPS[step["step"]](step, values, slopes, log_energy)
    return Result(values, energies, slopes)


def peak_floor(step, values, slopes, _):
    return np.maximum(values, values.max(initial=-np.inf) - step["range"]), slopes


def affine(step, values, slopes, _):
    return (step["scale"] * values + step["offset"],
            None if slopes is None else step["scale"] * slopes)


def clip(step, values, slopes, _):
    return np.clip(values, step["low"], step["high"]), slopes


def subtract_mean(_, values, slopes, __):
    return (values - values.mean(axis=0) if len(values) else values), slopes


def standardize(step, values, slopes, _):
    divisor = len(values) - step["ddof"]
    if divisor <= 0:
        return np.zeros_like(values), None
    centred = values - values.mean(axis=0)
    variance = (centred ** 2).sum(axis=0) / divisor
    if step.get("epsilon_in_variance", False):
        deviation = np.sqrt(variance + step["epsilon"])
    else:
        deviation = np.sqrt(variance) + step["epsilon"]
    constant = (values == values[0]).all(axis=0)
    found = np.where(constant, 0.0, centred / np.where(constant, 1.0, deviation))
    return found, None if slopes is None else slopes / deviation


def cepstrum(step, values, _, log_energy):
    bands, order = values.shape[1], np.arange(step["coefficients"])
    dct = np.cos(np.pi * order[:, None] * (np.arange(bands) + 0.5) / bands) * np.sqrt(2.0 / bands)
    dct[0] = np.sqrt(1.0 / bands)
    lifter = step["lifter"]
    lift = 1.0 + lifter / 2.0 * np.sin(np.pi * order / lifter) if lifter else np.ones(len(order))
    cepstra = lift * (values @ dct.T)
    if step["log_energy"]:
        cepstra[:, 0] = log_energy
    return cepstra, None


STEPS = {"peak_floor": peak_floor, "affine": affine, "clip": clip, "subtract_mean": subtract_mean,
         "standardize": standardize, "cepstrum": cepstrum}

"""The calls whose results goldens/torchaudio.npz has, by torchaudio itself.

    python tests/compat/torchaudio_cases.py -o tests/compat/goldens

makes it anew where torchaudio 2.11.0 is installed; scripts/parity_goldens.sh compat does both.
"""

import argparse
import inspect
import json
import pathlib
import sys
from typing import Any, NamedTuple

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "parity"))
import signals

GOLDEN = "torchaudio.npz"
CALLS = ("fbank", "mfcc", "MelSpectrogram", "MFCC", "AmplitudeToDB")
WINDOW_FUNCTIONS = ("hann_window", "hamming_window", "ones")  # torch's; here for window_fn

KALDI = [
    {}, {"channel": 0}, {"channel": -3}, {"num_mel_bins": 80}, {"energy_floor": 0.0},
    {"frame_length": 20.0, "frame_shift": 12.5}, {"frame_length": 32.05}, {"high_freq": -400.0},
    {"high_freq": 7000.0}, {"low_freq": 100.0}, {"low_freq": 0.0}, {"min_duration": 0.1},
    {"preemphasis_coefficient": 0.0}, {"preemphasis_coefficient": 0.5},
    {"remove_dc_offset": False}, {"round_to_power_of_two": False}, {"sample_frequency": 8000.0},
    {"snip_edges": False}, {"snip_edges": False, "frame_shift": 30.0}, {"subtract_mean": True},
    {"use_energy": True}, {"use_energy": True, "htk_compat": True}, {"htk_compat": True},
    {"use_energy": True, "energy_floor": 1e9}, {"use_energy": True, "energy_floor": 0.0},
    {"use_energy": True, "subtract_mean": True, "htk_compat": True, "energy_floor": 1e7},
    {"subtract_mean": True, "htk_compat": True}, {"raw_energy": False},
    {"blackman_coeff": 0.3}, {"vtln_high": -300.0, "vtln_low": 60.0},
    *[{"window_type": name} for name in ("hamming", "hanning", "rectangular")],
]
FBANK = [{"use_power": False}, {"use_log_fbank": False}, {"min_duration": 1.0},
         {"use_log_fbank": False, "use_energy": True, "subtract_mean": True},
         {"use_power": False, "use_log_fbank": False}]
KALDI_MFCC = [{"num_ceps": 1}, {"num_ceps": 23}, {"cepstral_lifter": 0.0},
              {"cepstral_lifter": 10.0}, {"num_mel_bins": 40, "num_ceps": 40}]
MEL = [
    {}, {"sample_rate": 22050}, {"sample_rate": 11025}, {"n_fft": 512},
    {"n_fft": 512, "win_length": 400}, {"n_fft": 600, "win_length": 301}, {"hop_length": 160},
    {"f_min": 50.0, "f_max": 7600.0}, {"pad": 100}, {"n_mels": 40}, {"power": 1.0},
    *[{"window_fn": name} for name in WINDOW_FUNCTIONS],
    {"window_fn": "hann_window", "wkwargs": {"periodic": False}},
    {"normalized": True}, {"normalized": "window"},
    {"normalized": "frame_length", "n_fft": 512, "win_length": 400},
    {"normalized": True, "window_fn": "hamming_window"}, {"center": False}, {"onesided": True},
    {"pad_mode": "constant"}, {"center": False, "pad_mode": "circular"}, {"norm": "slaney"},
    {"mel_scale": "slaney"}, {"norm": "slaney", "mel_scale": "slaney", "hop_length": 160},
]
MFCC = [{}, {"n_mfcc": 13}, {"norm": None}, {"log_mels": True}, {"sample_rate": 8000},
        {"n_mfcc": 20, "melkwargs": {"n_fft": 512, "hop_length": 160, "n_mels": 64}},
        {"n_mfcc": 13, "log_mels": True, "norm": None, "melkwargs": {"n_mels": 23}}]
DECIBELS = [{}, {"top_db": 80.0}, {"top_db": 30}, {"top_db": 0}, {"stype": "magnitude"},
            {"stype": "magnitude", "top_db": 40.0}]
REFUSED = {
    "fbank": [{"channel": 1}, {"frame_length": 0.05}, {"frame_length": 1000.0},
              {"frame_shift": 0.01}, {"preemphasis_coefficient": 1.5}, {"num_mel_bins": 3},
              {"low_freq": 9000.0}, {"high_freq": 8001.0}, {"energy_floor": -1.0},
              {"frame_length": 25.1, "round_to_power_of_two": False}],
    "mfcc": [{"num_ceps": 24}, {"min_duration": 1.0}],
    "MelSpectrogram": [{"f_min": 9000.0}, {"norm": "area"}, {"mel_scale": "bark"},
                       {"normalized": "length"}, {"n_fft": 9000}],
    "MFCC": [{"dct_type": 3}, {"n_mfcc": 129}, {"norm": "slaney"}],
    "AmplitudeToDB": [{"top_db": -1.0}],
}


class Case(NamedTuple):
    call: str
    arguments: dict[str, Any]
    signal: str = "speech"

    def __str__(self):
        return f"{self.call} {json.dumps(self.arguments)} {self.signal}"

    def samples(self):
        """Kaldi's on the scale of 16 bits."""
        scale = 32768 if self.call in ("fbank", "mfcc") else 1
        return inputs()[self.signal] * np.float32(scale)

    def result(self, module, tensor, windows):
        """Of torchaudio or of what stands for it; `windows` has the functions by name."""
        arguments = self.arguments
        if "window_fn" in arguments:
            arguments = {**arguments, "window_fn": windows[arguments["window_fn"]]}
        if self.call in ("fbank", "mfcc"):
            return getattr(module.compliance.kaldi, self.call)(tensor, **arguments)
        return getattr(module.transforms, self.call)(**arguments)(tensor)


def inputs():
    """{name: samples}: (channels, samples) for all calls, more axes for the transforms, powers of
    (bands, frames) for decibels."""
    speech = signals.short_speech(16000)["speech"][:3001]
    made = {name: samples[:3000][np.newaxis] for name, samples in signals.made(16000).items()}
    stereo = np.stack([speech, speech[::-1] * np.float32(1e-3)])
    power = np.abs(np.random.default_rng(3).standard_normal((2, 2, 3, 7))).astype(np.float32) ** 40
    return {"speech": speech[np.newaxis], **made, "one-axis": speech, "stereo": stereo,
            "batch": np.stack([stereo, stereo[:, ::-1] * np.float32(0.01)]), "power": power,
            **{f"length-{n}": signals.noise(n)[np.newaxis] for n in (200, 201, 399, 400, 401, 561)}}


def cases():
    """Those that torchaudio answers."""
    table = {"fbank": KALDI + FBANK, "mfcc": KALDI + KALDI_MFCC, "MelSpectrogram": MEL,
             "MFCC": MFCC}
    listed = [Case(call, arguments) for call in table for arguments in table[call]]
    listed += [Case(call, {}, signal) for call in table for signal, samples in inputs().items()
               if samples.ndim == 2 and signal != "speech"
               and samples.shape[1] >= (400 if call in ("fbank", "mfcc") else 201)]
    listed += [Case(call, {"channel": 1}, "stereo") for call in ("fbank", "mfcc")]
    listed += [Case(call, {}, signal) for call in ("MelSpectrogram", "MFCC")
               for signal in ("one-axis", "batch")]
    listed += [Case("AmplitudeToDB", arguments, "power") for arguments in DECIBELS]
    return listed + random_cases()


def random_cases():
    rng = np.random.default_rng(8)

    def draw(*choices):
        return choices[rng.integers(len(choices))]

    def flag():
        return bool(rng.integers(2))

    drawn = []
    for _ in range(25):
        shared = {
            "energy_floor": draw(0.0, 1.0, 1e8), "frame_length": draw(16.0, 25.0),
            "frame_shift": draw(5.0, 10.0), "high_freq": draw(0.0, -200.0, 6000.0),
            "htk_compat": flag(), "low_freq": draw(20.0, 60.5), "num_mel_bins": draw(23, 30),
            "preemphasis_coefficient": draw(0.0, 0.9, 0.97), "remove_dc_offset": flag(),
            "round_to_power_of_two": flag(), "sample_frequency": draw(16000.0, 20000.0),
            "snip_edges": flag(), "subtract_mean": flag(), "use_energy": flag(),
            "window_type": draw("hamming", "hanning", "povey", "rectangular")}
        drawn.append(Case("fbank", {**shared, "use_log_fbank": flag(), "use_power": flag()}))
        drawn.append(Case("mfcc", {**shared, "num_ceps": int(rng.integers(1, 23)),
                                   "cepstral_lifter": draw(0.0, 22.0)}))
        mel = {"n_fft": draw(400, 512), "win_length": draw(None, 320), "hop_length": draw(200, 350),
               "f_min": draw(0.0, 60.0), "f_max": draw(None, 3500.0), "pad": draw(0, 50),
               "n_mels": draw(20, 33), "power": draw(1.0, 2.0), "normalized": flag(),
               "center": flag(), "pad_mode": draw("reflect", "constant"),
               "norm": draw(None, "slaney"), "mel_scale": draw("htk", "slaney")}
        rate = draw(8000, 16000)
        drawn.append(Case("MelSpectrogram", {"sample_rate": rate, **mel}))
        drawn.append(Case("MFCC", {"sample_rate": rate, "n_mfcc": int(rng.integers(1, 21)),
                                   "norm": draw(None, "ortho"), "log_mels": flag(),
                                   "melkwargs": mel}))
    return drawn


def refused():
    """Those that torchaudio raises an error for."""
    listed = [Case(call, arguments) for call, table in REFUSED.items() for arguments in table]
    return listed + [Case("fbank", {}, "one-axis"), Case("fbank", {}, "batch"),
                     Case("fbank", {}, "length-399"), Case("MelSpectrogram", {}, "length-200"),
                     Case("MelSpectrogram", {"center": False}, "length-399")]


def signature(kind):
    """[(name, default)] without the window's function, which is torch's own."""
    return [(each.name, None if each.name == "window_fn" or each.default is each.empty
             else each.default) for each in inspect.signature(kind).parameters.values()]


def calls(module):
    """{name: function or class} of torchaudio or of what stands for it."""
    return {name: getattr(module.compliance.kaldi if name.islower() else module.transforms, name)
            for name in CALLS}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", required=True)
    folder = pathlib.Path(parser.parse_args().output)
    import torch
    import torchaudio
    torch.set_num_threads(1)
    windows = {name: getattr(torch, name) for name in WINDOW_FUNCTIONS}
    arrays, raised = {}, {}
    for case in cases():
        tensor = torch.from_numpy(case.samples())
        arrays[str(case)] = case.result(torchaudio, tensor, windows).contiguous().numpy()
    for case in refused():
        try:
            case.result(torchaudio, torch.from_numpy(case.samples()), windows)
            raise SystemExit(f"{case} is not refused")
        except (Exception, AssertionError) as error:
            raised[str(case)] = type(error).__name__
    about = {"version": torchaudio.__version__.split("+")[0], "raised": raised,
             "signatures": {name: signature(call) for name, call in calls(torchaudio).items()},
             "digests": {name: signals.digest(samples) for name, samples in inputs().items()}}
    np.savez_compressed(folder / GOLDEN, **arrays, about=np.array(json.dumps(about)))
    print(f"{(folder / GOLDEN).stat().st_size / 1024:7.0f} KiB  {GOLDEN}")


if __name__ == "__main__":
    main()

"""ossicle.compat.kaldi_native_fbank beside kaldi-native-fbank: at once, and 10 ms at a time."""

import sys

sys.path.pop(0)  # this folder, in which the files have the names of the originals
import functools
import importlib.metadata
import pathlib

import kaldi_native_fbank as original
import numpy as np
import ossicle.compat.kaldi_native_fbank as ours

sys.path.append(str(pathlib.Path(__file__).parent))
import runner


def frames(module, kind, options, pieces):
    made = getattr(module, f"{kind}Options").from_dict(options)
    computer = getattr(module, f"Online{kind}")(made)
    for piece in pieces:
        computer.accept_waveform(16000, piece)
    computer.input_finished()
    return np.stack([computer.get_frame(i) for i in range(computer.num_frames_ready)])


def cases():
    speech = runner.speech()
    quiet = {"frame_opts": {"dither": 0.0, "snip_edges": False}}
    fbank, mfcc = {**quiet, "mel_opts": {"num_bins": 80}}, {**quiet, "mel_opts": {"num_bins": 23}}
    whole, list_of_it, pieces = [speech], [speech.tolist()], np.split(speech, len(speech) // 160)
    for name, kind, options, audio in (
            ("OnlineFbank, 80 bins, an array", "Fbank", fbank, whole),
            ("OnlineFbank, 80 bins, a list", "Fbank", fbank, list_of_it),
            ("OnlineFbank, 80 bins, 10 ms at a time", "Fbank", fbank, pieces),
            ("OnlineMfcc, an array", "Mfcc", mfcc, whole)):
        yield runner.Case(name, *(functools.partial(frames, module, kind, options, audio)
                                  for module in (ours, original)), 1e-2)
    yield runner.Case("OnlineWhisperFbank, an array",
                      functools.partial(whisper, ours, speech),
                      functools.partial(whisper, original, speech), 1e-2)


def whisper(module, speech):
    computer = module.OnlineWhisperFbank(module.WhisperFeatureOptions())
    computer.accept_waveform(16000, speech)
    computer.input_finished()
    return np.stack([computer.get_frame(i) for i in range(computer.num_frames_ready)])


if __name__ == "__main__":
    version = importlib.metadata.version("kaldi_native_fbank")
    runner.main(f"kaldi-native-fbank {version}", list(cases()))

"""What mel_spec, in Rust, makes of two front ends that it names: a peer. The program is that of the
benchmark."""

import json
import os
import pathlib
import subprocess
import tempfile

import numpy as np
from golden import Golden

PROGRAM = os.environ["OSSICLE_MEL_SPEC"]
VERSION = "0.5.0"


def features_of(task, frames_first):
    def features(samples):
        with tempfile.TemporaryDirectory() as folder:
            audio, output = pathlib.Path(folder) / "audio.f32", pathlib.Path(folder) / "out.npy"
            audio.write_bytes(samples.astype("<f4").tobytes())
            result = subprocess.run([PROGRAM, task, "--audio", audio], input=f"output {output}\n",
                                    capture_output=True, text=True, check=False)
            if result.returncode != 0:
                raise RuntimeError((result.stderr.strip().splitlines() or ["it stopped"])[-1])
            assert json.loads(result.stdout.splitlines()[0])["version"] == VERSION
            found = np.load(output)
        return found if frames_first else found.T
    return features


def peer(preset, call, task, frames_first):
    return Golden(preset, "mel_spec", VERSION, call, features_of(task, frames_first), fft_size=512,
                  role="peer")


GOLDENS = [peer("nemo-128@2.5", "BatchLogMelSpectrogram, its parakeet settings", "nemo_128", False),
           peer("kaldi-fbank-80", "Fbank(x * 32768), apply_cmn: false", "kaldi_fbank_80", True)]

"""Who says what a preset's features are: the libraries that run here, and those that ran when
`make parity-goldens` did. Peers claim a preset's features too, and are shown beside its judges."""

import functools
import importlib.metadata
import json
import pathlib
from functools import partial
from typing import Callable, Dict, NamedTuple, Union

import command
import numpy as np
import references
import signals

GOLDENS = pathlib.Path(__file__).with_name("goldens")
LIBRARY_RATES_HZ = (8000, 16000, 22050, 44100, 48000)


class Judge(NamedTuple):
    preset: str
    library: str  # the name of the package
    call: str
    features: Callable  # of a signal's name and samples: (frames, values), or it raises
    version: str
    role: str = "judge"
    variant: str = ""  # the sample rate, where it is not the preset's own
    golden: bool = False
    digests: str = "{}"  # JSON: of the signals that a golden was made from, by name

    def __str__(self):
        variant = f"+{self.variant}" if self.variant else ""
        return f"{self.preset}{variant} by {self.library} {self.call}"

    def spec(self):
        return spec_of(self.preset, self.variant)

    def signals(self) -> Dict[str, np.ndarray]:
        """What this judge was or is asked about, by name."""
        spec = self.spec()
        rate_hz = spec["sample_rate_hz"]
        speech = signals.short_speech(rate_hz) if self.golden else signals.speech(rate_hz)
        made = {} if self.variant and self.golden else signals.made(rate_hz)
        return {**speech, **made,
                **signals.of_lengths(spec["window_samples"], spec["fft_size"])}

    def answers(self) -> Dict[str, Union[np.ndarray, str]]:
        """Its features of each of its signals, or what it raised."""
        for name, digest in json.loads(self.digests).items():
            assert signals.digest(self.signals()[name]) == digest, \
                f"{self}: the golden was made from another \"{name}\" than this machine makes"
        return {name: self.answer(name, samples) for name, samples in self.signals().items()}

    def answer(self, name, samples):
        try:
            return np.asarray(self.features(name, samples))
        except Exception as error:  # whatever a library raises is its answer
            return f"{type(error).__name__}: {error}".splitlines()[0][:120]


@functools.lru_cache(maxsize=None)
def spec_of(preset, variant=""):
    found = command.spec(preset)
    return at_rate(found, int(variant)) if variant else found


def at_rate(spec, rate_hz):
    """The spec with what its library changes when it is given another rate."""
    spec = {**spec, "sample_rate_hz": rate_hz}
    if spec["preemphasis"] == "frame":  # Kaldi counts in milliseconds
        spec["window_samples"], spec["hop_samples"] = rate_hz * 25 // 1000, rate_hz // 100
        spec["fft_size"] = 1 << (spec["window_samples"] - 1).bit_length()
    return {**spec, "high_hz": rate_hz / 2}


def live(preset, library, call, function, **options):
    return Judge(preset, library, call, lambda _, samples: function(samples),
                 importlib.metadata.version(library), **options)


def golden(path):
    arrays = np.load(path)
    about = json.loads(str(arrays["about"]))

    def features(name, _):
        if name in about["raised"]:
            raise ValueError(about["raised"][name])
        return arrays[name]
    return Judge(about["preset"], about["library"], about["call"], features, about["version"],
                 about["role"], about["variant"], golden=True,
                 digests=json.dumps(about["digests"]))


def kaldi_judges():
    knf = partial(live, library="kaldi-native-fbank")
    for bands in (23, 40, 80):
        yield knf(f"kaldi-fbank-{bands}", call=f"OnlineFbank, {bands} bins, x * 32768",
                  function=partial(references.kaldi_fbank, bands))
    for rate_hz in LIBRARY_RATES_HZ:
        if rate_hz != 16000:
            yield knf("kaldi-fbank-80", call=f"OnlineFbank, samp_freq={rate_hz}",
                      function=partial(references.kaldi_fbank, 80, rate_hz=rate_hz),
                      variant=str(rate_hz))
    yield knf("kaldi-mfcc-13", call="OnlineMfcc, x * 32768",
              function=partial(references.kaldi_mfcc, True))
    yield knf("kaldi-mfcc-13@torchaudio", call="OnlineMfcc, use_energy=False, x * 32768",
              function=partial(references.kaldi_mfcc, False))
    yield knf("icefall-fbank-80", call="OnlineFbank, 80 bins, high_freq=-400, snip_edges=False",
              function=references.icefall_fbank)
    yield knf("wespeaker", call="OnlineFbank, 80 bins, hamming, x * 32768; minus the mean",
              function=references.wespeaker)
    yield knf("whisper-80", call="OnlineWhisperFbank", function=references.kaldi_whisper,
              role="peer")
    yield knf("nemo-80-streaming@2.5", call="OnlineNemoFbank", function=references.kaldi_nemo,
              role="peer")


def librosa_judges():
    librosa = partial(live, library="librosa")
    yield librosa("wav2lip@librosa-0.9", call="stft, filters.mel, as in Wav2Lip's audio.py",
                  function=references.wav2lip)
    yield librosa("wav2lip@librosa-0.7", call="the same with pad_mode=\"reflect\"",
                  function=partial(references.wav2lip, pad_mode="reflect"), role="peer")
    yield librosa("wav2lip@librosa-0.7", call="the same, as it is today",
                  function=references.wav2lip, role="peer")
    yield librosa("librosa-mel@0.9", call="feature.melspectrogram(y, sr)",
                  function=references.librosa_mel)
    for rate_hz in LIBRARY_RATES_HZ:
        if rate_hz != 22050:
            yield librosa("librosa-mel@0.9", call=f"feature.melspectrogram(y, sr={rate_hz})",
                          function=partial(references.librosa_mel, rate_hz=rate_hz),
                          variant=str(rate_hz))
    yield librosa("librosa-mel-db@0.9", call="power_to_db(feature.melspectrogram(y, sr))",
                  function=references.librosa_mel_db)
    yield librosa("librosa-mfcc@0.9", call="feature.mfcc(y, sr)",
                  function=references.librosa_mfcc)


def transformers_judges():
    transformers = partial(live, library="transformers")
    for bands in (80, 128):
        yield transformers(f"whisper-{bands}", call="WhisperFeatureExtractor, NumPy, not padded",
                           function=partial(references.whisper, bands))
    yield transformers("ast", call="ASTFeatureExtractor, NumPy, valid frames",
                       function=references.ast)
    yield transformers("seamless-m4t", call="SeamlessM4TFeatureExtractor(stride=1)",
                       function=references.seamless_m4t)
    yield transformers("wav2vec2", call="Wav2Vec2FeatureExtractor()", function=references.wav2vec2)


def graph_judges():
    runtime = partial(live, library="onnxruntime")
    yield runtime("openwakeword", call="openWakeWord's melspectrogram.onnx",
                  function=references.openwakeword)
    yield runtime("openwakeword-embedding", call="the same / 10 + 2",
                  function=references.openwakeword_model_input)


def onnx_asr_peers():
    """It needs Python 3.10."""
    try:
        peer = partial(live, library="onnx-asr", role="peer")
        for bands in (80, 128):
            yield peer(f"nemo-{bands}@2.5", call=f"NemoPreprocessorNumpy(\"nemo{bands}\")",
                       function=partial(references.onnx_asr, "Nemo", f"nemo{bands}"))
        yield peer("whisper-80@transcribe", call="WhisperPreprocessorNumpy(\"whisper80\")",
                   function=partial(references.onnx_asr, "Whisper", "whisper80"))
        yield peer("icefall-fbank-80", call="KaldiPreprocessorNumpy(\"kaldi\")",
                   function=partial(references.onnx_asr, "Kaldi", "kaldi"))
        for graph in ("kaldi.onnx", "kaldi_conv.onnx"):
            yield peer("icefall-fbank-80", call=graph,
                       function=partial(references.onnx_asr_graph, graph))
        yield peer("wespeaker", call="KaldiPreprocessorNumpy(\"wespeaker\")(x); minus the mean",
                   function=lambda samples: centred(
                       references.onnx_asr("Kaldi", "wespeaker", samples)))
        yield peer("wespeaker",
                   call="KaldiPreprocessorNumpy(\"wespeaker\")(x * 32768); minus the mean",
                   function=lambda samples: centred(
                       references.onnx_asr("Kaldi", "wespeaker", samples, scale=32768)))
    except importlib.metadata.PackageNotFoundError:
        return


def centred(features):
    return features - features.mean(axis=0)


@functools.lru_cache(maxsize=None)
def everyone():
    found = [*librosa_judges(), *transformers_judges(), *kaldi_judges(), *graph_judges(),
             *onnx_asr_peers(), *map(golden, sorted(GOLDENS.glob("*.npz")))]
    return tuple(found)


def judges():
    return [each for each in everyone() if each.role == "judge"]


def peers():
    return [each for each in everyone() if each.role == "peer"]

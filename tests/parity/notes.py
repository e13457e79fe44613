"""What the page says in words of its own."""

HEAD = """\
# Accuracy

Each front end beside the library that it reproduces, on real speech; the figures are absolute
differences in the unit of the features.

- A *judge* is the library itself, called as the last column of its row says; every front end has
  one. Those with ¹ ran when `make parity-goldens` did, the others run in every `make test`. A
  *peer* claims the same features and decides nothing.
- *Frames*: on how many signals both give as many, of speech, a sweep, noise, clicks, silence and
  lengths around a window.
- *Energies*: the largest difference of a band before the logarithm, of the loudest band of its
  frame, computed back from the features. A float32 feature cannot be finer there than its last
  digit, up to 2e-6. The errors of Ossicle's float energies themselves are at most {energy_error}.
- *Own error*, also mean, 99.9 % and max: how far the judge, and Ossicle in double, are from the
  definition, computed once more in [NumPy and float64](../tests/parity/definition.py). Where
  Ossicle is *nearer*, what is left between the two is the judge's own rounding.
- The bars: in double, nearer than the judge. In float, from the definition: energies within
  {energy_bar}, and in natural logarithms {mean_bar} in mean and {p999_bar} in the 99.9th
  percentile; from a judge the same, or twice the judge's own error if that is more. What exceeds
  them has a note.

`make accuracy-doc` ([accuracy.py](../tests/parity/accuracy.py)) wrote this page on {machine}.
[Tests](../tests/parity/test_accuracy.py) fail where a row is missing, where a figure is more than
twice what stands here, and where a judge is nearer to the definition than Ossicle in double.
"""
QUIET_BANDS = """\
`{preset}`, speech of {library}: Ossicle's own error in float is {mean} in mean and {p999} in the
99.9th percentile, in natural logarithms (the judge's: {own_mean}, {own_p999}), where the bars are
{mean_bar} and {p999_bar}. No floor hides the quiet bands: all values above the bar belong to bands
with at most {loudest} of their frame's loudest.
"""
RATES = """
## Other sample rates

The same front ends at rates that their libraries take, the spec changed as the library changes.
"""
SHORT = """
## Short input

What judges do with noise of few samples, of the lengths that were tried. Where the library raises,
Ossicle gives an error that says so. Where one judge raises and another gives no frame, as Kaldi
itself does, Ossicle does what the source that `ossicle frontends` names does. Where a judge gives
NaN, the deviation of a single frame, Ossicle gives 0. No samples at all are an error of every front
end.
"""
RESAMPLERS = """
## Resamplers

`ossicle resample` beside the library that each resampler is named for, on {signals} signals: {ratios} ratios
of speech, a sweep, noise, an impulse and 1 to 129 samples. The figures are the worst differences, of
full scale 1.0.

- *Samples*: how many were compared. Those of ¹ were kept when `make parity-goldens` ran, from both
  ends and between.
- *Lengths*: on how many inputs, the signals and silence of up to 400,000 samples, there are as many
  samples as the library gives.
- *Double* and *Float*: what Ossicle computes in. The judge had samples of that type if it takes
  them, else 16-bit integers, or the one type that it does take.
- *Own error*: how far both are from [the definition](../tests/parity/resamplers.py) in NumPy and
  float64. A library in float32 rounds as it goes; what is left between it and Ossicle is that.

The bars, in [test_resamplers.py](../tests/parity/test_resamplers.py): no sample and no length differs in integers; 1e-14 in
double, 3e-14 for swr and 1e-13 for Kaldi, whose kernels round; 1e-6 from a judge in float32, 3e-7 in
float from the definition.
"""
COST = """
## What another resampler costs

Features of the same audio, resampled to 16 kHz by `soxr-hq` and by another: the largest and the mean
difference, in the unit of the features. A unit is 40 dB of `whisper-80`, 12.5 dB of `wav2lip`. The
first row is what rounding costs: `soxr-hq` itself, all in double instead of float.

The audio is the five recordings of speech that the front ends were judged on, 25 s. They hold
nothing above 8 kHz. For the high rates each has a second copy over it, half as loud and three times as
fast, so that it reaches 24 kHz; 0.7 % of the energy is above 8 kHz. Run
[resampler_cost.py](../tests/parity/resampler_cost.py)'s `audio()` to hear it.
"""

# How a peer differs, by preset, library and call.
PEERS = {
    ("whisper-80", "kaldi-native-fbank", "OnlineWhisperFbank"): "its frames are 5 ms late",
    ("whisper-80@transcribe", "onnx-asr", "WhisperPreprocessorNumpy(\"whisper80\")"):
        "zeros up to 30 s, so always 3,000 frames; those that both have are compared",
    ("icefall-fbank-80", "onnx-asr", "kaldi.onnx"):
        "subtracts the mean of, and emphasises, the whole signal, not each frame",
    ("icefall-fbank-80", "onnx-asr", "kaldi_conv.onnx"): "the same",
    ("nemo-128@2.5", "mel_spec", "BatchLogMelSpectrogram, its parakeet settings"):
        "the frame that NeMo masks counts in mean and deviation",
    ("wespeaker", "onnx-asr", "KaldiPreprocessorNumpy(\"wespeaker\")(x); minus the mean"):
        "as it ships: samples in -1..1, so that quiet bands meet the floor",
    ("wav2lip@librosa-0.7", "librosa", "the same, as it is today"):
        "its edges are zeros: that is `wav2lip`",
}

# What a judge of a resampler is, by resampler and library.
RESAMPLER_JUDGES = {
    ("kaldi", "torchaudio"): "Kaldi's formula is this one",
    ("kaldi@online", "torchaudio"): "Kaldi's formula is this one",
}

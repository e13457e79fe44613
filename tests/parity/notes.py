"""What the page says in words of its own."""

HEAD = """\
# Accuracy

Each front end beside the library that it reproduces, on real speech; the figures are absolute
differences in the unit of the features. Then each [resampler](#resamplers) beside its own, and
[what another one costs](#what-another-resampler-costs).

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

`ossicle resample` beside the library that each resampler is named for, on {signals} signals:
speech, a sweep, noise, an impulse and 1 to 129 samples, at {ratios} pairs of rates. The figures
are largest differences, of full scale 1.0.

- *Samples*: how many were compared. A judge with ¹ ran earlier, as above, and left some of them.
- *Lengths*: on how many inputs there are as many samples as the judge gives, of those signals,
  and as its rule says, of silence of up to 400,000 samples; [other
  tests](../tests/parity/test_resamplers.py) compare the rule with the library.
- *Double*, *Float*: what Ossicle computes in. The judge has the same type, or else the only one
  that it has.
- *Own error*: how far both are from the [definition](../tests/parity/resamplers.py), computed in
  NumPy and float64; `-` where the judge has no such type. One in float rounds at every step: most
  of what is left between it and Ossicle is that.

| Bar | Double | Float |
|---|---|---|
| from a judge | {double}; {double_others} | {judge} |
| from a judge in another type | {judge}; {hq} of `soxr-hq` | {judge} |
| from the definition | as from a judge | {float} |
| `swr-s16` | 0 | 0 |
| `swr-float-s16`: ties, rounded up or down | 1 bit in {ties} | 1 bit in {ties} |
"""
COST = """
## What another resampler costs

Features of the same speech, brought to 16 kHz by `soxr-hq` and by another: largest and mean
difference, in the unit of the features. One unit is 40 dB in `whisper-80` and 12.5 dB in
`wav2lip`. The first row is what rounding costs: `soxr-hq` and its features in double, beside
themselves in float.

The speech is the 25 s that the tests above have. It ends at 8 kHz; so at 44.1 and 48 kHz each
recording lies over a copy of itself, at half its amplitude and three times its speed, which
reaches 24 kHz ([resampler_cost.py](../tests/parity/resampler_cost.py)). Three frames at each end
are left out: they show how each resampler continues a signal that is cut. Every difference above
{far} is in bands above 6 kHz, where filters end; of speech at 8 kHz above 3 kHz, where they leave
its mirror image.
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

LIBRARIES = {"av": "PyAV"}  # whose name in registries is another

# What a judge of a resampler is, by resampler and library.
RESAMPLER_JUDGES = {
    ("kaldi", "torchaudio"): "Kaldi has the same formula",
    ("kaldi@online", "torchaudio"): "the same",
}

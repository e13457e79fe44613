"""Frontend(): the command's bits, whatever the samples come in."""

import array

import command
import numpy as np
import producers
import pytest
import signals
import soundfile
from bits import same_bits

import ossicle

PRESETS = ["ast", "kaldi-fbank-80", "kaldi-mfcc-13", "librosa-mel-db", "nemo-80", "wav2lip",
           "whisper-128", "yamnet"]


@pytest.mark.parametrize("precision", ["float", "double"])
@pytest.mark.parametrize("name", PRESETS)
def test_features_are_the_commands_bits(name, precision, speech, wav):
    found = ossicle.Frontend(name, precision=precision)(speech, sample_rate_hz=16000)
    same_bits(found, command.extract(name, wav, "--precision", precision))


def test_other_rates_are_resampled_as_the_command_does_with_a_file_of_16_bits(tmp_path):
    samples = signals.short_speech(44100)["speech"]
    soundfile.write(tmp_path / "44100.wav", samples, 44100, subtype="PCM_16")
    same_bits(ossicle.Frontend("whisper-80")(samples, sample_rate_hz=44100),
              command.extract("whisper-80", tmp_path / "44100.wav"))


def test_a_rate_may_be_a_number_of_numpy(fbank, speech):
    same_bits(fbank(speech, sample_rate_hz=np.int64(16000)), fbank(speech))


def spaced(samples):
    everywhere = np.full(3 * len(samples), np.nan, np.float32)
    everywhere[1::3] = samples
    return everywhere[1::3]


def big_and_read_only(samples):
    copy = samples.copy()
    copy.flags.writeable = False
    return copy


def misaligned(samples):
    return np.frombuffer(b"\0" + samples.tobytes(), samples.dtype, offset=1)


CARRIERS = {
    "int16": lambda x: (x * 32768).astype(np.int16),
    "float64": lambda x: x.astype(np.float64),
    "read-only": big_and_read_only,
    "writable": np.copy,
    "spaced": spaced,
    "spaced float64": lambda x: spaced(x.astype(np.float64)),
    "reversed": lambda x: x[::-1].copy()[::-1],
    "misaligned": misaligned,
    "misaligned int16": lambda x: misaligned((x * 32768).astype(np.int16)),
    "misaligned float64": lambda x: misaligned(x.astype(np.float64)),
    "memoryview": lambda x: memoryview(x.copy()),
    "memoryview of read-only": lambda x: memoryview(big_and_read_only(x)),
    "memoryview of bytes": lambda x: memoryview(x.tobytes()).cast("f"),
    "array.array": lambda x: array.array("f", x),
    "array.array of double": lambda x: array.array("d", x),
    "array.array of short": lambda x: array.array("h", (x * 32768).astype(np.int16)),
    "DLPack": lambda x: producers.Producer(x.copy()),
    "DLPack, read-only": lambda x: producers.Producer(big_and_read_only(x)),
    "DLPack, spaced": lambda x: producers.Producer(spaced(x)),
    "DLPack, old": lambda x: producers.OldProducer(x.copy()),
    "capsule": lambda x: x.copy().__dlpack__(),
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_samples_give_the_same_bits_in(carrier, fbank, speech):
    same_bits(fbank(CARRIERS[carrier](speech)), fbank(speech))


def test_a_tensor_of_torch_gives_the_same_bits(fbank, speech):
    torch = pytest.importorskip("torch", reason="no torch; DLPack is tested without it")
    same_bits(fbank(torch.from_numpy(speech.copy())), fbank(speech))


def test_features_travel_on_by_dlpack(fbank, speech):
    features = fbank(speech)
    taken = np.from_dlpack(producers.Producer(features))
    assert taken.ctypes.data == features.ctypes.data
    same_bits(taken, features)


def test_a_broadcast_number_is_that_signal(fbank):
    same_bits(fbank(np.broadcast_to(np.float32(0.5), 1600)), fbank(np.full(1600, 0.5, np.float32)))


def stacked(frontend, *signals):
    return np.stack([frontend(signal) for signal in signals])


@pytest.mark.parametrize("name", ["kaldi-fbank-80", "whisper-80"])
def test_the_other_axes_come_first(name, speech):
    frontend = ossicle.Frontend(name)
    left, right = speech[:16000], speech[16000:32000]
    wanted = stacked(frontend, left, right)
    channels = np.stack([left, right])
    same_bits(frontend(channels, axis=1), wanted)
    same_bits(frontend(channels, axis=-1), wanted)
    same_bits(frontend(channels.T, axis=0), wanted)
    same_bits(frontend(np.ascontiguousarray(channels.T), axis=0), wanted)
    same_bits(frontend(channels.astype(np.float64)[:, ::-1][:, ::-1], axis=1), wanted)


def test_many_axes_keep_their_order(fbank, speech):
    cube = speech[:2 * 3 * 1000].reshape(2, 3, 1000)
    wanted = np.stack([stacked(fbank, *row) for row in cube])
    same_bits(fbank(cube, axis=2), wanted)
    same_bits(fbank(np.moveaxis(cube, 2, 1), axis=1), wanted)
    same_bits(fbank(np.moveaxis(cube, 2, 0).copy(), axis=0), wanted)


def test_channels_are_resampled_each(speech):
    frontend = ossicle.Frontend("kaldi-fbank-40")
    channels = speech[:32000].reshape(2, -1)
    wanted = np.stack([frontend(each, sample_rate_hz=8000) for each in channels])
    same_bits(frontend(channels, axis=1, sample_rate_hz=8000), wanted)


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_list_gives_the_features_of_each_clip(kind, fbank, speech):
    clips = kind([speech[:8000], speech[:12345], (speech * 32768).astype(np.int16)])
    found = fbank(clips)
    assert isinstance(found, list)
    assert len(found) == 3
    for features, clip in zip(found, clips):
        same_bits(features, fbank(clip))


def test_no_samples_give_no_frames(fbank, speech):
    assert fbank(speech[:0]).shape == (0, 80)
    assert ossicle.Frontend("whisper-80@transcribe")(speech[:0]).shape == (80, 0)
    assert fbank(np.zeros((0, 16000), np.float32), axis=1).shape == (0, 98, 80)


@pytest.mark.parametrize("name", ["kaldi-fbank-80", "whisper-128", "wav2lip"])
def test_frames_tells_the_number_of_frames(name, speech):
    frontend = ossicle.Frontend(name)
    for length in (0, 399, 400, 401, 16000):
        if length == 0 or length >= frontend.spec.min_samples:
            counted = frontend(speech[:length]).size // frontend.bands
            assert frontend.frames(length) == counted


def test_workers_change_no_bit(speech):
    wanted = ossicle.Frontend("whisper-128")(np.tile(speech, 20))
    for workers in (0, 2, 3):
        same_bits(ossicle.Frontend("whisper-128", workers=workers)(np.tile(speech, 20)), wanted)


def test_a_preset_a_spec_and_a_mapping_are_the_same_front_end(fbank, speech):
    spec = ossicle.preset("kaldi-fbank-80")
    for form in (spec, spec.to_dict()):
        same_bits(ossicle.Frontend(form)(speech), fbank(speech))


def test_a_front_end_prints_as_what_makes_it_again(speech):
    frontend = ossicle.Frontend("kaldi-mfcc-13", precision="double", workers=2)
    again = eval(repr(frontend), vars(ossicle))
    assert (again.spec, again.precision, again.workers) == (frontend.spec, "double", 2)

"""What is copied: float32 never, other samples once, features never."""

import gc
import sys

import children
import numpy as np
import producers
import pytest

import ossicle

# Runs `work` with a limit on the private memory that this process may hold: what it holds now and
# some MiB. Files that are mapped do not count. A limit that is hit is a MemoryError.
LIMITED = """
import dataclasses, resource, sys
import numpy as np, ossicle
def held():
    status = open("/proc/self/status").read()
    return int(status.split("VmData:")[1].split()[0]) * 1024
def limited(mib, work):
    limit = held() + (mib << 20)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    try:
        print(work())
    except MemoryError:
        print("no memory")
path, dtype = sys.argv[1:3]
"""
SAMPLES = LIMITED + """
samples = np.memmap(path, dtype, mode="r")
few_frames = dataclasses.replace(ossicle.preset("kaldi-fbank-23"), hop_samples=16000)
frontend = ossicle.Frontend(few_frames)
frontend(samples[:16000])
"""
MAPPED_MIB = 64


@pytest.fixture(scope="module")
def silence(tmp_path_factory):
    """A file of zeros that takes no room."""
    path = tmp_path_factory.mktemp("silence") / "zeros"
    with open(path, "wb") as file:
        file.truncate(MAPPED_MIB << 20)
    return path


def outcome(script, silence, dtype="float32"):
    return children.python(script, silence, dtype).strip()


CALL = SAMPLES + "limited(24, lambda: frontend(samples).shape)"
CHANNELS = SAMPLES + "limited(24, lambda: frontend(samples.reshape(2, -1), axis=1).shape)"
PUSH = SAMPLES + """
stream = ossicle.Stream(frontend)
limited(24, lambda: stream.push(samples).shape)
"""


def test_float32_samples_are_not_copied(silence):
    assert outcome(CALL, silence) == "(1049, 23)"
    assert outcome(CHANNELS, silence) == "(2, 525, 23)"
    assert outcome(PUSH, silence) == "(1049, 23)"


def test_the_judge_of_copies_sees_a_copy(silence):
    assert outcome(CALL, silence, "float64") == "no memory"
    script = SAMPLES + "limited(24, lambda: frontend(samples[::-1]).shape)"
    assert outcome(script, silence) == "no memory"


def test_other_samples_are_copied_once(silence):
    # 64 MiB of float64 become 32, those of int16 become 128.
    assert outcome(CALL.replace("24", "40"), silence, "float64") == "(525, 23)"
    assert outcome(CALL.replace("24", "136"), silence, "int16") == "(2098, 23)"


FEATURES = LIMITED + """
many_frames = dataclasses.replace(ossicle.preset("kaldi-fbank-80"), hop_samples=16)
frontend = ossicle.Frontend(many_frames)
samples = np.zeros(16 * 131072 + 384, np.float32)
frontend(samples[:16000])
"""  # 131072 x 80 values: 40 MiB


def test_features_are_held_once(silence):
    script = FEATURES + "limited(48, lambda: frontend(samples).shape)"
    assert outcome(script, silence) == "(131072, 80)"
    script = FEATURES + "limited(32, lambda: frontend(samples).shape)"
    assert outcome(script, silence) == "no memory"


def test_features_are_an_ordinary_array(fbank, speech):
    features = fbank(speech)
    assert type(features) is np.ndarray
    assert features.flags.c_contiguous
    assert features.flags.writeable
    assert features.flags.aligned
    features += 1


def test_features_outlive_the_front_end_and_the_samples(speech):
    wanted = ossicle.Frontend("whisper-80")(speech).copy()
    frontend, samples = ossicle.Frontend("whisper-80"), speech.copy()
    features = frontend(samples)
    samples[:] = 0
    del frontend, samples
    gc.collect()
    assert np.array_equal(features, wanted)


@pytest.mark.parametrize("wrap", [np.copy, producers.Producer, lambda x: memoryview(x.copy())])
def test_samples_and_out_are_let_go(wrap, fbank, speech):
    good, bad, out = wrap(speech), wrap(np.full(1000, np.nan, np.float32)), fbank(speech)
    stream = ossicle.Stream(fbank)

    def use():
        fbank(good, out=out)
        fbank([good])
        stream.push(good)
        for call in (fbank, stream.push):
            with pytest.raises(ossicle.NotFiniteError):
                call(bad)
        with pytest.raises(ossicle.ShapeError):
            fbank(good, out=out[:5])

    use()
    gc.collect()
    held = [sys.getrefcount(each) for each in (good, bad, out)]
    for _ in range(10):
        use()
    gc.collect()
    assert [sys.getrefcount(each) for each in (good, bad, out)] == held


def test_features_are_let_go():
    script = LIMITED + """
frontend = ossicle.Frontend("kaldi-fbank-80")
samples = np.zeros(160000, np.float32)
limited(32, lambda: [frontend(samples) is None for _ in range(400)][0])
"""  # 122 MiB of features, one after the other
    assert children.python(script, "", "") == "False\n"


def test_two_calls_give_two_arrays(fbank, speech):
    first, second = fbank(speech), fbank(speech)
    assert not np.shares_memory(first, second)
    first[:] = 0
    assert np.array_equal(second, fbank(speech))

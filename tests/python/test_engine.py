"""Engine: the bits of the command's `encode`."""

import command
import numpy as np
import pytest
from bits import same_bits
from children import python
from demo import BOTH, FRONTEND, WINDOWS

import ossicle
from ossicle import ModelError, SpecError


@pytest.mark.parametrize("tail", [None, "drop", "align", "pad"])
@pytest.mark.parametrize("windows", ["76:8", "76:80/25", "76:8:5"])
def test_embeddings_are_the_commands_bits(windows, tail, model, wav):
    engine = ossicle.Engine(model, frontend=FRONTEND, windows=windows, tail=tail)
    wanted = command.encode(model, FRONTEND, windows, wav, *(("--tail", tail) if tail else ()))
    same_bits(engine(wav).values, wanted)
    assert engine.tail == (tail or "drop")


def test_a_file_and_its_samples_give_the_same_bits(engine, wav, speech):
    for samples in (speech, speech.astype(np.float64), (speech * 32768).astype(np.int16)):
        same_bits(engine(samples).values, engine(wav).values)
        same_bits(engine(samples).times, engine(wav).times)
    same_bits(engine(str(wav)).values, engine(speech).values)
    same_bits(engine(speech, sample_rate_hz=16000).values, engine(speech).values)


def test_raw_files_are_read_as_they_are_called(engine, speech, tmp_path):
    (tmp_path / "talk.s16").write_bytes((speech * 32768).astype("<i2").tobytes())
    same_bits(engine(tmp_path / "talk.s16", raw="s16le:16000:1").values, engine(speech).values)


def test_a_channel_is_taken(engine, speech, tmp_path):
    np.stack([speech, -speech], 1).tofile(tmp_path / "stereo.f32")
    same_bits(engine(tmp_path / "stereo.f32", raw="f32le:16000:2",
              channel=1).values, engine(-speech).values)


def test_other_rates_are_resampled(engine, speech):
    resampled = ossicle.resample(speech, 8000, 16000, resampler=engine.spec.resampler)
    same_bits(engine(speech, sample_rate_hz=8000).values, engine(resampled).values)


def test_the_resampler_may_be_chosen(model, speech):
    engine = ossicle.Engine(model, **BOTH, resampler="soxr-vhq", downmix="ffmpeg")
    assert (engine.spec.resampler, engine.spec.downmix) == ("soxr-vhq", "ffmpeg")


def test_times_are_those_of_the_windows(model, speech):
    hop_s = 0.01
    for windows, tail in (("76:8", "drop"), ("76:80/25:3", "pad"), ("76:50", "align")):
        engine = ossicle.Engine(model, frontend=FRONTEND, windows=windows, tail=tail)
        values, times = engine(speech)
        frames = ossicle.Frontend(FRONTEND).frames(len(speech))
        assert times.dtype == np.float64
        assert times.shape == (len(values), 2)
        first = 3 if windows.count(":") == 2 else 0
        assert times[0] == pytest.approx([first * hop_s, (first + 76) * hop_s])
        assert (np.diff(times[:, 0]) > 0).all()
        if tail != "drop":
            assert times[-1, 1] == pytest.approx(frames * hop_s)
        assert times[:, 1].max() <= frames * hop_s + 1e-9


def test_an_engine_tells_of_itself(engine, model):
    assert (engine.path, engine.windows, engine.tail) == (str(model), "76:8", "drop")
    assert engine.spec == ossicle.preset(FRONTEND)
    assert engine.embedding_size == 96
    assert engine.is_packed is False


def test_an_engine_prints_as_what_makes_it_again(model):
    engine = ossicle.Engine(model, frontend=ossicle.preset(FRONTEND), windows=WINDOWS, tail="pad",
                            options={"workers": 1, "max_batch": 4})
    again = eval(repr(engine), vars(ossicle))
    assert (again.path, again.spec) == (str(model), engine.spec)
    assert (again.windows, again.tail) == (WINDOWS, "pad")


MISTAKES = {
    "no windows": ({"frontend": FRONTEND}, SpecError, "windows"),
    "no front end": ({"windows": WINDOWS}, SpecError, "front end"),
    "windows that do not fit": ({"frontend": FRONTEND, "windows": "75:8"}, ModelError, "75"),
    "bands that do not fit": ({"frontend": "wav2lip", "windows": WINDOWS}, ModelError, "80"),
    "windows that are none": ({"frontend": FRONTEND, "windows": "76"}, SpecError, '"76"'),
    "windows of no length": ({"frontend": FRONTEND, "windows": "0:8"}, SpecError, "0"),
    "an unknown tail": ({**BOTH, "tail": "cut"}, SpecError, "cut.*drop.*align.*pad"),
    "an unknown front end": ({"frontend": "nothing", "windows": WINDOWS}, SpecError, '"nothing"'),
    "a front end of another type": ({"frontend": 5, "windows": WINDOWS}, TypeError, "is a int"),
    "an unknown resampler": ({**BOTH, "resampler": "nothing"}, SpecError, '"nothing"'),
    "an unknown downmix": ({**BOTH, "downmix": "sum"}, SpecError, 'downmix="sum", but it must be one of mean, ffmpeg'),
    "an unknown option": ({**BOTH, "options": {"worker": 2}}, SpecError, '"worker".*there are'),
    "workers out of range": ({**BOTH, "options": {"workers": 257}}, SpecError, "257.*1..256"),
    "workers that are text": ({**BOTH, "options": {"workers": "two"}}, TypeError, "is 'two'"),
    "a batch out of range": ({**BOTH, "options": {"max_batch": 0}}, SpecError, "batch.*1..1024"),
    "sessions out of range": ({**BOTH, "options": {"sessions": 17}}, SpecError, "sessions.*1..16"),
    "providers that are text": ({**BOTH, "options": {"providers": "cpu"}}, TypeError, "a list"),
    "an unknown provider": ({**BOTH, "options": {"providers": ["tpu"]}}, ModelError, "tpu"),
    "an unknown optimisation": ({**BOTH, "options": {"graph_optimization": "most"}}, SpecError,
                                '"most"'),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_named(case, model):
    arguments, kind, words = MISTAKES[case]
    with pytest.raises(kind, match=f"(?s){words}") as caught:
        ossicle.Engine(model, **arguments)
    assert type(caught.value) is kind


def test_audio_that_is_none_is_named(engine, tmp_path, model):
    with pytest.raises(ossicle.AudioError, match="nothing.wav.*no such file"):
        engine(tmp_path / "nothing.wav")
    with pytest.raises(ossicle.AudioError, match="embedding_model.onnx"):
        engine(model)
    with pytest.raises(TypeError, match="samples are a NoneType"):
        engine(None)


def test_too_little_sound_is_refused(engine, speech, wav):
    with pytest.raises(ossicle.ShapeError, match="window"):
        engine(speech[:8000])
    bad = speech.copy()
    bad[7] = np.inf
    with pytest.raises(ossicle.NotFiniteError, match="sample 7 "):
        engine(bad)


def test_what_goes_with_a_file_does_not_go_with_samples(engine, speech, wav):
    with pytest.raises(TypeError, match="sample_rate_hz goes with samples"):
        engine(wav, sample_rate_hz=16000)
    for more in ({"raw": "s16le:16000:1"}, {"channel": 0}):
        with pytest.raises(TypeError, match="go with a file"):
            engine(speech, **more)
    with pytest.raises(ossicle.SpecError, match="sample_rate_hz is 0; give 1..768000"):
        engine(speech, sample_rate_hz=0)


def test_the_engine_stops_at_a_signal(model):
    script = """
import resource, signal, sys, ossicle
resource.setrlimit(resource.RLIMIT_DATA, (4 << 30,) * 2)
engine = ossicle.Engine(sys.argv[1], frontend="openwakeword-embedding", windows="76:8")
signal.setitimer(signal.ITIMER_REAL, 0.2)
signal.signal(signal.SIGALRM, signal.default_int_handler)
try: engine("/dev/zero", raw="s16le:16000:1")
except KeyboardInterrupt: print("stopped")
"""
    assert python(script, model) == "stopped\n"


LONG_RUNS = {
    "the engine": "engine(samples)",
    "a stream": "stream.push(samples)",
    "the encoder": "encoder(np.zeros((20000, 76, 32), np.float32))",
}


@pytest.mark.parametrize("run", LONG_RUNS.values(), ids=LONG_RUNS)
def test_a_model_that_runs_on_memory_stops_at_a_signal(model, run):
    """Each would take a minute or more."""
    script = f"""
import signal, sys, numpy as np, ossicle
engine = ossicle.Engine(sys.argv[1], frontend="openwakeword-embedding", windows="76:1")
encoder = ossicle.Encoder(sys.argv[1])
stream = ossicle.EmbeddingStream(engine, statistics="running")
samples = np.zeros(16000 * 600, np.float32)
signal.setitimer(signal.ITIMER_REAL, 0.2)
signal.signal(signal.SIGALRM, signal.default_int_handler)
try: {run}
except KeyboardInterrupt: print("stopped")
stream.reset()
assert np.array_equal(engine(samples[:32000]).values[:1], stream.push(samples[:32000]).values[:1])
"""
    assert python(script, model) == "stopped\n"

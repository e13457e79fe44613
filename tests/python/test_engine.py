"""Engine, Encoder, EmbeddingStream, pack and inspect: the command's `encode`, in Python."""

import inspect
import os
import typing

import command
import numpy as np
import onnx
import pytest
from children import python

import ossicle

FRONTEND, WINDOWS = "openwakeword-embedding", "76:8"
BOTH = {"frontend": FRONTEND, "windows": WINDOWS}


@pytest.fixture(scope="module")
def engine(model):
    return ossicle.Engine(model, **BOTH)


@pytest.fixture(scope="module")
def packed(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("packed") / "packed.onnx"
    ossicle.pack(model, path, frontend=FRONTEND, windows=WINDOWS, tail="align")
    return path


def same_bits(found, wanted):
    assert (found.dtype, found.shape) == (wanted.dtype, wanted.shape)
    assert found.tobytes() == wanted.tobytes()


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
    same_bits(engine(tmp_path / "stereo.f32", raw="f32le:16000:2", channel=1).values, engine(-speech).values)


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
    assert (again.path, again.spec, again.windows, again.tail) == (str(model), engine.spec, WINDOWS, "pad")


def test_options_change_no_bit(model, engine, speech):
    for options in ({"workers": 1}, {"workers": 3, "max_batch": 2}, {"sessions": 2, "providers": ["cpu"]}):
        same_bits(ossicle.Engine(model, **BOTH, options=options)(speech).values, engine(speech).values)


def test_the_encoder_gives_the_engines_bits(engine, model, speech):
    features = ossicle.Frontend(FRONTEND)(speech)
    starts = range(0, len(features) - 75, 8)
    windows = np.stack([features[start:start + 76] for start in starts])
    encoder = ossicle.Encoder(model)
    wanted = engine(speech).values
    same_bits(encoder(windows), wanted)
    same_bits(encoder(windows.transpose(0, 2, 1).copy(), layout="bands-first"), wanted)
    same_bits(encoder(np.repeat(windows, 2, 0)[::2]), wanted)
    same_bits(encoder(windows.astype(np.float64)), wanted)
    assert encoder(windows[:0]).shape == (0, 96)
    assert (encoder.path, encoder.embedding_size) == (str(model), 96)
    assert len(encoder.input_shape) == 4


def test_wrong_windows_are_refused_by_the_encoder(model):
    encoder = ossicle.Encoder(model)
    with pytest.raises(ossicle.ShapeError, match=r"\(76, 32\); give three dimensions"):
        encoder(np.zeros((76, 32), np.float32))
    for wrong in (None, "talk.wav", [[[1.0]]], np.zeros((1, 76, 32), object), np.zeros((1, 76, 32), complex)):
        with pytest.raises(TypeError, match="windows are a"):
            encoder(wrong)
    for shape in ((2, 75, 32), (2, 76, 31), (2, 0, 32)):
        with pytest.raises(ossicle.Error):
            encoder(np.zeros(shape, np.float32))
    with pytest.raises(ossicle.SpecError, match='"frames"; give "frames-first" or "bands-first"'):
        encoder(np.zeros((1, 76, 32), np.float32), layout="frames")


def test_a_packed_model_needs_nothing(packed, model, wav, engine):
    from_packed = ossicle.Engine(packed)
    assert (from_packed.is_packed, from_packed.windows, from_packed.tail) == (True, "76:8", "align")
    assert from_packed.spec == engine.spec
    same_bits(from_packed(wav).values, command.load(command.run("encode", "--model", packed, wav, "-o", "-")))
    same_bits(ossicle.Engine(packed, tail="drop")(wav).values, engine(wav).values)


def test_pack_writes_the_commands_bytes(packed, model, tmp_path):
    command.run("pack", model, "--frontend", FRONTEND, "--windows", WINDOWS, "--tail", "align", "-o",
                tmp_path / "packed.onnx")
    assert packed.read_bytes() == (tmp_path / "packed.onnx").read_bytes()


def test_inspect_tells_what_was_packed(packed, model):
    file = ossicle.inspect(packed)
    assert file.path == str(packed)
    assert file.metadata.spec == ossicle.preset(FRONTEND)
    assert (file.metadata.windows, file.metadata.tail) == ("76:8", "align")
    assert file.metadata.packed_by == ossicle.__version__
    assert len(file.metadata.graph_sha256) == 64
    plain = ossicle.inspect(model)
    assert plain.metadata is None
    ports = [(port.name, list(port.shape)) for port in file.inputs]
    graph = onnx.load(model).graph
    assert [name for name, _ in ports] == [port.name for port in graph.input]
    assert file.opsets == [(each.domain, each.version) for each in onnx.load(model).opset_import]
    assert file.external_files == []


def test_pack_gives_what_inspect_reads(model, tmp_path):
    given = ossicle.pack(model, tmp_path / "out.onnx", frontend=ossicle.preset(FRONTEND), windows="76:80/25")
    read = ossicle.inspect(tmp_path / "out.onnx").metadata
    for name in ("spec", "windows", "tail", "graph_sha256", "packed_by"):
        assert getattr(given, name) == getattr(read, name)


def test_pack_overwrites_only_what_it_is_told_to(model, tmp_path):
    (tmp_path / "out.onnx").write_text("kept")
    with pytest.raises(ossicle.OutputError, match="out.onnx"):
        ossicle.pack(model, tmp_path / "out.onnx", **BOTH)
    assert (tmp_path / "out.onnx").read_text() == "kept"
    ossicle.pack(model, tmp_path / "out.onnx", **BOTH, overwrite=True)
    assert ossicle.inspect(tmp_path / "out.onnx").metadata.windows == WINDOWS


MISTAKES = {
    "no windows": ({"frontend": FRONTEND}, ossicle.SpecError, "windows"),
    "no front end": ({"windows": WINDOWS}, ossicle.SpecError, "front end"),
    "windows that do not fit": ({"frontend": FRONTEND, "windows": "75:8"}, ossicle.ModelError, "75"),
    "bands that do not fit": ({"frontend": "wav2lip", "windows": WINDOWS}, ossicle.ModelError, "80"),
    "windows that are none": ({"frontend": FRONTEND, "windows": "76"}, ossicle.SpecError, '"76"'),
    "windows of no length": ({"frontend": FRONTEND, "windows": "0:8"}, ossicle.SpecError, "0"),
    "an unknown tail": ({**BOTH, "tail": "cut"}, ossicle.SpecError, "cut.*drop.*align.*pad"),
    "an unknown front end": ({"frontend": "nothing", "windows": WINDOWS}, ossicle.SpecError, '"nothing"'),
    "a front end of another type": ({"frontend": 5, "windows": WINDOWS}, TypeError, "is a int"),
    "an unknown resampler": ({**BOTH, "resampler": "nothing"}, ossicle.SpecError, '"nothing"'),
    "an unknown downmix": ({**BOTH, "downmix": "sum"}, ossicle.SpecError, '"sum".*"mean" or "ffmpeg"'),
    "an unknown option": ({**BOTH, "options": {"worker": 2}}, ossicle.SpecError, '"worker".*there are workers'),
    "workers out of range": ({**BOTH, "options": {"workers": 257}}, ossicle.SpecError, "257.*1..256"),
    "workers that are text": ({**BOTH, "options": {"workers": "two"}}, TypeError, "workers is 'two'"),
    "a batch out of range": ({**BOTH, "options": {"max_batch": 0}}, ossicle.SpecError, "max_batch.*1..1024"),
    "sessions out of range": ({**BOTH, "options": {"sessions": 17}}, ossicle.SpecError, "sessions.*1..16"),
    "providers that are text": ({**BOTH, "options": {"providers": "cpu"}}, TypeError, "list of names"),
    "an unknown provider": ({**BOTH, "options": {"providers": ["tpu"]}}, ossicle.ModelError, "tpu"),
    "an unknown optimisation": ({**BOTH, "options": {"graph_optimization": "most"}}, ossicle.SpecError, '"most"'),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_named(case, model):
    arguments, kind, words = MISTAKES[case]
    with pytest.raises(kind, match=f"(?s){words}") as caught:
        ossicle.Engine(model, **arguments)
    assert type(caught.value) is kind


def test_a_model_that_is_none_is_named(tmp_path, wav):
    for make in (lambda path: ossicle.Engine(path, **BOTH), ossicle.Encoder, ossicle.inspect,
                 lambda path: ossicle.pack(path, tmp_path / "out.onnx", **BOTH)):
        with pytest.raises(ossicle.ModelError, match="nothing.onnx.*no such file"):
            make(tmp_path / "nothing.onnx")
        with pytest.raises(ossicle.ModelError, match="speech.wav"):
            make(wav)
        with pytest.raises(ossicle.ModelError):
            make(tmp_path)
        for wrong in (5, None):
            with pytest.raises(TypeError):
                make(wrong)
    assert not (tmp_path / "out.onnx").exists()


def test_names_of_files_need_not_be_unicode(model, speech, tmp_path):
    path = os.fsencode(tmp_path) + b"/m\xff.onnx"
    with open(path, "wb") as file:
        file.write(model.read_bytes())
    engine = ossicle.Engine(os.fsdecode(path), **BOTH)
    assert os.fsencode(engine.path) == path
    assert os.fsencode(ossicle.Encoder(os.fsdecode(path)).path) == path
    assert os.fsencode(ossicle.inspect(os.fsdecode(path)).path) == path
    with pytest.raises(ossicle.ModelError, match=r"n\\xff.onnx"):
        ossicle.Engine(os.fsdecode(os.fsencode(tmp_path) + b"/n\xff.onnx"), **BOTH)


def test_a_name_with_a_nul_is_refused(tmp_path, wav, engine):
    for call in (ossicle.inspect, engine, lambda path: ossicle.extract(path, "wav2lip")):
        with pytest.raises(ValueError, match="NUL"):
            call(str(wav) + "\0.onnx")


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


@pytest.mark.parametrize("sizes", [(1 << 20,), (1000, 7), (160,)], ids=str)
@pytest.mark.parametrize("tail", ["drop", "align", "pad"])
def test_an_embedding_stream_gives_the_engines_bits(tail, sizes, model, speech):
    engine = ossicle.Engine(model, **BOTH, tail=tail)
    stream = ossicle.EmbeddingStream(engine, statistics="exact")
    given = [stream.push(piece) for piece in pieces(speech, sizes)] + [stream.finish()]
    values, times = engine(speech)
    same_bits(np.concatenate([each.values for each in given]), values)
    assert np.concatenate([each.times for each in given]) == pytest.approx(times)


def pieces(samples, sizes):
    at, cut = 0, []
    while at < len(samples):
        cut.append(samples[at:at + sizes[len(cut) % len(sizes)]])
        at += len(cut[-1])
    return cut


def test_an_embedding_stream_is_iterated(engine, speech):
    stream = ossicle.EmbeddingStream(engine, pieces(speech, (5000,)), statistics="running")
    given = [next(iter(stream)), *stream]
    assert all(len(values) for values, _ in given)
    again = ossicle.EmbeddingStream(engine, statistics="running")
    wanted = [again.push(speech), again.finish()]
    same_bits(np.concatenate([each.values for each in given]), np.concatenate([each.values for each in wanted]))
    with pytest.raises(TypeError, match="push"):
        next(iter(again))


def test_an_embedding_stream_is_reset(engine, speech):
    stream = ossicle.EmbeddingStream(engine, statistics="exact")
    for _ in range(2):
        stream.push(speech[:5000])
        stream.reset()
        stream.push(speech)
        same_bits(stream.finish().values, engine(speech).values)
        stream.reset()


def test_an_embedding_stream_refuses_what_a_stream_refuses(engine, speech):
    with pytest.raises(ossicle.SpecError, match='"running"'):
        ossicle.EmbeddingStream(engine)
    stream = ossicle.EmbeddingStream(engine, statistics="exact")
    with pytest.raises(TypeError, match="samples are a str"):
        stream.push("talk.wav")
    stream.push(speech[:1000])
    with pytest.raises(ossicle.ShapeError):
        stream.finish()


def test_options_are_typed_as_the_engine_names_them(model):
    with pytest.raises(ossicle.SpecError) as caught:
        ossicle.Encoder(model, {"nothing": 1})
    assert str(caught.value).split("there are ")[1].split(", ") == list(typing.get_type_hints(ossicle.EncoderOptions))


def test_onnxruntime_is_the_one_that_was_chosen():
    info = ossicle.load_onnxruntime()
    assert info.path == os.environ["OSSICLE_ONNXRUNTIME"]
    assert info.version in repr(info)
    assert "CPUExecutionProvider" in info.providers
    assert ossicle.load_onnxruntime("elsewhere").path == info.path, "the first that was opened stays"


FIND = """
import sys, ossicle
info = ossicle.load_onnxruntime()
assert "onnxruntime" not in sys.modules
print(info.path)
"""


def test_the_installed_onnxruntime_is_found_without_an_import():
    onnxruntime = pytest.importorskip("onnxruntime")
    folder = os.path.dirname(inspect.getfile(onnxruntime))
    found = python(FIND, OSSICLE_ONNXRUNTIME="").strip()
    assert os.path.dirname(found) == os.path.join(folder, "capi")


def test_an_onnxruntime_that_is_none_is_named(wav):
    script = "import sys, ossicle\ntry: ossicle.load_onnxruntime(sys.argv[1])\nexcept ossicle.ModelError as e: print(e)"
    for path in (wav, "/nowhere/libonnxruntime.so"):
        assert str(path) in python(script, path)


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

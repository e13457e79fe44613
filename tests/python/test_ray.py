"""The callables for Ray Data, on batches as it makes them, and in Ray where that is installed."""

import pickle

import numpy as np
import ossicle
import ossicle.ray
import pytest

RATE_HZ = 16000


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A packed model: the mean of each window of 10 frames of 80 bands."""
    onnx = pytest.importorskip("onnx")
    folder = tmp_path_factory.mktemp("model")
    port = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("ReduceMean", ["windows"], ["embeddings"], axes=[1], keepdims=0)],
        "mean",
        [port("windows", onnx.TensorProto.FLOAT, ["n", 10, 80])],
        [port("embeddings", onnx.TensorProto.FLOAT, ["n", 80])],
    )
    opsets = [onnx.helper.make_opsetid("", 13)]
    made = onnx.helper.make_model(graph, opset_imports=opsets, ir_version=8)
    onnx.save(made, folder / "mean.onnx")
    ossicle.pack(folder / "mean.onnx", folder / "packed.onnx", frontend="kaldi-fbank-80",
                 windows="10:5")
    return folder / "packed.onnx"


def clips(*samples):
    """A column of signals of these lengths, as Ray Data gives it: objects where they are unequal."""
    random = np.random.default_rng(1)
    arrays = [random.uniform(-0.5, 0.5, n).astype(np.float32) for n in samples]
    for array in arrays:
        array.flags.writeable = False
    if len(set(samples)) == 1:
        return np.stack(arrays)
    column = np.empty(len(arrays), object)
    column[:] = arrays
    return column


def assert_equal(column, expected):
    assert column.dtype == object and len(column) == len(expected)
    for one, other in zip(column, expected, strict=True):
        assert one.dtype == other.dtype and np.array_equal(one, other)


@pytest.mark.parametrize("samples", [(16000, 8000, 12345), (16000, 16000), (16000,), ()])
def test_features_are_those_of_each_clip(samples):
    audio = clips(*samples) if samples else np.empty(0, object)
    batch = {"id": np.arange(len(samples)), "samples": audio}
    found = ossicle.ray.Features("whisper-80")(batch)
    assert list(found) == ["id", "samples", "features"]
    assert found["id"] is batch["id"] and found["samples"] is batch["samples"]
    frontend = ossicle.Frontend("whisper-80")
    assert_equal(found["features"], [frontend(clip) for clip in batch["samples"]])


def test_each_row_has_its_own_rate():
    rates_hz = np.array([16000, 22050, 8000])
    batch = {"audio": clips(*rates_hz), "hz": rates_hz}
    features = ossicle.ray.Features("kaldi-fbank-80", audio_column="audio", rate_column="hz",
                                    output_column="mel")
    frontend = ossicle.Frontend("kaldi-fbank-80")
    assert_equal(features(batch)["mel"],
                 [frontend(clip, sample_rate_hz=int(hz))
                  for clip, hz in zip(batch["audio"], rates_hz, strict=True)])


def test_paths_are_read(tmp_path):
    soundfile = pytest.importorskip("soundfile")
    path = str(tmp_path / "a.wav")
    soundfile.write(path, clips(8000)[0], RATE_HZ)
    features = ossicle.ray.Features("whisper-80", audio_column="path")
    found = features({"path": np.array([path], object)})
    assert_equal(found["features"], [ossicle.extract(path, "whisper-80")])
    with pytest.raises(TypeError, match="a file says its own rate"):
        ossicle.ray.Features("whisper-80", audio_column="path", rate_column="hz")(
            {"path": np.array([path], object), "hz": np.array([16000])})


def test_embeddings_come_with_their_times(model):
    batch = {"samples": clips(16000, 8000)}
    found = ossicle.ray.Embeddings(model)(batch)
    expected = [ossicle.Engine(model)(clip) for clip in batch["samples"]]
    assert_equal(found["embeddings"], [each.values for each in expected])
    assert_equal(found["times"], [each.times for each in expected])
    alone = ossicle.ray.Embeddings(ossicle.Engine(model), output_column="e", times_column=None)(batch)
    assert list(alone) == ["samples", "e"]


def test_embeddings_of_other_rates_and_of_files(model, tmp_path):
    soundfile = pytest.importorskip("soundfile")
    batch = {"samples": clips(16000, 44100), "hz": np.array([16000, 44100])}
    found = ossicle.ray.Embeddings(model, rate_column="hz")(batch)
    engine = ossicle.Engine(model)
    assert_equal(found["embeddings"], [engine(batch["samples"][0]).values,
                                       engine(batch["samples"][1], sample_rate_hz=44100).values])
    path = str(tmp_path / "a.wav")
    soundfile.write(path, clips(8000)[0], RATE_HZ)
    found = ossicle.ray.Embeddings(model, audio_column="path")({"path": np.array([path], object)})
    assert_equal(found["embeddings"], [engine(path).values])


def test_both_travel_to_other_processes(model):
    batch = {"samples": clips(16000, 8000)}
    for callable_ in (ossicle.ray.Features("whisper-80"), ossicle.ray.Embeddings(model)):
        copy = pickle.loads(pickle.dumps(callable_))
        for name, column in callable_(batch).items():
            assert_equal(copy(batch)[name], column)


def test_wrong_batches_are_refused():
    features = ossicle.ray.Features("whisper-80", rate_column="hz")
    with pytest.raises(KeyError, match=r"no column 'samples'.*'audio', 'hz'"):
        features({"audio": clips(1), "hz": np.array([1])})
    with pytest.raises(KeyError, match="no column 'hz'"):
        features({"samples": clips(1)})
    with pytest.raises(TypeError, match='batch_format="numpy"'):
        features([1, 2])
    with pytest.raises(ossicle.ShapeError, match='"samples" has 1 rows, but "hz" 2'):
        features({"samples": clips(1), "hz": np.array([1, 2])})
    with pytest.raises(ossicle.NotFiniteError):
        ossicle.ray.Features("whisper-80")({"samples": np.full((1, 999), np.nan, np.float32)})
    with pytest.raises(ossicle.SpecError, match="whisper-80"):
        ossicle.ray.Features("whisper-81")


@pytest.fixture(scope="module")
def data():
    ray = pytest.importorskip("ray", reason="pip install 'ossicle[ray]' to try it in Ray itself")
    pytest.importorskip("ray.data")
    ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False)
    yield ray.data
    ray.shutdown()


def test_ray_gives_what_the_callables_give(data, model):
    column = clips(16000, 8000, 12345)
    clips_in_ray = data.from_items([{"id": i, "samples": clip} for i, clip in enumerate(column)])
    as_object = clips_in_ray.map_batches(ossicle.ray.Features("whisper-80"), batch_size=2)
    as_actor = clips_in_ray.map_batches(ossicle.ray.Embeddings, fn_constructor_args=(str(model),),
                                        batch_size=2, concurrency=1)
    frontend, engine = ossicle.Frontend("whisper-80"), ossicle.Engine(model)
    for row in as_object.take_all():
        assert np.array_equal(row["features"], frontend(column[row["id"]]))
    for row in as_actor.take_all():
        assert np.array_equal(row["embeddings"], engine(column[row["id"]]).values)
        assert np.array_equal(row["times"], engine(column[row["id"]]).times)

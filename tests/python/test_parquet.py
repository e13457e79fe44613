"""Features of many clips go through a Parquet file and come back, or leave no file."""

import subprocess
import sys

import numpy as np
import ossicle
import pytest

arrow = pytest.importorskip("pyarrow", reason="pip install 'ossicle[parquet]'")
import ossicle.parquet  # noqa: E402
from pyarrow import parquet  # noqa: E402


def clips(bands, *frames, dtype=np.float32, bands_first=False):
    random = np.random.default_rng(1)
    shapes = [(bands, n) if bands_first else (n, bands) for n in frames]
    return [(f"clip {i}", random.standard_normal(shape).astype(dtype))
            for i, shape in enumerate(shapes)]


def assert_same(read, written):
    read, written = list(read), list(written)
    assert [key for key, _ in read] == [key for key, _ in written]
    for (_, one), (_, other) in zip(read, written, strict=True):
        assert one.dtype == other.dtype and one.shape == other.shape
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("preset", ["kaldi-fbank-80", "whisper-80"])
def test_what_is_written_is_read_with_its_spec(preset, tmp_path):
    frontend = ossicle.Frontend(preset)
    rows = clips(80, 5, 0, 300, 1, bands_first=preset == "whisper-80")
    assert ossicle.parquet.write_features(tmp_path / "a.parquet", iter(rows), frontend) == 4
    reader = ossicle.parquet.read_features(tmp_path / "a.parquet")
    assert reader.spec == frontend.spec and reader.spec.name == preset
    assert len(reader) == 4
    assert_same(reader, rows)
    assert_same(reader, rows)


def test_values_that_are_not_finite_and_double_ones_come_back(tmp_path):
    frontend = ossicle.Frontend("kaldi-fbank-80", precision="double")
    rows = clips(80, 3, 4, dtype=np.float64)
    rows[0][1][0, :3] = np.nan, np.inf, -np.inf
    ossicle.parquet.write_features(tmp_path / "a.parquet", rows, frontend)
    assert_same(ossicle.parquet.read_features(tmp_path / "a.parquet"), rows)


def test_other_programs_find_keys_frames_values_and_the_spec(tmp_path):
    rows = clips(80, 2, 3)
    ossicle.parquet.write_features(tmp_path / "a.parquet", rows, "kaldi-fbank-80")
    table = parquet.read_table(tmp_path / "a.parquet")
    assert table.column_names == ["key", "frames", "values"]
    assert table["frames"].to_pylist() == [2, 3]
    assert table["values"].to_pylist() == [array.reshape(-1).tolist() for _, array in rows]
    spec = ossicle.FrontendSpec.from_json(table.schema.metadata[b"ossicle.spec"].decode())
    assert spec == ossicle.preset("kaldi-fbank-80")


def test_a_row_group_holds_no_more_than_it_may_but_for_one_large_clip(tmp_path):
    rows = clips(80, 4, 4, 4, 30, 4, 10, 1)
    with ossicle.parquet.FeatureWriter(tmp_path / "a.parquet", "kaldi-fbank-80",
                                       row_group_bytes=10 * 80 * 4) as writer:
        for key, features in rows:
            writer.write(key, features)
    file = parquet.ParquetFile(tmp_path / "a.parquet")
    groups = [file.read_row_group(i)["frames"].to_pylist() for i in range(file.num_row_groups)]
    assert groups == [[4, 4], [4], [30], [4], [10], [1]]
    assert_same(ossicle.parquet.read_features(tmp_path / "a.parquet"), rows)


def test_reading_copies_no_values_and_holds_one_row_group(tmp_path):
    rows = clips(80, *[100] * 60)
    with ossicle.parquet.FeatureWriter(tmp_path / "a.parquet", "kaldi-fbank-80",
                                       row_group_bytes=200 * 80 * 4) as writer:
        for key, features in rows:
            writer.write(key, features)
    before = arrow.total_allocated_bytes()
    most = 0
    for _, features in ossicle.parquet.read_features(tmp_path / "a.parquet"):
        assert not features.flags.owndata and not features.flags.writeable
        most = max(most, arrow.total_allocated_bytes() - before)
    assert most < 10 * 200 * 80 * 4 < sum(array.nbytes for _, array in rows)


def test_a_buffer_may_be_used_again_for_the_next_clip(tmp_path):
    buffer = np.empty((4, 80), np.float32)

    def rows():
        for i in range(3):
            buffer[:] = i
            yield str(i), buffer

    ossicle.parquet.write_features(tmp_path / "a.parquet", rows(), "kaldi-fbank-80")
    read = ossicle.parquet.read_features(tmp_path / "a.parquet")
    assert [features.max() for _, features in read] == [0, 1, 2]


def test_strided_features_are_written_as_they_are(tmp_path):
    features = np.arange(2 * 6 * 80, dtype=np.float32).reshape(6 * 80, 2).T[1].reshape(80, 6).T
    ossicle.parquet.write_features(tmp_path / "a.parquet", [("a", features)], "kaldi-fbank-80")
    ((_, read),) = ossicle.parquet.read_features(tmp_path / "a.parquet")
    assert np.array_equal(read, features)


def test_a_file_is_replaced_only_when_asked(tmp_path):
    path = tmp_path / "a.parquet"
    ossicle.parquet.write_features(path, clips(80, 1), "kaldi-fbank-80")
    with pytest.raises(ossicle.OutputError, match="overwrite=True"):
        ossicle.parquet.write_features(path, clips(80, 1, 2), "kaldi-fbank-80")
    assert len(ossicle.parquet.read_features(path)) == 1
    ossicle.parquet.write_features(path, clips(80, 1, 2), "kaldi-fbank-80", overwrite=True)
    assert len(ossicle.parquet.read_features(path)) == 2


def test_one_that_came_meanwhile_is_not_replaced(tmp_path):
    path = tmp_path / "a.parquet"
    writer = ossicle.parquet.FeatureWriter(path, "kaldi-fbank-80")
    path.write_text("mine")
    with pytest.raises(ossicle.OutputError, match="exists"):
        writer.close()
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("overwrite", [False, True])
def test_an_error_leaves_what_was_there(overwrite, tmp_path):
    path = tmp_path / "a.parquet"
    if overwrite:
        path.write_text("before")

    def rows():
        yield from clips(80, 5)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ossicle.parquet.write_features(path, rows(), "kaldi-fbank-80", overwrite=overwrite)
    assert [each.read_text() for each in tmp_path.iterdir()] == (["before"] if overwrite else [])


def test_nothing_is_there_under_the_name_before_the_end(tmp_path):
    path = tmp_path / "a.parquet"
    with ossicle.parquet.FeatureWriter(path, "kaldi-fbank-80") as writer:
        writer.write(*clips(80, 5)[0])
        assert not path.exists()
    assert path.exists()
    writer.close()
    with pytest.raises(ossicle.ShapeError, match="is closed"):
        writer.write(*clips(80, 5)[0])


def test_no_clips_are_a_file_without_rows(tmp_path):
    assert ossicle.parquet.write_features(tmp_path / "a.parquet", [], "kaldi-fbank-80") == 0
    reader = ossicle.parquet.read_features(tmp_path / "a.parquet")
    assert list(reader) == [] and len(reader) == 0
    assert reader.spec == ossicle.preset("kaldi-fbank-80")


@pytest.mark.parametrize("row, error, text", [
    (("a", np.ones((80, 5), np.float32)), ossicle.ShapeError, r"\(80, 5\).*\(frames, 80\)"),
    (("a", np.ones(80, np.float32)), ossicle.ShapeError, r"\(80,\)"),
    (("a", np.ones((5, 80))), TypeError, "float64, but the file has float32"),
    ((7, np.ones((5, 80), np.float32)), TypeError, "key is a int"),
])
def test_a_row_that_does_not_fit_is_refused(row, error, text, tmp_path):
    with pytest.raises(error, match=text):
        ossicle.parquet.write_features(tmp_path / "a.parquet", [row], "kaldi-fbank-80")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_an_output_error(tmp_path):
    with pytest.raises(ossicle.OutputError, match="No such file"):
        ossicle.parquet.write_features(tmp_path / "nothing" / "a.parquet", [], "kaldi-fbank-80")


def test_a_full_disk_is_an_output_error_and_leaves_no_file(tmp_path):
    program = (
        "import resource, sys, numpy, ossicle.parquet\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50000, 50000))\n"
        "noise = numpy.random.default_rng(1).standard_normal((1000, 80)).astype('float32')\n"
        "try:\n"
        "    ossicle.parquet.write_features(sys.argv[1], [('a', noise)], 'kaldi-fbank-80')\n"
        "except ossicle.OutputError as error:\n"
        "    print(error)\n")
    result = subprocess.run([sys.executable, "-c", program, tmp_path / "a.parquet"], text=True,
                            capture_output=True, check=True)
    assert "cannot write" in result.stdout and "too large" in result.stdout, result
    assert list(tmp_path.iterdir()) == []


def test_other_files_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        ossicle.parquet.read_features(tmp_path / "nothing.parquet")
    parquet.write_table(arrow.table({"key": ["a"]}), tmp_path / "other.parquet")
    with pytest.raises(ossicle.Error, match='no "ossicle.spec"'):
        ossicle.parquet.read_features(tmp_path / "other.parquet")


def test_a_row_whose_frames_and_values_disagree_is_damage(tmp_path):
    ossicle.parquet.write_features(tmp_path / "a.parquet", clips(80, 2), "kaldi-fbank-80")
    table = parquet.read_table(tmp_path / "a.parquet")
    wrong = table.set_column(1, table.field("frames"), arrow.array([3], arrow.int64()))
    parquet.write_table(wrong, tmp_path / "b.parquet")
    with pytest.raises(ossicle.Error, match=r"is damaged.*160 values, but 3 frames of 80"):
        list(ossicle.parquet.read_features(tmp_path / "b.parquet"))


def test_without_pyarrow_the_error_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match=r"pip install 'ossicle\[parquet\]'"):
        ossicle.parquet.write_features(tmp_path / "a.parquet", [], "kaldi-fbank-80")

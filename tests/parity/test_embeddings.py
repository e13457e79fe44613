"""`ossicle encode` against the same model run by Python's ONNX Runtime."""

import command
import numpy as np
import pytest
import references

# Absolute, where the largest value is about 50. The features are equal to the bit, the runtimes may
# be two versions. From librosa's features, the error of the features comes on top.
MAX_WAV2LIP_ERROR = 1e-5
MAX_WAV2LIP_ERROR_FROM_LIBROSA = 2e-4
# Of the largest value of a recording's embeddings, about 80.
MAX_OPENWAKEWORD_RELATIVE_ERROR = 3e-6

WAV2LIP = ("wav2lip", "16:80/25")


def max_error(found, wanted):
    assert found.dtype == np.float32
    assert found.shape == wanted.shape
    return np.abs(found - wanted).max()


def test_openwakeword_embeddings_are_those_of_its_own_two_models(speech):
    for signal in speech:
        found = command.encode(references.model_path("embedding_model.onnx"),
                               "openwakeword-embedding", "76:8", signal.path)
        wanted = references.openwakeword_embeddings(signal.samples)
        error = max_error(found, wanted) / np.abs(wanted).max()
        print(f"{signal}: {found.shape}, {error:.2g} of {np.abs(wanted).max():.3g}")
        assert error <= MAX_OPENWAKEWORD_RELATIVE_ERROR, str(signal)


def test_wav2lip_gives_one_embedding_per_video_frame_and_one_at_the_end(wav2lip_encoder, speech):
    for signal in speech:
        found = command.encode(wav2lip_encoder, *WAV2LIP, signal.path, "--tail", "align")
        windows = references.wav2lip_windows(command.extract("wav2lip", signal.path))
        wanted = references.run_model(wav2lip_encoder, windows, batch_size=1)
        assert found.shape == (len(windows), 512)
        error = max_error(found, wanted)
        print(f"{signal}: {found.shape}, {error:.2g} of {np.abs(wanted).max():.3g}")
        assert error <= MAX_WAV2LIP_ERROR, str(signal)


def test_wav2lip_embeddings_are_those_of_librosas_features(wav2lip_encoder, speech):
    for signal in speech:
        found = command.encode(wav2lip_encoder, *WAV2LIP, signal.path, "--tail", "align")
        windows = references.wav2lip_windows(references.wav2lip(signal.samples).T)
        error = max_error(found, references.run_model(wav2lip_encoder, windows, batch_size=1))
        print(f"{signal}: {error:.2g} from librosa's features")
        assert error <= MAX_WAV2LIP_ERROR_FROM_LIBROSA, str(signal)


def test_other_windows_give_other_embeddings(wav2lip_encoder, speech):
    signal = speech[0]
    wanted = command.encode(wav2lip_encoder, *WAV2LIP, signal.path, "--tail", "drop")
    late = command.encode(wav2lip_encoder, "wav2lip", "16:80/25:1", signal.path, "--tail", "drop")
    rows = min(len(wanted), len(late))
    assert max_error(late[:rows], wanted[:rows]) > 100 * MAX_WAV2LIP_ERROR


@pytest.mark.parametrize("tail", ["drop", "align", "pad"])
def test_the_tail_decides_how_many_windows_there_are(wav2lip_encoder, speech, tail):
    signal = speech[1]
    frames = 1 + len(signal.samples) // 200
    starts = [int(i * 80 / 25) for i in range(frames)]
    whole = sum(start + 16 <= frames for start in starts)
    begun = sum(start < frames for start in starts)
    expected = {"drop": whole, "align": whole + 1, "pad": begun}[tail]
    found = command.encode(wav2lip_encoder, *WAV2LIP, signal.path, "--tail", tail)
    assert found.shape == (expected, 512)


def test_embeddings_are_the_same_bits_for_every_number_of_workers(wav2lip_encoder, speech):
    outputs = {command.encode(wav2lip_encoder, *WAV2LIP, speech[0].path, "--workers",
                              workers).tobytes() for workers in (1, 2, 3)}
    assert len(outputs) == 1

"""openWakeWord 0.6.0: AudioFeatures.

    from ossicle.compat.openwakeword import AudioFeatures

openWakeWord's Model makes its own; to give it these:

    import openwakeword.model
    openwakeword.model.AudioFeatures = AudioFeatures

Methods and buffers are the original's, and so are their lengths and types. The mel spectrogram is
Ossicle's preset "openwakeword" in place of melspectrogram.onnx; the embedding model runs through
ossicle.Encoder, on the CPU, with `ncpu` threads. Another result than the original's:

- too few samples for a frame (512) or for a window of 76 frames are ValueError, not an exception of
  ONNX Runtime
- with device="gpu", embeddings are computed on the CPU, too
- ncpu of embed_clips changes nothing: the threads are those of the constructor

NotImplementedError: inference_framework="tflite", a melspec_model_path that is not openWakeWord's
own model (it is compared, not run), window_size other than 76, step_size other than 8 (which the
original ignores).
"""

from __future__ import annotations

import hashlib
import importlib.util
import itertools
import os
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ossicle import Encoder, preset

from ._served import frontend, unserved

__all__ = ["AudioFeatures"]

_CALL = "AudioFeatures"
_MELSPEC_SHA256 = "ba2b0e0f8b7b875369a2c89cb13360ff53bac436f2895cced9f479fa65eb176f"
_BANDS, _WINDOW_FRAMES, _STEP_FRAMES, _DIMS = 32, 76, 8, 96
_CHUNK_SAMPLES, _HOP_SAMPLES = 1280, 160
_OVERLAP_SAMPLES = 3 * _HOP_SAMPLES  # what the first frame of a chunk sees of those before
_DECIBELS = 80.0                     # below the peak of what is computed together

# The preset, of samples that are on the 16-bit scale already, and without the peak, which the
# original takes over all clips of a batch.
_SPEC = replace(preset("openwakeword"), name="custom", input_scale=1.0, input_rounding="none",
                steps=())


def _scaled(decibels: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(decibels / 10 + 2, np.float32)


class AudioFeatures:
    """Embeddings of sound for wake words: 16-bit samples at 16 kHz in, 96 values each 80 ms out.

    melspec_model_path   "", or openWakeWord's melspectrogram.onnx
    embedding_model_path "": that of the installed openwakeword package
    sr                   decides the length of raw_data_buffer, 10 seconds, and nothing else
    ncpu                 threads of the embedding model
    Raises FileNotFoundError for a model that is not there, ossicle.ModelError for one that cannot
    be used.
    """

    def __init__(self, melspec_model_path: str = "", embedding_model_path: str = "",
                 sr: int = 16000, ncpu: int = 1, inference_framework: str = "onnx",
                 device: str = "cpu") -> None:
        if inference_framework != "onnx":
            raise unserved(_CALL, "inference_framework", inference_framework, "'onnx'")
        if ".tflite" in melspec_model_path or ".tflite" in embedding_model_path:
            raise ValueError("inference_framework is \"onnx\", but a model is for tflite")
        _check_melspec_model(melspec_model_path)
        self.onnx_execution_provider = "CPUExecutionProvider"
        self.melspec_model = frontend(_SPEC)
        self.embedding_model = Encoder(embedding_model_path or _installed_model(),
                                       {"workers": ncpu})
        self.raw_data_buffer: deque[Any] = deque(maxlen=sr * 10)
        self.melspectrogram_max_len = 10 * 97
        self.feature_buffer_max_len = 120
        self.reset()

    def reset(self) -> None:
        """Forgets the sound. Features of 4 seconds of noise take its place, as in the original."""
        self.raw_data_buffer.clear()
        self.melspectrogram_buffer: NDArray[Any] = np.ones((_WINDOW_FRAMES, _BANDS))
        self.accumulated_samples = 0
        self.raw_data_remainder: NDArray[Any] = np.empty(0)
        noise = np.random.randint(-1000, 1000, 4 * 16000).astype(np.int16)
        self.feature_buffer: NDArray[Any] = self._get_embeddings(noise)

    def melspec_model_predict(self, x: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """What melspectrogram.onnx gives: [(clips, 1, frames, 32)] decibels of (clips, samples)."""
        if x.size == 0:
            raise ValueError(f"samples of the shape {x.shape}; the model takes (clips, samples)")
        decibels: NDArray[np.float32] = self.melspec_model(x, axis=1)
        floor = decibels.max() - np.float32(_DECIBELS)
        return [np.maximum(decibels, floor)[:, np.newaxis]]

    def embedding_model_predict(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """What embedding_model.onnx gives: (windows, 96), without axes of length 1, of
        (windows, 76, 32, 1)."""
        if x.ndim != 4 or len(x) == 0:
            raise ValueError(f"windows of the shape {x.shape}; the model takes (n, 76, 32, 1), n "
                             "from 1")
        return self._embedded(x[..., 0]).squeeze()

    def _embedded(self, windows: NDArray[Any]) -> NDArray[np.float32]:
        return self.embedding_model(np.ascontiguousarray(windows, dtype=np.float32))

    def _get_melspectrogram(
        self, x: NDArray[np.int16] | list[int],
        melspec_transform: Callable[[NDArray[np.float32]], NDArray[np.float32]] = _scaled,
    ) -> NDArray[np.float32]:
        """(frames, 32) of 16-bit samples; (clips, frames, 32) of (clips, samples)."""
        samples = np.array(x).astype(np.int16) if isinstance(x, list) else x
        if samples.dtype != np.int16:
            raise ValueError("Input data must be 16-bit integers (i.e., 16-bit PCM audio). "
                             f"You provided {samples.dtype} data.")
        clips = np.atleast_2d(samples).astype(np.float32)
        return melspec_transform(np.squeeze(self.melspec_model_predict(clips)[0]))

    def _get_embeddings_from_melspec(self, melspec: NDArray[Any]) -> NDArray[np.float32]:
        """(96,) of one window of (76, 32, 1)."""
        return self.embedding_model_predict(melspec if len(melspec) == 1 else melspec[None])

    def _get_embeddings(self, x: NDArray[np.int16], window_size: int = _WINDOW_FRAMES,
                        step_size: int = _STEP_FRAMES, **kwargs: Any) -> NDArray[np.float32]:
        """(windows, 96) of 16-bit samples; (96,) where there is one window."""
        if window_size != _WINDOW_FRAMES:
            raise unserved("_get_embeddings", "window_size", window_size, str(_WINDOW_FRAMES))
        if step_size != _STEP_FRAMES:
            raise unserved("_get_embeddings", "step_size", step_size, str(_STEP_FRAMES))
        spectrogram = self._get_melspectrogram(x, **kwargs)
        if spectrogram.ndim != 2 or len(spectrogram) < _WINDOW_FRAMES:
            raise ValueError(f"a spectrogram of the shape {spectrogram.shape}; at least "
                             f"{_WINDOW_FRAMES} frames of one clip are needed")
        return self._embedded(_windows(spectrogram)).squeeze()

    def get_embedding_shape(self, audio_length: float, sr: int = 16000) -> tuple[int, ...]:
        """The shape that a clip of so many seconds gives."""
        noise = (np.random.uniform(-1, 1, int(audio_length * sr)) * 32767).astype(np.int16)
        return self._get_embeddings(noise).shape

    def _get_melspectrogram_batch(self, x: NDArray[np.int16], batch_size: int = 128,
                                  ncpu: int = 1) -> NDArray[np.float32]:
        """(clips, frames, 32) of (clips, samples)."""
        frames = int(np.ceil(x.shape[1] / _HOP_SAMPLES - 3))
        spectrograms = np.empty((len(x), frames, _BANDS), np.float32)
        for clip, spectrogram in zip(x, spectrograms):
            spectrogram[:] = self._get_melspectrogram(clip)
        return spectrograms

    def _get_embeddings_batch(self, x: NDArray[Any], batch_size: int = 128,
                              ncpu: int = 1) -> NDArray[np.float32]:
        """(clips, windows, 96) of (clips, frames, 32, 1), about `batch_size` windows at a time."""
        if x.shape[1] < _WINDOW_FRAMES:
            raise ValueError("Embedding model requires the input melspectrograms to have at least "
                             f"{_WINDOW_FRAMES} frames")
        count = (x.shape[1] - _WINDOW_FRAMES) // _STEP_FRAMES + 1
        embeddings = np.empty((len(x), count, _DIMS), np.float32)
        step = -(-batch_size // count)
        for start in range(0, len(x), step):
            windows = [_windows(spectrogram[..., 0]) for spectrogram in x[start:start + step]]
            found = self._embedded(np.concatenate(windows))
            embeddings[start:start + step] = found.reshape(-1, count, _DIMS)
        return embeddings

    def embed_clips(self, x: NDArray[np.int16], batch_size: int = 128,
                    ncpu: int = 1) -> NDArray[np.float32]:
        """(clips, windows, 96) of (clips, samples), 16-bit. Each clip has its own peak."""
        spectrograms = self._get_melspectrogram_batch(x, batch_size=batch_size, ncpu=ncpu)
        return self._get_embeddings_batch(spectrograms[..., np.newaxis], batch_size=batch_size,
                                          ncpu=ncpu)

    def _buffer_raw_data(self, x: Any) -> None:
        self.raw_data_buffer.extend(x.tolist() if isinstance(x, np.ndarray) else x)

    def _streaming_melspectrogram(self, n_samples: int) -> None:
        """Appends the frames of the last `n_samples` samples."""
        if len(self.raw_data_buffer) < 400:
            raise ValueError("The number of input frames must be at least 400 samples @ 16khz "
                             "(25 ms)!")
        newest = itertools.islice(reversed(self.raw_data_buffer), n_samples + _OVERLAP_SAMPLES)
        spectrogram = self._get_melspectrogram(list(newest)[::-1])
        self.melspectrogram_buffer = np.vstack((self.melspectrogram_buffer, spectrogram))
        self.melspectrogram_buffer = self.melspectrogram_buffer[-self.melspectrogram_max_len:]

    def _streaming_features(self, x: NDArray[np.int16]) -> int:
        """Takes the next samples; each 1280 give an embedding. Samples beyond whole chunks wait.

        Gives the samples that were embedded now, or, where there are none, those that wait since
        then, without those beyond whole chunks.
        """
        if len(self.raw_data_remainder):
            x = np.concatenate((self.raw_data_remainder, x))
            self.raw_data_remainder = np.empty(0)
        total = self.accumulated_samples + x.shape[0]
        beyond = total % _CHUNK_SAMPLES if total >= _CHUNK_SAMPLES else 0
        if beyond:
            x, self.raw_data_remainder = x[:-beyond], x[-beyond:]
        self._buffer_raw_data(x)
        self.accumulated_samples = taken = total - beyond
        if taken >= _CHUNK_SAMPLES:
            self._streaming_melspectrogram(taken)
            self._embed_newest(taken // _CHUNK_SAMPLES)
            self.accumulated_samples = 0
        self.feature_buffer = self.feature_buffer[-self.feature_buffer_max_len:]
        return taken

    def _embed_newest(self, count: int) -> None:
        """Appends the embeddings of the last `count` windows that the spectrogram holds whole."""
        frames = len(self.melspectrogram_buffer)
        ends = range(frames - _STEP_FRAMES * (count - 1), frames + 1, _STEP_FRAMES)
        windows = [self.melspectrogram_buffer[end - _WINDOW_FRAMES:end]
                   for end in ends if end >= _WINDOW_FRAMES]
        if windows:
            embeddings = self._embedded(np.stack(windows))
            self.feature_buffer = np.vstack((self.feature_buffer, embeddings))

    def get_features(self, n_feature_frames: int = 16, start_ndx: int = -1) -> NDArray[np.float32]:
        """(1, n, 96): the last embeddings, or those from `start_ndx` on."""
        if start_ndx == -1:
            found = self.feature_buffer[int(-n_feature_frames):]
        else:
            end = start_ndx + int(n_feature_frames)
            found = self.feature_buffer[start_ndx:end or len(self.feature_buffer)]
        return found[np.newaxis].astype(np.float32)

    def __call__(self, x: NDArray[np.int16]) -> int:
        return self._streaming_features(x)


def _windows(spectrogram: NDArray[Any]) -> NDArray[Any]:
    """(windows, 76, 32), a view: all that are whole, 8 frames apart."""
    views = np.lib.stride_tricks.sliding_window_view(spectrogram, _WINDOW_FRAMES, axis=0)
    return views[::_STEP_FRAMES].transpose(0, 2, 1)


def _check_melspec_model(path: str) -> None:
    if not path:
        return
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    if digest != _MELSPEC_SHA256:
        raise unserved(_CALL, "melspec_model_path", path, "openWakeWord's melspectrogram.onnx")


def _installed_model() -> str:
    found = importlib.util.find_spec("openwakeword")
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = os.path.join(folder, "resources", "models", "embedding_model.onnx")
        if os.path.exists(path):
            return path
    raise FileNotFoundError("embedding_model.onnx is not among the files of an installed package "
                            "openwakeword; download it and give embedding_model_path")

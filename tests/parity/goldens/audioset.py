"""YAMNet's features with TensorFlow, as its features.py computes them."""

import numpy as np
import tensorflow as tf
from golden import Golden

WINDOW, HOP, FFT = 400, 160, 512


def yamnet(samples):
    magnitudes = tf.abs(tf.signal.stft(signals=samples, frame_length=WINDOW, frame_step=HOP,
                                       fft_length=FFT))
    bank = tf.signal.linear_to_mel_weight_matrix(
        num_mel_bins=64, num_spectrogram_bins=FFT // 2 + 1, sample_rate=16000,
        lower_edge_hertz=125, upper_edge_hertz=7500)
    return np.asarray(tf.math.log(tf.matmul(magnitudes, bank) + 0.001))


GOLDENS = [Golden("yamnet", "TensorFlow", tf.__version__,
                  "tf.signal.stft, linear_to_mel_weight_matrix, as in YAMNet's features.py",
                  yamnet, fft_size=FFT)]

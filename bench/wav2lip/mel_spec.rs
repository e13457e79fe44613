//! Wav2Lip's sizes: the natural logarithm of the power's mel bands; no dB, no range of -4..4.

use mel_spec::mel::{BatchLogMelConfig, BatchLogMelError, BatchLogMelSpectrogram};

use crate::{Compute, Features};

pub fn make() -> Result<Compute, BatchLogMelError> {
    let spectrogram = BatchLogMelSpectrogram::new(BatchLogMelConfig {
        n_fft: 800,
        win_length: 800,
        hop_length: 200,
        n_mels: 80,
        f_min: 55.0,
        f_max: Some(7600.0),
        preemphasis: 0.97,
        ..BatchLogMelConfig::default()
    })?;
    let mut scratch = spectrogram.scratch();
    Ok(Box::new(move |audio| {
        let output = spectrogram.compute_flat_with_scratch(audio, &mut scratch);
        let output = output.expect("the configuration was checked");
        Features {
            rows: output.rows,
            columns: output.cols,
            values: output.data,
        }
    }))
}

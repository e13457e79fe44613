//! Whisper's sizes: the natural logarithm; no peak - 8, no (x + 4) / 4, zeros at the edges.

use mel_spec::mel::{BatchLogMelConfig, BatchLogMelError, BatchLogMelSpectrogram};

use crate::{Compute, Features};

pub fn make() -> Result<Compute, BatchLogMelError> {
    let spectrogram = BatchLogMelSpectrogram::new(BatchLogMelConfig {
        n_fft: 400,
        win_length: 400,
        hop_length: 160,
        n_mels: 80,
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

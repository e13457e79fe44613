//! What its README calls Parakeet: NeMo's 128 bands, each with mean 0 and deviation 1.

use mel_spec::mel::{BatchLogMelConfig, BatchLogMelError, BatchLogMelSpectrogram};

use crate::{Compute, Features};

pub fn make() -> Result<Compute, BatchLogMelError> {
    let spectrogram = BatchLogMelSpectrogram::new(BatchLogMelConfig {
        n_fft: 512,
        win_length: 400,
        hop_length: 160,
        n_mels: 128,
        preemphasis: 0.97,
        log_zero_guard: 5.960_464_5e-8, // 2^-24
        normalize_per_feature: true,
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

//! Its Kaldi filter bank, which computes in f64. The samples come on the 16-bit scale.

use mel_spec::fbank::{Fbank, FbankConfig};

use crate::{Compute, Features};

pub fn make() -> Compute {
    let fbank = Fbank::new(FbankConfig {
        apply_cmn: false,
        ..FbankConfig::default()
    });
    let mut scaled = Vec::new();
    Box::new(move |audio| {
        if scaled.len() != audio.len() {
            scaled = audio
                .iter()
                .map(|sample| sample * 32768.0)
                .collect::<Vec<f32>>();
        }
        let output = fbank.compute(&scaled);
        let (rows, columns) = output.dim();
        Features {
            rows,
            columns,
            values: output.into_raw_vec_and_offset().0,
        }
    })
}

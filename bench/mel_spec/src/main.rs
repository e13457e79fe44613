//! Serves bench/run.py as bench/programs/server.h says: `bench_mel_spec TASK --audio FILE.f32`.

use std::io::{BufRead, Write};
use std::time::Instant;
use std::{env, error::Error, fs, io};

#[path = "../../kaldi_fbank_80/mel_spec.rs"]
mod kaldi_fbank_80;
#[path = "../../nemo_128/mel_spec.rs"]
mod nemo_128;
#[path = "../../wav2lip/mel_spec.rs"]
mod wav2lip;
#[path = "../../whisper_80/mel_spec.rs"]
mod whisper_80;

/// A matrix in C order.
pub struct Features {
    pub rows: usize,
    pub columns: usize,
    pub values: Vec<f32>,
}

/// One whole call.
pub type Compute = Box<dyn FnMut(&[f32]) -> Features>;

fn competitor(task: &str) -> Result<(Compute, bool), Box<dyn Error>> {
    match task {
        "wav2lip" => Ok((wav2lip::make()?, false)),
        "whisper_80" => Ok((whisper_80::make()?, false)),
        "kaldi_fbank_80" => Ok((kaldi_fbank_80::make(), true)),
        "nemo_128" => Ok((nemo_128::make()?, false)),
        _ => Err(format!("mel_spec has no {task}").into()),
    }
}

fn load_audio(path: &str) -> io::Result<Vec<f32>> {
    let bytes = fs::read(path)?;
    let samples = bytes.chunks_exact(4);
    Ok(samples
        .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
        .collect())
}

fn write_npy(path: &str, features: &Features) -> io::Result<()> {
    let mut header = format!(
        "{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}), }}",
        features.rows, features.columns
    );
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut file = io::BufWriter::new(fs::File::create(path)?);
    file.write_all(b"\x93NUMPY\x01\x00")?;
    file.write_all(&(header.len() as u16).to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    for value in &features.values {
        file.write_all(&value.to_le_bytes())?;
    }
    file.flush()
}

fn run_for(budget: f64, compute: &mut Compute, audio: &[f32]) -> Vec<f64> {
    let mut times = Vec::new();
    let mut spent = 0.0;
    while times.is_empty() || spent < budget {
        let start = Instant::now();
        let features = compute(audio);
        let seconds = start.elapsed().as_secs_f64();
        std::hint::black_box(&features.values);
        spent += seconds;
        times.push(seconds);
    }
    times
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().collect();
    let [_, task, flag, path] = &arguments[..] else {
        return Err("arguments: TASK --audio FILE.f32".into());
    };
    if flag != "--audio" {
        return Err(format!("{flag} is not --audio").into());
    }
    let audio = load_audio(path)?;
    let (mut compute, frames_first) = competitor(task)?;
    let last = compute(&audio);
    let frames = if frames_first {
        last.rows
    } else {
        last.columns
    };
    println!(r#"{{"ready": true, "package": "mel_spec", "version": "0.5.0", "frames": {frames}}}"#);

    for line in io::stdin().lock().lines() {
        let line = line?;
        match line.split_once(' ') {
            Some(("run", budget)) => {
                println!("{:?}", run_for(budget.parse()?, &mut compute, &audio));
            }
            Some(("output", path)) => {
                write_npy(path, &compute(&audio))?;
                println!(r#"{{"written": true}}"#);
            }
            _ => return Err(format!("{line:?} is no command; there are run and output").into()),
        }
        io::stdout().flush()?;
    }
    Ok(())
}

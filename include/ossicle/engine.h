#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ossicle/audio.h"
#include "ossicle/encoder.h"
#include "ossicle/features.h"
#include "ossicle/frontend.h"
#include "ossicle/model_file.h"
#include "ossicle/progress.h"

namespace ossicle {

/// Where the time of a job went: how long each stage worked, in seconds of wall time. Encode()
/// works on several at the same time: their sum less `overlap` is what the job took.
struct StageSeconds {
  double decode = 0.0;
  double resample = 0.0;
  double features = 0.0;
  double encoder = 0.0;
  double write = 0.0;    ///< where it is written while it is computed
  double overlap = 0.0;  ///< of their sum, what passed while another stage worked too
};

/// One input: a file, or raw PCM from a file or standard input ("-").
struct InputRequest {
  std::string path;
  std::optional<RawFormat> raw = std::nullopt;
  std::optional<int> channel = std::nullopt;  ///< 0-based; nullopt: all, mixed down
};

/// Opens the file or the raw PCM. Throws what OpenAudio and OpenRawAudio throw.
std::unique_ptr<AudioSource> OpenRequest(const InputRequest& input, Downmix downmix);

template <class T>
struct Extraction {
  Features<T> features;
  AudioInfo input;  ///< as it is; but input.resampler is what brought it to the front end's rate
  double duration_s = 0.0;  ///< of the input
  StageSeconds seconds;
};

/// Decodes, mixes down and resamples where the rates differ, as the front end says, and computes
/// the features of one input, block by block: besides the features it holds a few MiB, however long
/// the input is. A front end with a PeakFloor before its Cepstrum goes through the samples twice:
/// of an input that cannot be read again, a pipe, it holds them too, 4 bytes each. Throws what
/// OpenAudio, AudioSource::Read and Frontend throw, with the input's name in front.
template <class T>
Extraction<T> Extract(const InputRequest& input, const Frontend& frontend,
                      Workers* workers = nullptr, const ProgressFunction& progress = nullptr);

/// A whole input in memory.
struct Signal {
  std::vector<float> samples;  ///< mono, full scale 1.0, at info.sample_rate_hz
  AudioInfo info;

  double DurationSeconds() const {
    return static_cast<double>(samples.size()) / info.sample_rate_hz;
  }
};

/// Decodes one input at its own rate, for what must look at all of it more than once. Throws what
/// OpenAudio and AudioSource::Read throw.
Signal ReadSignal(const InputRequest& input, Downmix downmix = Downmix::kMean,
                  const ProgressFunction& progress = nullptr);

struct Encoding {
  Encoder::Result embeddings;
  std::int64_t frames = 0;  ///< of the features
  AudioInfo input;
  double duration_s = 0.0;
  StageSeconds seconds;
};

/// From when to when a window lasts, in seconds from the beginning of the audio.
struct WindowTime {
  double start_s = 0.0;  ///< of its first frame's hop
  double end_s = 0.0;    ///< of the end of its last frame's hop; not of frames that are repeated
};

/// Of a window of `frames` frames from `first_frame` on.
WindowTime TimeOf(const FrontendSpec& spec, std::int64_t first_frame, std::int64_t frames);

/// The features of one input, and one embedding for each window of them. With two workers or more,
/// the calling thread computes the features of the next block while another one, and the workers,
/// encode those before. Besides the embeddings it holds a few MiB, however long the input is; but
/// all features where a step looks at the whole signal (NeedsStatistics()).
///   progress  called from the calling thread when the features of a block are there
/// Throws Error(kModel) before it opens the input if windows and bands do not fit the model,
/// Error(kShape) with the input's name if it is too short for one window, and what Extract and
/// Encoder::Encode throw; all stages have ended then.
Encoding Encode(const InputRequest& input, const Frontend& frontend, const Encoder& encoder,
                const WindowRule& rule, Workers* workers = nullptr,
                const ProgressFunction& progress = nullptr);

/// A model and all that turns sound into its embeddings. Cheap to copy; share it between threads.
struct Model {
  Frontend frontend;
  WindowRule windows;
  Encoder encoder;
  bool is_packed = false;  ///< what was not chosen came from its own metadata
};

/// What the caller decides; what is left out comes from the model's own metadata.
struct ModelChoices {
  std::optional<FrontendSpec> frontend = std::nullopt;
  std::optional<WindowRule> windows = std::nullopt;  ///< its tail counts for nothing
  std::optional<Tail> tail = std::nullopt;           ///< kDrop if the model does not say either
  /// In place of what the front end says, be it chosen or the model's own.
  std::optional<std::string> resampler = std::nullopt;
  std::optional<Downmix> downmix = std::nullopt;
  EncoderOptions encoder = {};
};

/// Opens a model that carries its front end, or any model with `choices`. If all three are chosen,
/// its metadata is not looked at.
/// Throws Error(kInvalidSpec) if neither has a front end or windows, Error(kModel) if the graph is
/// not the one that was packed, if the metadata cannot be used or does not fit the model's input,
/// and what Encoder's constructor throws.
Model OpenModel(const std::string& path, const ModelChoices& choices = {});

/// The same as above for a whole model.
Encoding Encode(const InputRequest& input, const Model& model, Workers* workers = nullptr,
                const ProgressFunction& progress = nullptr);

/// The same for samples in memory: mono, full scale 1.0, at `sample_rate_hz` (0: the front end's
/// rate; another one is resampled first, as the front end says). Computes the features, on all
/// workers, then the embeddings; holds both. `progress` gets the seconds whose embeddings are
/// known. Of the result's `input` the rate and the length are filled in. Throws what Resampler,
/// Frontend::Run and Encoder::Encode throw.
Encoding Encode(std::span<const float> samples, const Model& model, Workers* workers = nullptr,
                int sample_rate_hz = 0, const ProgressFunction& progress = nullptr);

/// The times of each window of an encoding by `model`.
std::vector<WindowTime> WindowTimes(const Model& model, const Encoding& encoding);

/// Copies the model at `path` to `output` with `spec` and `windows` in its metadata, in place of
/// what was packed before; every other byte stays. It appears whole or not at all, also where
/// `output` is the model itself. Returns what was written.
///   between_blocks  called between blocks of the file; throw from it to stop
/// Throws Error(kModel) if the model cannot be read or does not take such windows, or if it has
/// weights in files that are not beside `output`; Error(kInvalidSpec), and Error(kOutput) as
/// AtomicFile does.
ModelMetadata PackModel(const std::string& path, const FrontendSpec& spec,
                        const WindowRule& windows, const std::string& output,
                        bool overwrite = false,
                        const std::function<void()>& between_blocks = nullptr);

}  // namespace ossicle

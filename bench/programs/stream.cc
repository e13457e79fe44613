// Ossicle's streams beside Frontend::Run on the same signals, through the public interface, with
// memory that is used again. One call is all signals, from the first sample to the last frame. The
// frames are handed over, not gathered: who has a live stream takes them as they come.
//   --audio FILE.f32        --preset NAME
//   --mode offline|stream|group
//   --piece N               samples at a time, in turn from each signal; 0: all
//   --streams N             signals, which begin at different places of the audio
//   --samples N             of each; 0: the whole audio
//   --input-rate-hz N       of the audio; another one than the preset's is resampled
//   --statistics MODE       of the steps that look at the whole signal

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "ossicle/frontend.h"
#include "ossicle/resampler.h"
#include "ossicle/stream.h"
#include "ossicle/version.h"
#include "server.h"

namespace ossicle::bench {

namespace {

using Signal = std::span<const float>;
using Sink = StreamGroup<float>::Sink;
/// Computes all signals.
using Run = std::function<void(const Sink&)>;

struct Task {
  Frontend frontend;
  StreamOptions options;
  std::vector<Signal> signals;
  std::size_t piece_samples;
};

/// Piece `index` of `signal`; empty if there is none.
Signal Piece(Signal signal, std::size_t piece_samples, std::size_t index) {
  const std::size_t start = std::min(index * piece_samples, signal.size());
  return signal.subspan(start, std::min(piece_samples, signal.size() - start));
}

std::size_t Pieces(const Task& task) {
  return (task.signals.front().size() + task.piece_samples - 1) / task.piece_samples;
}

class Offline {
 public:
  explicit Offline(const Task& task)
      : frontend_(task.frontend), signals_(task.signals), scratch_(frontend_.MakeScratch()) {
    const FrontendSpec& spec = frontend_.spec();
    if (task.options.input_rate_hz != spec.sample_rate_hz) {
      resampler_.emplace(spec.resampler, task.options.input_rate_hz, spec.sample_rate_hz);
    }
  }

  void operator()(const Sink& sink) {
    for (std::size_t i = 0; i < signals_.size(); ++i) {
      const Signal signal = AtItsRate(signals_[i]);
      const auto frames = frontend_.Frames(static_cast<std::int64_t>(signal.size()));
      values_.resize(static_cast<std::size_t>(frames * frontend_.bands()));
      frontend_.Run<float>(
          signal, MakeView(values_.data(), frames, frontend_.bands(), Layout::kFramesFirst),
          scratch_);
      sink(static_cast<int>(i), values_);
    }
  }

 private:
  Signal AtItsRate(Signal signal) {
    if (!resampler_) return signal;
    resampler_->Reset();
    resampled_.clear();
    resampler_->Push(signal, resampled_);
    resampler_->Finish(resampled_);
    return resampled_;
  }

  const Frontend frontend_;
  const std::vector<Signal> signals_;
  Scratch scratch_;
  std::optional<Resampler<float>> resampler_;
  std::vector<float> resampled_, values_;
};

class Streams {
 public:
  explicit Streams(const Task& task) : task_(task) {
    for (std::size_t i = 0; i < task_.signals.size(); ++i) {
      streams_.emplace_back(task_.frontend, task_.options);
    }
  }

  void operator()(const Sink& sink) {
    for (std::size_t piece = 0; piece < Pieces(task_); ++piece) {
      for (std::size_t i = 0; i < streams_.size(); ++i) {
        frames_.clear();
        streams_[i].Push(Piece(task_.signals[i], task_.piece_samples, piece), frames_);
        if (!frames_.empty()) sink(static_cast<int>(i), frames_);
      }
    }
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      frames_.clear();
      streams_[i].Finish(frames_);
      if (!frames_.empty()) sink(static_cast<int>(i), frames_);
      streams_[i].Reset();
    }
  }

 private:
  const Task task_;
  std::vector<Stream<float>> streams_;
  std::vector<float> frames_;
};

class Group {
 public:
  explicit Group(const Task& task) : task_(task), group_(task_.frontend, task_.options) {
    pieces_.resize(task_.signals.size());
    for (StreamPiece& piece : pieces_) piece.stream = group_.Add();
  }

  void operator()(const Sink& sink) {
    const std::size_t count = Pieces(task_);
    for (std::size_t piece = 0; piece < count; ++piece) {
      for (std::size_t i = 0; i < pieces_.size(); ++i) {
        pieces_[i].samples = Piece(task_.signals[i], task_.piece_samples, piece);
        pieces_[i].last = piece + 1 == count;
      }
      group_.Push(pieces_, sink);
    }
  }

 private:
  const Task task_;
  StreamGroup<float> group_;
  std::vector<StreamPiece> pieces_;
};

Run MakeRun(const std::string& mode, const Task& task) {
  // Shared, because a std::function is copied.
  if (mode == "offline") {
    return [run = std::make_shared<Offline>(task)](const Sink& sink) { (*run)(sink); };
  }
  if (mode == "stream") {
    return [run = std::make_shared<Streams>(task)](const Sink& sink) { (*run)(sink); };
  }
  if (mode == "group") {
    return [run = std::make_shared<Group>(task)](const Sink& sink) { (*run)(sink); };
  }
  throw std::runtime_error("--mode " + mode + ": it is offline, stream or group");
}

std::vector<Signal> Signals(Signal audio, std::size_t count, std::size_t samples) {
  if (samples == 0) samples = audio.size();
  if (samples > audio.size()) throw std::runtime_error("--samples is more than the audio has");
  std::vector<Signal> signals;
  for (std::size_t i = 0; i < count; ++i) {
    signals.push_back(audio.subspan((audio.size() - samples) * i / count, samples));
  }
  return signals;
}

Task MakeTask(const Arguments& arguments, Signal audio) {
  const Frontend frontend(Preset(arguments.at("preset")));
  StreamOptions options;
  options.input_rate_hz = GetInt(arguments, "input-rate-hz", frontend.spec().sample_rate_hz);
  if (arguments.contains("statistics")) {
    options.statistics = StreamStatistics::Parse(arguments.at("statistics"));
  }
  std::vector<Signal> signals = Signals(audio, std::stoull(Get(arguments, "streams", "1")),
                                        std::stoull(Get(arguments, "samples", "0")));
  const std::size_t piece = std::stoull(Get(arguments, "piece", "0"));
  const std::size_t all = signals.front().size();
  return {frontend, options, std::move(signals), piece == 0 ? all : piece};
}

/// The frames of all signals, one signal after the other.
std::vector<float> Gather(const Run& run, std::size_t streams) {
  std::vector<std::vector<float>> of_each(streams);
  run([&](int stream, std::span<const float> frames) {
    std::vector<float>& values = of_each[static_cast<std::size_t>(stream)];
    values.insert(values.end(), frames.begin(), frames.end());
  });
  std::vector<float> all;
  for (const std::vector<float>& values : of_each) {
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

int Compete(int argc, char** argv) {
  const Arguments arguments = ParseArguments(argc, argv);
  const std::vector<float> audio = LoadAudio(arguments.at("audio"));
  const Task task = MakeTask(arguments, audio);
  const Run run = MakeRun(arguments.at("mode"), task);
  std::size_t values = 0;  // of one call
  const auto bands = task.frontend.bands();
  const auto call = [&] {
    values = 0;
    run([&values](int, std::span<const float> frames) { values += frames.size(); });
  };
  call();
  return Serve({
      .description = "\"package\": \"ossicle\", \"version\": " + Quoted(Version()) +
                     ", \"frames\": " + std::to_string(values / static_cast<std::size_t>(bands)),
      .run = call,
      .output =
          [&](const std::string& path) {
            const std::vector<float> all = Gather(run, task.signals.size());
            WriteMatrix(path, all.data(), static_cast<std::int64_t>(all.size()) / bands, bands);
          },
  });
}

}  // namespace

}  // namespace ossicle::bench

int main(int argc, char** argv) {
  return ossicle::bench::Main([&] { return ossicle::bench::Compete(argc, argv); });
}

#include "ossicle/resample_file.h"

#include <span>
#include <type_traits>
#include <vector>

#include "engine/open_request.h"
#include "engine/timed.h"
#include "io/channel_mix.h"
#include "io/file_descriptor.h"
#include "io/finite_samples.h"
#include "ossicle/error.h"

namespace ossicle {

namespace {

/// Samples of all channels together that are read at a time.
constexpr std::size_t kBlockSamples = 1 << 16;

template <class T>
Resampler<T> MakeResampler(const AudioInfo& input, const std::string& name, int to_hz) {
  try {
    return {name, input.sample_rate_hz, to_hz};
  } catch (const Error& error) {
    throw Error(error.code(), InputName(input.name) + ": " + error.what());
  }
}

/// What makes one signal of the channels; nothing where all of them are kept.
std::optional<ChannelMix> MakeMix(const DecodedSource& source, std::optional<int> channel,
                                  const ResampleRequest& request) {
  if (!channel && (!request.downmix || source.channels() == 1)) return std::nullopt;
  const bool rate_fits = source.info().sample_rate_hz == request.sample_rate_hz;
  return ChannelMix(source, {channel, request.downmix.value_or(Downmix::kMean)}, request.resampler,
                    rate_fits);
}

}  // namespace

template <class T>
struct FileResampler<T>::State {
  using Signals = ChannelMix::SignalsOf<T>;

  State(const InputRequest& input, const ResampleRequest& request)
      : source(OpenFrames(input)), mix(MakeMix(*source, input.channel, request)) {
    is_mixed = mix && !input.channel;
    const AudioInfo& info = source->info();
    const std::string name =
        mix ? mix->SignalResampler() : ResamplerFor(request.resampler, info.is_16_bit);
    if (info.sample_rate_hz != request.sample_rate_hz) {
      resampler = mix ? mix->resampler() : name;
    }
    const std::size_t signals_out =
        mix ? mix->signals() : static_cast<std::size_t>(source->channels());
    resamplers = std::vector<Resampler<T>>(signals_out,
                                           MakeResampler<T>(info, name, request.sample_rate_hz));
    resampled.resize(signals_out);
  }

  std::size_t channels_in() const { return static_cast<std::size_t>(source->channels()); }

  void Run(AudioWriter& out, const ProgressFunction& progress) {
    std::vector<T> block(kBlockSamples / channels_in() * channels_in());
    while (const std::size_t samples = Read(block)) {
      ResampleBlock(std::span(block).first(samples));
      Write(out);
      Report(progress);
    }
    Finish();
    Write(out);
    result.duration_s = Seconds(result.samples_in);
  }

  /// Returns how many samples of all channels there are.
  std::size_t Read(std::span<T> block) {
    const Timed timed(result.seconds.decode);
    const std::int64_t frames = source->ReadFrames(block);
    return static_cast<std::size_t>(frames) * channels_in();
  }

  void ResampleBlock(std::span<const T> interleaved) {
    const Timed timed(result.seconds.resample);
    Split(interleaved);
    for (std::size_t s = 0; s < signals.size(); ++s) {
      CheckFiniteSamples<T>(signals[s], result.samples_in, source->info());
      resamplers[s].Push(signals[s], resampled[s]);
    }
    result.samples_in += static_cast<std::int64_t>(interleaved.size() / channels_in());
  }

  void Finish() {
    const Timed timed(result.seconds.resample);
    for (std::size_t s = 0; s < resamplers.size(); ++s) resamplers[s].Finish(resampled[s]);
  }

  void Split(std::span<const T> interleaved) {
    if (mix) return mix->Split(interleaved, signals);
    const std::size_t channels = channels_in();
    signals.resize(channels);
    for (std::size_t c = 0; c < channels; ++c) {
      signals[c].resize(interleaved.size() / channels);
      for (std::size_t i = 0; i < signals[c].size(); ++i) {
        signals[c][i] = interleaved[i * channels + c];
      }
    }
  }

  /// Makes `joined` of what has come out of the resamplers: of each the same number of samples.
  void Join() {
    if (mix) return mix->Join(resampled, joined);
    const std::size_t channels = resampled.size();
    joined.resize(resampled.front().size() * channels);
    for (std::size_t c = 0; c < channels; ++c) {
      for (std::size_t i = 0; i < resampled[c].size(); ++i) {
        joined[i * channels + c] = resampled[c][i];
      }
    }
  }

  void Write(AudioWriter& out) {
    const Timed timed(result.seconds.write);
    Join();
    for (std::vector<T>& signal : resampled) signal.clear();
    out.Write(joined);
    result.samples_out = out.samples();
  }

  double Seconds(std::int64_t samples) const {
    return static_cast<double>(samples) / source->info().sample_rate_hz;
  }

  void Report(const ProgressFunction& progress) const {
    if (progress) progress(Seconds(result.samples_in), Seconds(source->info().samples.value_or(0)));
  }

  std::unique_ptr<DecodedSource> source;
  std::optional<ChannelMix> mix;
  bool is_mixed = false;
  std::string resampler;
  std::vector<Resampler<T>> resamplers;  // one a signal
  Signals signals;
  Signals resampled;  // not yet written
  std::vector<T> joined;
  Resampling result;
};

template <class T>
FileResampler<T>::FileResampler(const InputRequest& input, const ResampleRequest& request) {
  FindResampler(request.resampler);
  state_ = std::make_unique<State>(input, request);
}

template <class T>
FileResampler<T>::FileResampler(FileResampler&&) noexcept = default;

template <class T>
FileResampler<T>::~FileResampler() = default;

template <class T>
const AudioInfo& FileResampler<T>::input() const noexcept {
  return state_->source->info();
}

template <class T>
int FileResampler<T>::sample_rate_hz() const noexcept {
  return state_->resamplers.front().to_hz();
}

template <class T>
int FileResampler<T>::channels() const noexcept {
  return state_->mix ? 1 : state_->source->channels();
}

template <class T>
bool FileResampler<T>::is_mixed() const noexcept {
  return state_->is_mixed;
}

template <class T>
const std::string& FileResampler<T>::resampler() const noexcept {
  return state_->resampler;
}

template <class T>
Resampling FileResampler<T>::Run(AudioWriter& out, const ProgressFunction& progress) {
  state_->Run(out, progress);
  return state_->result;
}

template class FileResampler<float>;
template class FileResampler<double>;

template <class T>
SampleEncoding NaturalEncoding(const std::string& resampler) {
  if (FindResampler(resampler).is_16_bit) return SampleEncoding::kPcm16;
  return std::is_same_v<T, float> ? SampleEncoding::kFloat32 : SampleEncoding::kFloat64;
}

template SampleEncoding NaturalEncoding<float>(const std::string&);
template SampleEncoding NaturalEncoding<double>(const std::string&);

}  // namespace ossicle

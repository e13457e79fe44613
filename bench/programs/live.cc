// Live streams that share one encoder, in real time: each has a thread of its own, which gets the
// samples of one frame of a video (25 a second) at a time and waits for what they complete. All
// streams hear the same, shifted in time. Says when it is done what bench/encoding.py reads, and
// ends; if an embedding differs from that of the whole signal, it fails.
//   --model FILE.onnx   --audio FILE.f32
//   --streams N         --seconds N        --max-delay-us N     --workers N

#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <iostream>
#include <memory>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ossicle/embedding_stream.h"
#include "request.h"
#include "server.h"

namespace ossicle::bench {

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kVideoFramesPerSecond = 25;
constexpr auto kPeriod = std::chrono::milliseconds(1000 / kVideoFramesPerSecond);

/// Seconds of processor time of this process until now.
double ProcessorSeconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Viewer {
 public:
  Viewer(const Model& model, std::shared_ptr<EncoderQueue> queue, std::span<const float> audio)
      : stream_(model, {}, std::move(queue)),
        audio_(audio),
        piece_samples_(static_cast<std::size_t>(model.frontend.spec().sample_rate_hz) /
                       kVideoFramesPerSecond) {}

  /// The first piece is there at `start`.
  void Watch(Clock::time_point start) {
    prctl(PR_SET_TIMERSLACK, 1000);  // ns; it is the delay of the embedding that counts
    Clock::time_point due = start;
    for (std::size_t at = 0; at < audio_.size(); at += piece_samples_, due += kPeriod) {
      std::this_thread::sleep_until(due);
      stream_.Push(audio_.subspan(at, std::min(piece_samples_, audio_.size() - at)),
                   [&](const StreamEmbedding& embedding) {
                     delays_s_.push_back(std::chrono::duration<double>(Clock::now() - due).count());
                     Keep(embedding);
                   });
    }
    stream_.Finish([&](const StreamEmbedding& embedding) { Keep(embedding); });
  }

  /// From when the last sample was due until the embedding was there.
  const std::vector<double>& delays_s() const { return delays_s_; }
  const std::vector<float>& embeddings() const { return embeddings_; }

 private:
  void Keep(const StreamEmbedding& embedding) {
    embeddings_.insert(embeddings_.end(), embedding.values.begin(), embedding.values.end());
  }

  EmbeddingStream stream_;
  std::span<const float> audio_;
  std::size_t piece_samples_;
  std::vector<double> delays_s_;
  std::vector<float> embeddings_;
};

/// Runs all viewers, each in a thread; throws what the first of them threw.
void WatchAll(std::vector<Viewer>& viewers) {
  std::mutex mutex;
  std::exception_ptr failure;
  const Clock::time_point start = Clock::now() + kPeriod;
  std::vector<std::jthread> threads;
  for (Viewer& viewer : viewers) {
    // By the golden ratio, so that they do not come in step however many there are.
    const double turns = 0.618034 * static_cast<double>(threads.size());
    const auto offset =
        std::chrono::duration_cast<Clock::duration>((turns - std::floor(turns)) * kPeriod);
    threads.emplace_back([&, first = start + offset] {
      try {
        viewer.Watch(first);
      } catch (...) {
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
      }
    });
  }
  threads.clear();
  if (failure) std::rethrow_exception(failure);
}

double Quantile(const std::vector<double>& sorted, double part) {
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

std::string Describe(const std::vector<Viewer>& viewers) {
  std::vector<double> delays;
  for (const Viewer& viewer : viewers) {
    delays.insert(delays.end(), viewer.delays_s().begin(), viewer.delays_s().end());
  }
  std::sort(delays.begin(), delays.end());
  if (delays.empty()) throw std::runtime_error("no embedding came before the end");
  return "\"embeddings\": " + std::to_string(delays.size()) +
         ", \"p50_s\": " + std::to_string(Quantile(delays, 0.5)) +
         ", \"p99_s\": " + std::to_string(Quantile(delays, 0.99)) +
         ", \"max_s\": " + std::to_string(delays.back());
}

int Run(int argc, char** argv) {
  const Arguments arguments = ParseArguments(argc, argv);
  const Frontend frontend{Preset(kPreset)};
  const int workers = GetInt(arguments, "workers", 2);
  const Model model{frontend, kRule, Encoder(arguments.at("model"), {.workers = workers})};
  const std::int64_t rate_hz = frontend.spec().sample_rate_hz;
  const std::vector<float> audio = LoadAudio(
      arguments.at("audio"),
      static_cast<std::int64_t>(std::stod(arguments.at("seconds")) * static_cast<double>(rate_hz)));
  const std::vector<float> expected = Encode(audio, model).embeddings.values;

  const auto queue =
      EmbeddingStream::MakeQueue(model, {.max_delay_us = GetInt(arguments, "max-delay-us", 0)});
  std::vector<Viewer> viewers;
  for (int i = 0; i < GetInt(arguments, "streams", 1); ++i) {
    viewers.emplace_back(model, queue, audio);
  }
  const double processor_before = ProcessorSeconds();
  const Clock::time_point start = Clock::now();
  WatchAll(viewers);
  const double wall = std::chrono::duration<double>(Clock::now() - start).count();
  const double processor = ProcessorSeconds() - processor_before;

  for (const Viewer& viewer : viewers) {
    if (viewer.embeddings() != expected) {
      throw std::runtime_error("a stream's embeddings are not those of the whole signal");
    }
  }
  std::cout << "{\"ready\": true, " << Describe(viewers) << ", \"runs\": " << queue->runs()
            << ", \"windows\": " << queue->windows() << ", \"busy_cores\": " << processor / wall
            << "}\n";
  return 0;
}

}  // namespace

}  // namespace ossicle::bench

int main(int argc, char** argv) {
  return ossicle::bench::Main([&] { return ossicle::bench::Run(argc, argv); });
}

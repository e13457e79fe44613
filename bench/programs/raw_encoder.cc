// ONNX Runtime as its C interface gives it, on windows that lie ready in memory. One call is a
// request: all its windows, cut into equal batches, which the threads take one after the other.
//   --model FILE.onnx   --audio FILE.f32   --windows N
//   --batch N           most windows of a batch; 0: as many batches as threads
//   --threads N         that call ONNX Runtime at the same time
//   --sessions N        copies of the model, which the threads share out
//   --intra-op N        threads inside of one call

#include <atomic>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "process.h"
#include "raw_session.h"
#include "request.h"
#include "server.h"

namespace ossicle::bench {

namespace {

class Pool {
 public:
  Pool(const Arguments& arguments, std::span<float> windows, std::span<float> embeddings)
      : workers_(GetInt(arguments, "threads", 1), Workers::Use::kAll) {
    for (int i = 0; i < GetInt(arguments, "sessions", 1); ++i) {
      sessions_.emplace_back(arguments.at("model"), GetInt(arguments, "intra-op", 1));
    }
    const auto count = static_cast<int>(windows.size() / RawSession::kWindowValues);
    const int batch = GetInt(arguments, "batch", 0);
    const int batches = batch == 0 ? workers_.count() : (count + batch - 1) / batch;
    for (int i = 0; i < batches; ++i) {
      const auto first = static_cast<std::size_t>(count * i / batches);
      const auto size = static_cast<std::size_t>(count * (i + 1) / batches) - first;
      calls_.push_back(sessions_.front().Prepare(
          windows.subspan(first * RawSession::kWindowValues, size * RawSession::kWindowValues),
          embeddings.subspan(first * RawSession::kEmbeddingValues,
                             size * RawSession::kEmbeddingValues)));
    }
  }

  void Run() {
    next_ = 0;
    if (workers_.count() == 1) return RunCalls(0);
    workers_.Run(workers_.count(), [this](int worker) { RunCalls(worker); });
  }

 private:
  void RunCalls(int worker) {
    const RawSession& session = sessions_[static_cast<std::size_t>(worker) % sessions_.size()];
    for (std::size_t i = next_++; i < calls_.size(); i = next_++) session.Run(calls_[i]);
  }

  Workers workers_;
  std::deque<RawSession> sessions_;
  std::vector<RawSession::Call> calls_;
  std::atomic<std::size_t> next_ = 0;
};

int Compete(int argc, char** argv) {
  const Arguments arguments = ParseArguments(argc, argv);
  const int count = std::stoi(arguments.at("windows"));
  std::vector<float> windows;
  {
    const std::vector<float> audio = LoadAudio(arguments.at("audio"));
    Request request(audio, count);
    request.ComputeFeatures(nullptr);
    windows = request.Tensor();
  }
  std::vector<float> embeddings(static_cast<std::size_t>(count) * RawSession::kEmbeddingValues);
  Pool pool(arguments, windows, embeddings);
  const auto call = [&] { pool.Run(); };
  return Serve({
      .description = "\"package\": \"onnxruntime\", \"version\": " +
                     Quoted(LoadOnnxRuntime().version) + ", \"frames\": " + std::to_string(count),
      .run = call,
      .output =
          [&](const std::string& path) {
            WriteMatrix(path, embeddings.data(), count, RawSession::kEmbeddingValues);
          },
      .stages = [&] { return "{" + DescribeProcess(call) + "}"; },
  });
}

}  // namespace

}  // namespace ossicle::bench

int main(int argc, char** argv) {
  return ossicle::bench::Main([&] { return ossicle::bench::Compete(argc, argv); });
}

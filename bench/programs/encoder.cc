// Ossicle's encoder, through its public interface. One call is a request.
//   --model FILE.onnx   --audio FILE.f32   --windows N
//   --workers N         runs of the model at the same time
//   --mode request      samples to embeddings
//          features     samples to features, with --workers threads, all of them
//          encode       windows of features to embeddings
//          queue        the same through an EncoderQueue

#include <cstdint>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "ossicle/encoder_queue.h"
#include "ossicle/engine.h"
#include "ossicle/version.h"
#include "process.h"
#include "request.h"
#include "server.h"

namespace ossicle::bench {

namespace {

class Job {
 public:
  Job(const Arguments& arguments, std::span<const float> audio)
      : request_(audio, std::stoi(arguments.at("windows"))),
        workers_(GetInt(arguments, "workers", 1),
                 arguments.at("mode") == "features" ? Workers::Use::kAll : Workers::Use::kByGrain),
        model_{request_.frontend(), kRule,
               Encoder(arguments.at("model"), {.workers = workers_.count()})},
        queue_(model_.encoder, kRule, request_.frontend().bands(), request_.layout()),
        caller_(queue_.MakeCaller()) {
    request_.ComputeFeatures(nullptr);
    Encode();
  }

  void Whole() {
    embeddings_ = ossicle::Encode(request_.audio(), model_, Team()).embeddings.values;
  }

  void Features() { request_.ComputeFeatures(Team()); }

  void Encode() {
    embeddings_.clear();
    model_.encoder.Encode(request_.windows(), kRule, request_.frontend().bands(), request_.layout(),
                          embeddings_, Team());
  }

  void Queue() {
    embeddings_.clear();
    caller_.Encode(request_.windows(), embeddings_);
  }

  const Request& request() const { return request_; }
  const std::vector<float>& embeddings() const { return embeddings_; }

 private:
  Workers* Team() { return workers_.count() == 1 ? nullptr : &workers_; }

  Request request_;
  Workers workers_;
  Model model_;
  EncoderQueue queue_;
  EncoderQueue::Caller caller_;
  std::vector<float> embeddings_;
};

std::function<void()> Call(const std::string& mode, Job& job) {
  if (mode == "request") return [&job] { job.Whole(); };
  if (mode == "features") return [&job] { job.Features(); };
  if (mode == "encode") return [&job] { job.Encode(); };
  if (mode == "queue") return [&job] { job.Queue(); };
  throw std::runtime_error("--mode " + mode + ": it is request, features, encode or queue");
}

int Compete(int argc, char** argv) {
  const Arguments arguments = ParseArguments(argc, argv);
  const std::vector<float> audio = LoadAudio(arguments.at("audio"));
  Job job(arguments, audio);
  const auto windows = static_cast<std::int64_t>(job.request().windows().size());
  const std::function<void()> call = Call(arguments.at("mode"), job);
  return Serve({
      .description = "\"package\": \"ossicle\", \"version\": " + Quoted(Version()) +
                     ", \"frames\": " + std::to_string(windows),
      .run = call,
      .output =
          [&](const std::string& path) {
            const std::vector<float>& values = job.embeddings();
            WriteMatrix(path, values.data(), windows,
                        static_cast<std::int64_t>(values.size()) / windows);
          },
      .stages = [&] { return "{" + DescribeProcess(call) + "}"; },
  });
}

}  // namespace

}  // namespace ossicle::bench

int main(int argc, char** argv) {
  return ossicle::bench::Main([&] { return ossicle::bench::Compete(argc, argv); });
}

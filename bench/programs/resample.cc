// Ossicle's resampler, through its public interface, with tables, state and output that are used
// again. One call is a whole signal, from its first sample to its last output.
//   --audio FILE.f32   --from-hz N   --to-hz N   --resampler NAME

#include <string>
#include <vector>

#include "ossicle/bench.h"
#include "ossicle/resampler.h"
#include "ossicle/version.h"
#include "server.h"

namespace ossicle::bench {

namespace {

int Run(int argc, char** argv) {
  const auto arguments = ParseArguments(argc, argv);
  const std::vector<float> audio = LoadAudio(arguments.at("audio"));
  Resampler<float> resampler(arguments.at("resampler"), std::stoi(arguments.at("from-hz")),
                             std::stoi(arguments.at("to-hz")));
  const auto outputs = resampler.OutputSamples(static_cast<std::int64_t>(audio.size()));
  std::vector<float> resampled;
  resampled.reserve(static_cast<std::size_t>(outputs));
  return Serve({
      .description = "\"package\": \"ossicle\", \"version\": \"" + Version() +
                     "\", \"frames\": " + std::to_string(outputs) + ", \"instruction_set\": \"" +
                     InstructionSet() + "\"",
      .run =
          [&] {
            resampler.Reset();
            resampled.clear();
            resampler.Push(audio, resampled);
            resampler.Finish(resampled);
          },
      .output =
          [&](const std::string& path) {
            WriteMatrix(path, resampled.data(), 1, static_cast<std::int64_t>(resampled.size()));
          },
  });
}

}  // namespace

}  // namespace ossicle::bench

int main(int argc, char** argv) {
  return ossicle::bench::Main([&] { return ossicle::bench::Run(argc, argv); });
}

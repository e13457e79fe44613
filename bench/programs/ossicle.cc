// Ossicle itself, through its public interface, with scratch and output that are used again.
//   --list 1                   the specs of the presets, the instruction sets, ...: JSON
//   --audio FILE.f32           what to compute the features of
//   --spec FILE.json           the front end
//   --precision float|double   --instruction-set NAME   --workers N
//   --samples N                the audio repeated or cut to this length
//   --piece N                  one call is a run for each N samples, one after the other

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "ossicle/bench.h"
#include "ossicle/frontend.h"
#include "ossicle/version.h"
#include "server.h"

namespace ossicle::bench {

namespace {

FrontendSpec Spec(const Arguments& arguments) {
  const std::string& path = arguments.at("spec");
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path);
  const std::string json{std::istreambuf_iterator<char>(file), {}};
  return FrontendSpec::FromJson(json);
}

/// A part of the audio and the place of its features.
template <class T>
struct Piece {
  std::span<const float> audio;
  FeatureView<T> out;
};

template <class T>
std::vector<Piece<T>> Cut(std::span<const float> audio, std::size_t piece_samples,
                          const Frontend& frontend, std::vector<T>& values) {
  std::vector<Piece<T>> pieces;
  std::vector<std::size_t> places;
  for (std::size_t start = 0; start < audio.size(); start += piece_samples) {
    const auto part = audio.subspan(start, std::min(piece_samples, audio.size() - start));
    const std::int64_t frames = frontend.Frames(static_cast<std::int64_t>(part.size()));
    places.push_back(values.size());
    values.resize(values.size() + static_cast<std::size_t>(frames * frontend.bands()));
    pieces.push_back(
        {part, MakeView<T>(nullptr, frames, frontend.bands(), frontend.spec().layout)});
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) pieces[i].out.data = values.data() + places[i];
  return pieces;
}

template <class T>
std::string Describe(const Frontend& frontend, const Scratch& scratch, std::size_t samples,
                     std::size_t values) {
  const std::size_t frames = values / static_cast<std::size_t>(frontend.bands());
  return "\"package\": \"ossicle\", \"version\": " + Quoted(Version()) +
         ", \"frames\": " + std::to_string(frames) +
         ", \"bands\": " + std::to_string(frontend.bands()) +
         ", \"bytes_in\": " + std::to_string(samples * sizeof(float)) +
         ", \"bytes_out\": " + std::to_string(values * sizeof(T)) +
         ", \"scratch_bytes_per_worker\": " + std::to_string(scratch.BytesPerWorker()) +
         ", \"instruction_set\": " + Quoted(InstructionSet());
}

template <class T>
std::string Stages(const Frontend& frontend) {
  std::string members;
  for (const auto& [name, share] : BenchFrontend<T>(frontend, {.seconds = 0.05}).stages) {
    members += (members.empty() ? "" : ", ") + Quoted(name) + ": " + std::to_string(share);
  }
  return "{" + members + "}";
}

template <class T>
int Compete(const Arguments& arguments) {
  const std::vector<float> audio =
      LoadAudio(arguments.at("audio"), std::stoll(Get(arguments, "samples", "0")));
  const Frontend frontend(Spec(arguments));
  Workers workers(std::stoi(Get(arguments, "workers", "1")));
  Scratch scratch = frontend.MakeScratch(workers.count());
  const std::size_t piece_samples = std::stoull(Get(arguments, "piece", "0"));
  std::vector<T> values;
  const std::vector<Piece<T>> pieces =
      Cut<T>(audio, piece_samples == 0 ? audio.size() : piece_samples, frontend, values);
  Workers* const team = workers.count() == 1 ? nullptr : &workers;

  return Serve({
      .description = Describe<T>(frontend, scratch, audio.size(), values.size()),
      .run =
          [&] {
            for (const auto& [part, out] : pieces) frontend.Run<T>(part, out, scratch, team);
          },
      .output =
          [&](const std::string& path) {
            const std::int64_t frames = pieces.front().out.frames;
            if (pieces.size() > 1) throw std::runtime_error("the features of pieces are no matrix");
            frontend.spec().layout == Layout::kFramesFirst
                ? WriteMatrix(path, values.data(), frames, frontend.bands())
                : WriteMatrix(path, values.data(), frontend.bands(), frames);
          },
      .stages = [&] { return Stages<T>(frontend); },
  });
}

int List() {
  std::string presets, sets;
  for (const PresetInfo& info : Presets()) {
    presets +=
        (presets.empty() ? "" : ", ") + Quoted(info.name) + ": " + Preset(info.name).ToJson();
  }
  for (const std::string& name : InstructionSets()) {
    sets += (sets.empty() ? "" : ", ") + Quoted(name);
  }
  std::cout << "{\"presets\": {" << presets << "}, \"instruction_sets\": [" << sets
            << "], \"version\": " << Quoted(Version()) << ", \"compiler\": \""
            << OSSICLE_BENCH_COMPILER << "\"}" << std::endl;
  return 0;
}

int Run(int argc, char** argv) {
  const Arguments arguments = ParseArguments(argc, argv);
  if (arguments.contains("list")) return List();
  if (arguments.contains("instruction-set")) SetInstructionSet(arguments.at("instruction-set"));
  const std::string precision = Get(arguments, "precision", "float");
  if (precision == "double") return Compete<double>(arguments);
  if (precision == "float") return Compete<float>(arguments);
  throw std::runtime_error("--precision " + precision + ": it is float or double");
}

}  // namespace

}  // namespace ossicle::bench

int main(int argc, char** argv) {
  return ossicle::bench::Main([&] { return ossicle::bench::Run(argc, argv); });
}

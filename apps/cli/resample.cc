#include "ossicle/resample_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>

#include "arguments.h"
#include "batch.h"
#include "commands.h"
#include "interrupt.h"
#include "ossicle/error.h"
#include "ossicle/resampler.h"

namespace ossicle::cli {

namespace {

namespace fs = std::filesystem;

struct ResampleArguments : InputArguments {
  ResampleArguments() { resampler = "soxr-hq"; }

  int rate_hz = 0;
  std::string precision = "float";
  std::string encoding;
  std::string format;

  ResampleRequest Choices() const {
    ResampleRequest request{resampler, rate_hz};
    if (!downmix.empty()) request.downmix = DownmixOr(Downmix::kMean);
    return request;
  }
};

struct Container {
  AudioContainer container;
  const char* name;    // of --format
  const char* ending;  // of a file in a folder
};
constexpr std::array kContainers = {Container{AudioContainer::kWav, "wav", ".wav"},
                                    Container{AudioContainer::kNpy, "npy", ".npy"},
                                    Container{AudioContainer::kRaw, "raw", ".raw"}};

std::string LowerEnding(const std::string& path) {
  std::string ending = fs::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending;
}

/// What the name of a file says of it; nullptr: nothing.
const Container* ContainerOfName(const std::string& output) {
  const std::string ending = LowerEnding(output);
  for (const Container& each : kContainers) {
    if (each.ending == ending && each.container != AudioContainer::kRaw) return &each;
  }
  return nullptr;
}

const Container& ContainerOfFlag(const std::string& name) {
  return *std::find_if(kContainers.begin(), kContainers.end(),
                       [&name](const Container& each) { return each.name == name; });
}

bool HasNoName(const ResampleArguments& arguments) {
  std::error_code ignored;
  return arguments.output == "-" || IsFolder(arguments) || fs::is_other(arguments.output, ignored);
}

const Container& ChosenContainer(const ResampleArguments& arguments) {
  const std::string flag = arguments.format.empty() ? "wav" : arguments.format;
  if (HasNoName(arguments)) return ContainerOfFlag(flag);
  const Container* named = ContainerOfName(arguments.output);
  if (arguments.format.empty()) {
    if (named) return *named;
    throw Error(Code::kInvalidSpec, "the output \"" + arguments.output +
                                        "\" ends in neither .wav nor .npy; name it so, or say with "
                                        "--format what it is: wav, npy or raw");
  }
  const Container& wanted = ContainerOfFlag(flag);
  if (!named || named == &wanted) return wanted;
  throw Error(Code::kInvalidSpec, "--format " + flag + ", but the output \"" + arguments.output +
                                      "\" ends in " + named->ending +
                                      "; leave out --format, or choose another name");
}

template <class T>
SampleEncoding ChosenEncoding(const ResampleArguments& arguments, AudioContainer container) {
  using enum SampleEncoding;
  for (const SampleEncoding encoding : {kPcm16, kPcm24, kFloat32, kFloat64}) {
    if (EncodingName(encoding) == arguments.encoding) return encoding;
  }
  const bool array = container == AudioContainer::kNpy;
  return array ? (sizeof(T) == sizeof(float) ? kFloat32 : kFloat64)
               : NaturalEncoding<T>(arguments.resampler);
}

/// "soxr-hq from 44100 to 16000 Hz", and what was done to the channels.
template <class T>
std::string MadeBy(const ResampleArguments& arguments, const FileResampler<T>& resampler) {
  const std::string mixed = resampler.is_mixed() ? ", mixed down: " + arguments.downmix : "";
  if (resampler.resampler().empty()) {
    return (mixed.empty() ? "untouched: " : "not resampled: ") +
           std::string("the rate is the input's") + mixed;
  }
  return resampler.resampler() + " from " + std::to_string(resampler.input().sample_rate_hz) +
         " to " + std::to_string(resampler.sample_rate_hz()) + " Hz" + mixed;
}

template <class T>
Artifact Written(const ResampleArguments& arguments, const FileResampler<T>& resampler,
                 const AudioWriter& writer, const std::string& output) {
  std::vector<std::int64_t> shape = {writer.samples()};
  if (writer.format().channels > 1) shape.push_back(writer.format().channels);
  return {"samples", MadeBy(arguments, resampler), output, shape,
          EncodingName(writer.format().encoding)};
}

template <class T>
Outcome ResampleOne(const ResampleArguments& arguments, AudioContainer container,
                    const InputRequest& input, const std::string& output,
                    const ProgressFunction& progress) {
  FileResampler<T> resampler(input, arguments.Choices());
  std::optional<RemovedAtTheEnd> removed;  // outlives the writer, which removes it itself
  std::optional<AudioWriter> writer;
  {
    const OutputGuard guard(output);
    writer.emplace(output,
                   AudioFormat{container, ChosenEncoding<T>(arguments, container),
                               resampler.sample_rate_hz(), resampler.channels()},
                   arguments.overwrite);
    removed.emplace(writer->temporary());
  }
  const Resampling resampling = resampler.Run(*writer, progress);
  const OutputGuard guard(output);
  writer->Commit();
  Outcome outcome;
  outcome.audio = resampler.input();
  outcome.duration_s = resampling.duration_s;
  outcome.seconds = resampling.seconds;
  outcome.artifact = Written(arguments, resampler, *writer, output);
  outcome.rate_change =
      RateChange{resampler.resampler(), resampler.sample_rate_hz(), resampling.samples_in,
                 resampling.samples_out, writer->clipped()};
  return outcome;
}

int Run(const ResampleArguments& arguments) {
  FindResampler(arguments.resampler);
  const Container& container = ChosenContainer(arguments);
  const auto resample = arguments.precision == "double" ? ResampleOne<double> : ResampleOne<float>;
  return RunBatch(
      arguments,
      [&](const InputRequest& input, const std::string& output, Workers*,
          const ProgressFunction& progress) {
        return resample(arguments, container.container, input, output, progress);
      },
      container.ending);
}

std::string CheckRate(const std::string& text) {
  int rate_hz = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate_hz);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (whole && rate_hz >= 1 && rate_hz <= kMaxSampleRateHz) return "";
  return "\"" + text + "\" is no sample rate; 1.." + std::to_string(kMaxSampleRateHz) +
         " Hz are legal, such as 16000";
}

void AddFlags(CLI::App& command, ResampleArguments& arguments) {
  arguments.AddFilesTo(command);
  command.add_option("--rate", arguments.rate_hz, "Samples a second that come out")
      ->required()
      ->check(CLI::Validator(CheckRate, ""))
      ->type_name("1.." + std::to_string(kMaxSampleRateHz));
  command
      .add_option("--resampler", arguments.resampler,
                  "The library that it is to equal (see `ossicle resamplers`)")
      ->capture_default_str()
      ->type_name("NAME");
  arguments.AddAudioFlagsTo(command, "all are kept",
                            "Make one channel of several: their mean, which is then resampled, or\n"
                            "the mix of ffmpeg's -ac 1, which resamples each first");
  command.add_option("--precision", arguments.precision, "Of the arithmetic")
      ->check(CLI::IsMember({"float", "double"}))
      ->capture_default_str()
      ->type_name("TYPE");
  command
      .add_option("--encoding", arguments.encoding,
                  "pcm16, pcm24, float32 or float64; if it is not given, that of the\n"
                  "arithmetic, or pcm16 for a resampler that gives 16-bit integers")
      ->check(CLI::IsMember({"pcm16", "pcm24", "float32", "float64"}).description(""))
      ->type_name("TYPE");
  command
      .add_option("--format", arguments.format,
                  "wav, npy or raw; if it is not given, as the output is named, and\n"
                  "wav on standard output and in a folder")
      ->check(CLI::IsMember({"wav", "npy", "raw"}).description(""))
      ->type_name("KIND");
  arguments.AddWorkFlagsTo(command, "Inputs at a time; one a core if it is not given");
  arguments.AddOutputTo(command, "NAME.wav");
}

}  // namespace

void AddResample(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("resample",
                         "Examples:\n"
                         "  ossicle resample talk.wav -o talk16.wav --rate 16000\n"
                         "  ossicle resample --rate 16000 --resampler swr-s16 a.flac b.mp3 -o "
                         "folder/\n"
                         "  cat talk.s16 | ossicle resample --raw s16le:44100:2 --rate 16000 - -o "
                         "out.npy\n\n"
                         "Audio at another rate, as the library that you name resamples it");
  auto arguments = std::make_shared<ResampleArguments>();
  AddFlags(*command, *arguments);
  command->callback([arguments, &exit_code] { exit_code = Run(*arguments); });
}

}  // namespace ossicle::cli

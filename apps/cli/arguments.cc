#include "arguments.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "ossicle/error.h"
#include "ossicle/resampler.h"

namespace ossicle::cli {

std::string ReadText(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    const std::string reason =
        errno == ENOENT ? "no such file; check the path" : std::strerror(errno != 0 ? errno : EIO);
    throw Error(Code::kInvalidSpec, "cannot be read: " + reason);
  }
  return text;
}

FrontendSpec ReadSpec(const std::string& text) {
  if (!text.ends_with(".json")) return Preset(text);
  try {
    return FrontendSpec::FromJson(ReadText(text));
  } catch (const Error& error) {
    throw Error(error.code(), "front end \"" + text + "\": " + error.what());
  }
}

CLI::Option* InputArguments::AddFilesTo(CLI::App& command) {
  return command.add_option("input", inputs, "WAV, FLAC, Ogg Vorbis, Opus or MP3; - with --raw")
      ->required()
      ->type_name("IN");
}

CLI::Option* InputArguments::AddInputsTo(CLI::App& command) {
  CLI::Option* input_option = AddFilesTo(command);
  AddFrontendTo(command);
  AddWorkFlagsTo(command);
  return input_option;
}

void InputArguments::AddFrontendTo(CLI::App& command) {
  command.add_option("--frontend", frontend, "Preset (see `ossicle frontends`) or a spec's .json")
      ->required()
      ->type_name("NAME|FILE.json");
  AddAudioFlagsTo(command);
  command
      .add_option("--resampler", resampler,
                  "What brings audio to the front end's rate, instead of its own\n"
                  "choice, such as soxr-hq")
      ->type_name("NAME");
}

void InputArguments::AddWorkFlagsTo(CLI::App& command, const std::string& workers_text) {
  command.add_option("--workers", workers, workers_text)
      ->check(CLI::Range(1, 256).description(""))
      ->type_name("1..256");
  AddWriteFlagsTo(command);
}

void InputArguments::AddWriteFlagsTo(CLI::App& command) {
  command.add_flag("--overwrite", overwrite, "Replace what is there already");
  command.add_flag("--quiet", quiet, "Write nothing but errors to standard error");
}

void InputArguments::AddAudioFlagsTo(CLI::App& command, const std::string& otherwise,
                                     const std::string& downmix_text) {
  command.add_option("--raw", raw, "The audio is raw PCM, such as s16le:16000:1")
      ->type_name("FMT:RATE:CHANNELS");
  command.add_option("--channel", channel, "Take this channel, from 0; otherwise " + otherwise)
      ->check(CLI::Range(0, 63).description(""))
      ->type_name("0..63");
  command.add_option("--downmix", downmix, downmix_text)
      ->check(CLI::IsMember({"mean", "ffmpeg"}))
      ->type_name("RULE");
}

void InputArguments::AddOutputTo(CLI::App& command, const std::string& one_each) {
  command
      .add_option("-o,--output", output,
                  "File, - for standard output, or a folder for one " + one_each + " each")
      ->required()
      ->type_name("OUT");
  command.add_flag("--json", json, "Print a summary for programs");
}

FrontendSpec InputArguments::Spec() const {
  FrontendSpec spec = ReadSpec(frontend);
  if (!layout.empty()) spec.layout = ParseLayout(layout);
  if (!resampler.empty()) {
    FindResampler(resampler);
    spec.resampler = resampler;
  }
  spec.downmix = DownmixOr(spec.downmix);
  return spec;
}

Downmix InputArguments::DownmixOr(Downmix otherwise) const {
  return downmix.empty() ? otherwise : ParseDownmix(downmix);
}

InputRequest InputArguments::Request(const std::string& input) const {
  InputRequest request;
  request.path = input;
  if (!raw.empty()) request.raw = RawFormat::Parse(raw);
  if (input == "-" && raw.empty()) {
    throw Error(Code::kInvalidSpec,
                "- (standard input) needs --raw FMT:RATE:CHANNELS, such as --raw s16le:16000:1");
  }
  if (channel >= 0) request.channel = channel;
  return request;
}

int InputArguments::Workers() const {
  return workers > 0 ? workers : ossicle::Workers::HardwareCount();
}

}  // namespace ossicle::cli

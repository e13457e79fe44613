// Changes each choice of each preset alone, and two together, computes features of speech with it
// and counts how often IdentifyFrontend names what was changed. With --resample, the audio is of
// another rate, and what is changed is the resampler, once to each there is: alone, or with --pairs
// beside another choice.
//
//   compare_judge [--pairs] [--resample HZ] [--step N] [--first N] [--preset NAME] [--only TEXT]
//                 [--verbose] [--least SHARE] [--most-seconds S]
//
// With --step, every N-th case. It fails when a smaller share than --least is named, or when a case
// takes longer than --most-seconds of one core.

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compare/perturb.h"
#include "oracle/signals.h"
#include "ossicle/compare.h"
#include "ossicle/error.h"
#include "ossicle/frontend.h"
#include "ossicle/resampler.h"

namespace ossicle::test {
namespace {

struct Options {
  bool pairs = false, verbose = false;
  int resample_hz = 0;
  std::size_t step = 1, first = 0;
  std::string preset, only;
  double least_share = 0.0, most_seconds = 1e9;
};

struct Case {
  std::string preset;
  std::vector<Perturbation> changes;
  FrontendSpec spec;
  std::string Name() const {
    std::string name = preset;
    for (const Perturbation& change : changes) name += " " + change.field + "=" + change.value;
    return name;
  }
};

struct Audio {
  std::vector<float> samples;
  int rate_hz = 0;

  std::vector<float> For(const FrontendSpec& spec) const {
    return Resample<float>(spec.resampler, samples, rate_hz, spec.sample_rate_hz);
  }
};

/// Speech; for rates above its own, the same samples played faster, so that all bands hold speech.
Audio MakeAudio(int rate_hz) {
  constexpr double kSeconds = 5.0;
  return {oracle::Speech(kSeconds * rate_hz / 16000), rate_hz};
}

struct Matrix {
  std::vector<double> values;
  std::int64_t frames = 0;
  double spread = 0.0;
};

template <class T>
Matrix Compute(const FrontendSpec& spec, const Audio& audio) {
  const Frontend frontend(spec);
  const std::vector<float> samples = audio.For(spec);
  const std::vector<T> values = frontend.Run<T>(samples);
  Matrix matrix{{values.begin(), values.end()},
                frontend.Frames(static_cast<std::int64_t>(samples.size()))};
  double mean = 0.0, squares = 0.0;
  const auto count = static_cast<double>(values.size());
  for (const double x : matrix.values) mean += x / count;
  for (const double x : matrix.values) squares += (x - mean) * (x - mean) / count;
  matrix.spread = std::sqrt(squares);
  return matrix;
}

/// Whether two specs give the same numbers but for rounding: the root mean square of the difference
/// by the spread.
bool SameNumbers(const FrontendSpec& a, const FrontendSpec& b, const Audio& audio,
                 double tolerance) {
  if (a.bands() != b.bands() || a.layout != b.layout || a.sample_rate_hz != b.sample_rate_hz) {
    return false;
  }
  const Matrix x = Compute<double>(a, audio), y = Compute<double>(b, audio);
  if (x.frames != y.frames) return false;
  double squares = 0.0;
  for (std::size_t i = 0; i < x.values.size(); ++i) {
    squares += (x.values[i] - y.values[i]) * (x.values[i] - y.values[i]);
  }
  return std::sqrt(squares / static_cast<double>(x.values.size())) <= tolerance * y.spread;
}

constexpr double kSame = 1e-5;

std::vector<Case> Singles(const std::string& name) {
  std::vector<Case> cases;
  const FrontendSpec preset = Preset(name);
  for (const Perturbation& change : Perturbations(preset)) {
    FrontendSpec spec = preset;
    change.apply(spec);
    cases.push_back({name, {change}, spec});
  }
  return cases;
}

/// The preset with each resampler, and with another change as well in `pairs`; none of a preset
/// that has the audio's own rate.
std::vector<Case> OtherResamplers(const std::string& name, int audio_rate_hz, bool pairs) {
  std::vector<Case> cases;
  const FrontendSpec preset = Preset(name);
  if (preset.sample_rate_hz == audio_rate_hz) return cases;
  const std::vector<Perturbation> changes = Perturbations(preset);
  std::uint32_t random = 12345;
  for (const ResamplerInfo& info : Resamplers()) {
    const Perturbation change = {"resampler", info.name,
                                 [=](FrontendSpec& s) { s.resampler = info.name; }};
    FrontendSpec spec = preset;
    change.apply(spec);
    cases.push_back({name, {change}, spec});
    if (!pairs) continue;
    random = random * 1664525u + 1013904223u;
    const Perturbation& other = changes[(random >> 8) % changes.size()];
    other.apply(cases.back().spec);
    cases.back().changes.push_back(other);
  }
  return cases;
}

/// Each change with one other, of another field, that a fixed generator chooses.
std::vector<Case> Pairs(const std::string& name) {
  std::vector<Case> cases;
  const FrontendSpec preset = Preset(name);
  const std::vector<Perturbation> changes = Perturbations(preset);
  std::uint32_t random = 12345;
  for (const Perturbation& change : changes) {
    for (int attempt = 0; attempt < 20; ++attempt) {
      random = random * 1664525u + 1013904223u;
      const Perturbation& other = changes[(random >> 8) % changes.size()];
      if (other.field == change.field) continue;
      FrontendSpec spec = preset;
      change.apply(spec);
      // A change of a step needs it in its place.
      if (spec.steps.size() != preset.steps.size()) continue;
      other.apply(spec);
      if (!IsLegal(spec)) continue;
      cases.push_back({name, {change, other}, spec});
      break;
    }
  }
  return cases;
}

/// The right resampler is among those of which it is said that nothing tells them apart.
bool NamedAsWell(const std::vector<ResamplerMatch>& matches, FrontendSpec found,
                 const FrontendSpec& wanted) {
  found.resampler = wanted.resampler;
  return Deviations(found, wanted).empty() &&
         std::any_of(matches.begin(), matches.end(), [&](const ResamplerMatch& match) {
           return match.fits_as_well && match.resampler == wanted.resampler;
         });
}

/// Nothing tells two resamplers apart, it is said, whose numbers are not the same.
bool ClaimsTooMuch(const std::vector<ResamplerMatch>& matches, const FrontendSpec& wanted,
                   const Audio& audio) {
  return std::any_of(matches.begin(), matches.end(), [&](const ResamplerMatch& match) {
    FrontendSpec other = wanted;
    other.resampler = match.resampler;
    return match.fits_as_well && !SameNumbers(other, wanted, audio, kSame);
  });
}

/// Whether each change alters the numbers beyond rounding, beside the others.
bool Alters(const Case& one, const Audio& audio) {
  const FrontendSpec preset = Preset(one.preset);
  for (std::size_t left_out = 0; left_out < one.changes.size(); ++left_out) {
    FrontendSpec spec = preset;
    for (std::size_t i = 0; i < one.changes.size(); ++i) {
      if (i != left_out) one.changes[i].apply(spec);
    }
    if (!IsLegal(spec)) continue;
    if (SameNumbers(spec, one.spec, audio, kSame)) return false;
  }
  return true;
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec) +
         1e-6 * static_cast<double>(usage.ru_utime.tv_usec);
}

struct Counts {
  int cases = 0, named = 0, equivalent = 0;
  double seconds = 0.0, most_seconds = 0.0;
  void Add(bool is_named, bool is_equivalent, double taken) {
    ++cases;
    named += is_named ? 1 : 0;
    equivalent += is_equivalent ? 1 : 0;
    seconds += taken;
    most_seconds = std::max(most_seconds, taken);
  }
  double Share() const {
    return cases == 0 ? 1.0 : static_cast<double>(named + equivalent) / cases;
  }
};

const char* Name(Certainty certainty) {
  return certainty == Certainty::kExact    ? "exact"
         : certainty == Certainty::kLikely ? "likely"
                                           : "none";
}

void PrintCase(const Case& one, const Identification& found, double seconds, const char* verdict) {
  std::printf("%-10s %5.2f s %6lld  %s\n", verdict, seconds,
              static_cast<long long>(found.evaluations), one.Name().c_str());
  std::printf("           %s %.2g, nearest %s\n", Name(found.certainty), found.relative_error,
              found.nearest_preset.c_str());
  for (const Deviation& d : Deviations(found.best, one.spec)) {
    std::printf("             %s: %s; true: %s\n", d.field.c_str(), d.found.c_str(),
                d.wanted.c_str());
  }
}

class Judge {
 public:
  explicit Judge(const Options& options) : options_(options) {}

  int Run() {
    std::size_t number = 0;
    for (const PresetInfo& info : Presets()) {
      if (!options_.preset.empty() && info.name != options_.preset) continue;
      const Audio audio = AudioOf(info.name);
      for (const Case& one : Cases(info.name)) {
        if (number++ % options_.step != options_.first) continue;
        if (one.Name().find(options_.only) == std::string::npos) continue;
        // Of resamplers that are the same on this audio, each has to be said to be.
        if ((options_.resample_hz > 0 && !options_.pairs) || Alters(one, audio)) Try(one, audio);
      }
    }
    return Report();
  }

 private:
  Audio AudioOf(const std::string& preset) const {
    if (options_.resample_hz > 0) return MakeAudio(options_.resample_hz);
    return MakeAudio(std::max(Preset(preset).sample_rate_hz, 16000));
  }

  std::vector<Case> Cases(const std::string& preset) const {
    if (options_.resample_hz > 0) {
      return OtherResamplers(preset, options_.resample_hz, options_.pairs);
    }
    return options_.pairs ? Pairs(preset) : Singles(preset);
  }

  void Try(const Case& one, const Audio& audio) {
    const Matrix made = Compute<float>(one.spec, audio);
    const std::int64_t bands = one.spec.bands();
    UnknownFeatures features{made.values, made.frames, bands};
    if (one.spec.layout == Layout::kBandsFirst) std::swap(features.rows, features.columns);
    const double before = CpuSeconds();
    Identification found;
    try {
      found = IdentifyFrontend(features, audio.samples, audio.rate_hz);
    } catch (const Error& error) {
      std::printf("ERROR %s: %s\n", one.Name().c_str(), error.what());
    }
    const double seconds = CpuSeconds() - before;
    FrontendSpec known = found.best;
    known.min_samples = one.spec.min_samples;
    // Of noise, only how loud it is can be found.
    known.dither_seed = one.spec.dither_seed;
    constexpr double kDitherFactor = 1.5;
    if (known.dither < one.spec.dither * kDitherFactor &&
        known.dither > one.spec.dither / kDitherFactor) {
      known.dither = one.spec.dither;
    }
    const bool named =
        Deviations(known, one.spec).empty() && !ClaimsTooMuch(found.resamplers, one.spec, audio);
    const bool same = !named && (SameNumbers(known, one.spec, audio, kSame) ||
                                 NamedAsWell(found.resamplers, known, one.spec));
    const char* verdict = named ? "named" : same ? "equivalent" : "WRONG";
    if (options_.verbose || (!named && !same)) PrintCase(one, found, seconds, verdict);
    std::fflush(stdout);
    all_.Add(named, same, seconds);
    for (const Perturbation& change : one.changes) fields_[change.field].Add(named, same, seconds);
    presets_[one.preset].Add(named, same, seconds);
  }

  static void Print(const std::string& what, const Counts& counts) {
    std::printf(
        "%-28s %4d cases, %4d named, %3d equivalent, %3d wrong: %5.1f %%, %5.2f s a case, "
        "at most %.2f s\n",
        what.c_str(), counts.cases, counts.named, counts.equivalent,
        counts.cases - counts.named - counts.equivalent, 100 * counts.Share(),
        counts.seconds / std::max(1, counts.cases), counts.most_seconds);
  }

  int Report() const {
    for (const auto& [name, counts] : presets_) Print(name, counts);
    for (const auto& [name, counts] : fields_) Print(name, counts);
    Print(options_.resample_hz > 0 ? "all resamplers"
          : options_.pairs         ? "all pairs"
                                   : "all singles",
          all_);
    const bool good = all_.cases > 0 && all_.Share() >= options_.least_share &&
                      all_.most_seconds <= options_.most_seconds;
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
  }

  const Options& options_;
  Counts all_;
  std::map<std::string, Counts> fields_, presets_;
};

}  // namespace
}  // namespace ossicle::test

int main(int argc, char** argv) {
  ossicle::test::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    const auto value = [&] { return std::string(i + 1 < argc ? argv[++i] : ""); };
    if (flag == "--pairs") options.pairs = true;
    if (flag == "--resample") options.resample_hz = std::stoi(value());
    if (flag == "--verbose") options.verbose = true;
    if (flag == "--step") options.step = std::stoul(value());
    if (flag == "--first") options.first = std::stoul(value());
    if (flag == "--preset") options.preset = value();
    if (flag == "--only") options.only = value();
    if (flag == "--most-seconds") options.most_seconds = std::stod(value());
    if (flag == "--least") options.least_share = std::stod(value());
  }
  return ossicle::test::Judge(options).Run();
}

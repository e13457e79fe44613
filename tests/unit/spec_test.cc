#include "ossicle/spec.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "ossicle/error.h"

namespace ossicle {
namespace {

using Change = std::function<void(FrontendSpec&)>;

/// The message of the Error(kInvalidSpec) that `run` throws; empty, and a failure, if none.
std::string InvalidMessage(const std::function<void()>& run) {
  try {
    run();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidSpec) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

struct OutOfRange {
  Change change;
  std::string field;
  std::string value;
  std::string range;
};

void PrintTo(const OutOfRange& param, std::ostream* out) {
  *out << param.field << "=" << param.value;
}

template <class T>
Change Set(T FrontendSpec::* field, T value) {
  return [=](FrontendSpec& spec) { spec.*field = value; };
}

Change Steps(const std::vector<Step>& steps) {
  return [=](FrontendSpec& spec) { spec.steps = steps; };
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<OutOfRange> SampleFields() {
  using S = FrontendSpec;
  return {
      {Set(&S::sample_rate_hz, 0), "sample_rate_hz", "0", "1..768000"},
      {Set<std::string>(&S::resampler, "soxr"), "resampler", "\"soxr\"", "soxr-hq"},
      {Set<std::string>(&S::resampler, ""), "resampler", "\"\"", "lists all"},
      {Set(&S::min_samples, 0), "min_samples", "0", "1..1048576"},
      {Set(&S::sample_rate_hz, 768001), "sample_rate_hz", "768001", "1..768000"},
      {Set(&S::input_scale, 0.0), "input_scale", "0", ".."},
      {Set(&S::input_scale, kNan), "input_scale", "nan", ".."},
      {Set(&S::input_scale, kInfinity), "input_scale", "inf", ".."},
      {Set(&S::dither, -0.5), "dither", "-0.5", "0.."},
      {Set(&S::dither, kNan), "dither", "nan", "0.."},
      {Set(&S::preemphasis_coefficient, 1.25), "preemphasis_coefficient", "1.25", "0..1"},
      {Set(&S::preemphasis_coefficient, -0.25), "preemphasis_coefficient", "-0.25", "0..1"},
      {Set(&S::preemphasis_coefficient, kNan), "preemphasis_coefficient", "nan", "0..1"},
      {Set(&S::pad_left_samples, -1), "pad_left_samples", "-1", "0..1048576"},
      {Set(&S::pad_right_samples, 1048577), "pad_right_samples", "1048577", "0..1048576"},
      {Set(&S::append_zeros_samples, -7), "append_zeros_samples", "-7", "0..16777216"},
      {Set(&S::append_zeros_samples, 16777217), "append_zeros_samples", "16777217", "0..16777216"},
      {Set(&S::pad_left_samples, 3), "pad_left_samples", "3", "explicit"},
      {Set(&S::pad_right_samples, 4), "pad_right_samples", "4", "explicit"},
  };
}

std::vector<OutOfRange> SpectrumFields() {
  using S = FrontendSpec;
  return {
      {Set(&S::window_samples, 0), "window_samples", "0", "1.."},
      {Set(&S::window_samples, 401), "window_samples", "401", "1..400"},
      {Set(&S::window_kept_samples, -1), "window_kept_samples", "-1", "0..65536"},
      {Set(&S::window_kept_samples, 401), "window_kept_samples", "401", "0..400"},
      {Set(&S::hop_samples, 0), "hop_samples", "0", "1..1048576"},
      {Set(&S::hop_samples, -160), "hop_samples", "-160", "1..1048576"},
      {Set(&S::hop_samples, 1048577), "hop_samples", "1048577", "1..1048576"},
      {Set(&S::fft_size, 1), "fft_size", "1", "2..65536"},
      {Set(&S::fft_size, 65610), "fft_size", "65610", "2..65536"},
      {Set(&S::fft_size, 401), "fft_size", "401", "2, 3 and 5"},
      {Set(&S::spectrum_epsilon, -1e-3), "spectrum_epsilon", "-0.001", "0..1"},
      {Set(&S::spectrum_epsilon, 1.5), "spectrum_epsilon", "1.5", "0..1"},
      {Set(&S::mel_bands, 0), "mel_bands", "0", "1..1024"},
      {Set(&S::mel_bands, 1025), "mel_bands", "1025", "1..1024"},
      {Set(&S::low_hz, -1.0), "low_hz", "-1", "0.."},
      {Set(&S::low_hz, 8000.0), "low_hz", "8000", "low_hz < high_hz"},
      {Set(&S::low_hz, kNan), "low_hz", "nan", "0.."},
      {Set(&S::high_hz, 8000.5), "high_hz", "8000.5", "8000"},
      {Set(&S::high_hz, kNan), "high_hz", "nan", ".."},
      {Set(&S::log_floor, 0.0), "log_floor", "0", "1e-37..1"},
      {Set(&S::log_floor, 2.0), "log_floor", "2", "1e-37..1"},
      {Set(&S::log_floor, kNan), "log_floor", "nan", "1e-37..1"},
  };
}

std::vector<OutOfRange> EnumFields() {
  using S = FrontendSpec;
  return {
      {Set(&S::downmix, Downmix{2}), "downmix", "2", "0..1"},
      {Set(&S::input_rounding, InputRounding{2}), "input_rounding", "2", "0..1"},
      {Set(&S::preemphasis, PreEmphasis{3}), "preemphasis", "3", "0..2"},
      {Set(&S::framing, Framing{4}), "framing", "4", "0..3"},
      {Set(&S::edge, Edge{3}), "edge", "3", "0..2"},
      {Set(&S::window, Window{4}), "window", "4", "0..3"},
      {Set(&S::window_position, WindowPosition{2}), "window_position", "2", "0..1"},
      {Set(&S::spectrum, Spectrum{3}), "spectrum", "3", "0..2"},
      {Set(&S::mel_scale, MelScale{3}), "mel_scale", "3", "0..2"},
      {Set(&S::mel_interpolation, MelInterpolation{2}), "mel_interpolation", "2", "0..1"},
      {Set(&S::mel_norm, MelNorm{2}), "mel_norm", "2", "0..1"},
      {Set(&S::log, Log{5}), "log", "5", "0..4"},
      {Set(&S::log_floor_rule, LogFloor{2}), "log_floor_rule", "2", "0..1"},
      {Set(&S::layout, Layout{2}), "layout", "2", "0..1"},
  };
}

std::vector<OutOfRange> StepFields() {
  return {
      {Steps({PeakFloor{-1.0}}), "steps[0].range", "-1", "0.."},
      {Steps({Affine{}, PeakFloor{kNan}}), "steps[1].range", "nan", "0.."},
      {Steps({Affine{kInfinity, 0.0}}), "steps[0].scale", "inf", ".."},
      {Steps({Affine{1.0, kNan}}), "steps[0].offset", "nan", ".."},
      {Steps({Clip{2.0, 1.0}}), "steps[0].low", "2", "high=1"},
      {Steps({Clip{0.0, kNan}}), "steps[0].high", "nan", ".."},
      {Steps({Standardize{2, 1e-5}}), "steps[0].ddof", "2", "0..1"},
      {Steps({Standardize{-1, 1e-5}}), "steps[0].ddof", "-1", "0..1"},
      {Steps({Standardize{0, -1.0}}), "steps[0].epsilon", "-1", "0.."},
      {Steps({Cepstrum{0, 22.0, false}}), "steps[0].coefficients", "0", "1.."},
      {Steps({Cepstrum{81, 22.0, false}}), "steps[0].coefficients", "81", "1..80"},
      {Steps({Cepstrum{13, -1.0, false}}), "steps[0].lifter", "-1", "0.."},
      {Steps({Cepstrum{}, Cepstrum{}}), "cepstrum", "2", "1"},
  };
}

class FieldOutOfRange : public testing::TestWithParam<OutOfRange> {};
std::string FieldName(const testing::TestParamInfo<OutOfRange>& info) {
  std::string name = std::to_string(info.index) + "_" + info.param.field;
  std::erase_if(name, [](char c) { return c == '[' || c == ']' || c == '.'; });
  return name;
}
INSTANTIATE_TEST_SUITE_P(Sample, FieldOutOfRange, testing::ValuesIn(SampleFields()), FieldName);
INSTANTIATE_TEST_SUITE_P(Spectrum, FieldOutOfRange, testing::ValuesIn(SpectrumFields()), FieldName);
INSTANTIATE_TEST_SUITE_P(Enum, FieldOutOfRange, testing::ValuesIn(EnumFields()), FieldName);
INSTANTIATE_TEST_SUITE_P(Step, FieldOutOfRange, testing::ValuesIn(StepFields()), FieldName);

TEST_P(FieldOutOfRange, IsRefusedWithItsNameItsValueAndItsRange) {
  FrontendSpec spec;
  GetParam().change(spec);
  const std::string message = InvalidMessage([&] { spec.Validate(); });
  EXPECT_NE(message.find(GetParam().field), std::string::npos) << message;
  EXPECT_NE(message.find(GetParam().value), std::string::npos) << message;
  EXPECT_NE(message.find(GetParam().range), std::string::npos) << message;
}

TEST(FrontendSpec, IsValidAtBothEndsOfEveryRange) {
  FrontendSpec least;
  least.sample_rate_hz = least.window_samples = least.hop_samples = least.mel_bands = 1;
  least.fft_size = 2;
  least.high_hz = 0.5;
  least.log_floor = 1e-37;
  EXPECT_NO_THROW(least.Validate());
  FrontendSpec most;
  most.sample_rate_hz = 768000;
  most.high_hz = 384000;
  most.framing = Framing::kExplicit;
  most.pad_left_samples = most.pad_right_samples = most.hop_samples = 1 << 20;
  most.append_zeros_samples = 1 << 24;
  most.window_samples = most.fft_size = 65536;
  most.mel_bands = 1024;
  most.preemphasis_coefficient = most.spectrum_epsilon = most.log_floor = 1.0;
  EXPECT_NO_THROW(most.Validate());
}

TEST(FrontendSpec, OfAWaveformSaysWhatDoesNotGoWithIt) {
  const FrontendSpec good = Preset("wav2vec2");
  const std::vector<std::pair<Change, std::string>> changes = {
      {Set(&FrontendSpec::hop_samples, 2), "hop_samples"},
      {Set(&FrontendSpec::mel_bands, 2), "mel_bands"},
      {Set(&FrontendSpec::window_position, WindowPosition::kCenter), "window_position"},
      {Set(&FrontendSpec::framing, Framing::kCenter), "framing"},
      {Set(&FrontendSpec::preemphasis, PreEmphasis::kFrame), "preemphasis"},
      {Set(&FrontendSpec::remove_dc, true), "remove_dc"},
      {Set(&FrontendSpec::log, Log::kLn), "log"},
      {Set(&FrontendSpec::spectrum_epsilon, 1e-9), "spectrum_epsilon"},
      {Steps({Cepstrum{1, 0.0, false}}), "cepstrum"}};
  for (const auto& [change, field] : changes) {
    FrontendSpec spec = good;
    change(spec);
    const std::string message = InvalidMessage([&] { spec.Validate(); });
    EXPECT_NE(message.find(field), std::string::npos) << message;
    EXPECT_NE(message.find("waveform"), std::string::npos) << message;
  }
}

TEST(FrontendSpec, NamesTheNextGoodFftSize) {
  FrontendSpec spec;
  spec.fft_size = 401;
  EXPECT_NE(InvalidMessage([&] { spec.Validate(); }).find("405"), std::string::npos);
}

TEST(FrontendSpec, ComparesEverythingButItsName) {
  FrontendSpec spec;
  spec.name = "another";
  EXPECT_EQ(spec, FrontendSpec());
  for (const Change& change :
       {Set(&FrontendSpec::hop_samples, 161), Set(&FrontendSpec::dither_seed, std::uint64_t{1}),
        Set<std::string>(&FrontendSpec::resampler, "kaldi"),
        Set(&FrontendSpec::downmix, Downmix::kFfmpeg), Set(&FrontendSpec::mel_float32, false),
        Set(&FrontendSpec::layout, Layout::kBandsFirst), Set(&FrontendSpec::log_floor, 1e-9),
        Steps({Affine{}})}) {
    FrontendSpec changed;
    change(changed);
    EXPECT_FALSE(changed == FrontendSpec());
  }
}

TEST(FrontendSpec, CountsTheBandsOfItsCepstrum) {
  FrontendSpec spec;
  EXPECT_EQ(spec.bands(), 80);
  spec.steps = {Affine{}, Cepstrum{20, 0.0, false}};
  EXPECT_EQ(spec.bands(), 20);
}

TEST(FrontendSpec, CoversTheFftOnlyWithACentredWindow) {
  FrontendSpec spec;
  spec.fft_size = 512;
  EXPECT_EQ(spec.frame_samples(), 512);
  EXPECT_EQ(spec.pad_left(), 256);
  spec.window_position = WindowPosition::kLeft;
  EXPECT_EQ(spec.frame_samples(), 400);
  spec.framing = Framing::kKaldiNoSnip;
  EXPECT_EQ(spec.pad_left(), 120);
  spec.hop_samples = 1000;
  EXPECT_EQ(spec.pad_left(), -300);
}

TEST(FrontendSpecJson, HoldsOneFieldALine) {
  const std::string json = FrontendSpec().ToJson();
  EXPECT_NE(json.find("\n  \"hop_samples\": 160,\n"), std::string::npos) << json;
  EXPECT_NE(json.find("\n  \"log_floor\": 1e-10,\n"), std::string::npos) << json;
}

TEST(FrontendSpecJson, GivesALeftOutFieldItsDefault) {
  EXPECT_EQ(FrontendSpec::FromJson("{}"), FrontendSpec());
  FrontendSpec expected;
  expected.hop_samples = 200;
  EXPECT_EQ(FrontendSpec::FromJson(R"({"hop_samples": 200})"), expected);
}

TEST(FrontendSpecJson, KeepsTheLargestSeed) {
  FrontendSpec spec;
  spec.dither_seed = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(FrontendSpec::FromJson(spec.ToJson()).dither_seed, spec.dither_seed);
}

struct BadJson {
  std::string json;
  std::vector<std::string> said;
};

TEST(FrontendSpecJson, RefusesWhatItDoesNotUnderstandAndSaysWhy) {
  const std::vector<BadJson> cases = {
      {"", {"JSON"}},
      {"{", {"JSON"}},
      {"[]", {"object"}},
      {"3", {"object"}},
      {R"({"hop": 160})", {"hop", "unknown"}},
      {R"({"hop_samples": "160"})", {"hop_samples", "160", "integer"}},
      {R"({"hop_samples": 160.5})", {"hop_samples", "160.5", "integer"}},
      {R"({"hop_samples": null})", {"hop_samples", "null", "integer"}},
      {R"({"hop_samples": 99999999999})", {"hop_samples", "99999999999"}},
      {R"({"hop_samples": 18446744073709551615})", {"hop_samples", "18446744073709551615"}},
      {R"({"hop_samples": 0})", {"hop_samples", "0", "1..1048576"}},
      {R"({"remove_dc": 1})", {"remove_dc", "1", "true or false"}},
      {R"({"dither_seed": -1})", {"dither_seed", "-1"}},
      {R"({"low_hz": "low"})", {"low_hz", "low", "number"}},
      {R"({"window": "han"})", {"window", "han", "hann", "povey"}},
      {R"({"window": 1})", {"window", "1", "string"}},
      {R"({"name": 1})", {"name", "1", "string"}},
      {R"({"steps": {}})", {"steps", "array"}},
      {R"({"steps": [1]})", {"steps[0]", "object"}},
      {R"({"steps": [{}]})", {"steps[0]", "step"}},
      {R"({"steps": [{"step": "clamp"}]})", {"steps[0]", "clamp", "clip"}},
      {R"({"steps": [{"step": 4}]})", {"steps[0]", "4"}},
      {R"({"steps": [{"step": "clip", "hi": 4}]})", {"steps[0]", "hi", "unknown"}},
      {R"({"steps": [{"step": "clip", "high": "4"}]})", {"steps[0].high", "4", "number"}},
      {R"({"steps": [{"step": "clip", "high": -4}]})", {"steps[0].low", "high"}},
  };
  for (const BadJson& bad : cases) {
    SCOPED_TRACE(bad.json);
    const std::string message = InvalidMessage([&] { FrontendSpec::FromJson(bad.json); });
    for (const std::string& word : bad.said) {
      EXPECT_NE(message.find(word), std::string::npos) << word << " is not in: " << message;
    }
  }
}

TEST(FrontendSpecJson, GivesNoForeignErrorForANameThatIsNotUtf8) {
  FrontendSpec spec;
  spec.name = "\xff";
  try {
    EXPECT_EQ(FrontendSpec::FromJson(spec.ToJson()), spec);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidSpec);
  }
}

}  // namespace
}  // namespace ossicle

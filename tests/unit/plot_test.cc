#include "plot.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "axis.h"
#include "colormap.h"
#include "ossicle/error.h"
#include "plot_raster.h"
#include "plot_text.h"

// Read by LeakSanitizer: fontconfig keeps the patterns that cairo's fonts were found by.
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions();
const char* __lsan_default_suppressions() { return "leak:libfontconfig\n"; }

namespace ossicle::cli {
namespace {

namespace fs = std::filesystem;

FrontendSpec SmallSpec(int bands) {
  FrontendSpec spec;
  spec.name = "test-mel";
  spec.mel_bands = bands;
  return spec;
}

FrontendSpec CepstrumSpec(int coefficients) {
  FrontendSpec spec = SmallSpec(40);
  spec.steps = {Cepstrum{.coefficients = coefficients}};
  return spec;
}

template <class Value>
Features<float> MakeFeatures(std::int64_t frames, int bands, Layout layout, const Value& value) {
  Features<float> features(bands, layout);
  for (std::int64_t frame = 0; frame < frames;) {
    const FeatureView<float> view = features.Append(frames - frame);
    for (std::int64_t row = 0; row < view.frames; ++row, ++frame) {
      for (int b = 0; b < bands; ++b) view.at(row, b) = static_cast<float>(value(frame, b));
    }
  }
  return features;
}

Features<float> Ramp(std::int64_t frames, int bands) {
  return MakeFeatures(frames, bands, Layout::kFramesFirst,
                      [](std::int64_t t, int b) { return static_cast<double>(t % 7 + b); });
}

std::array<double, 3> Oklab(std::uint32_t rgb) {
  const auto linear = [](double c) {
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  const double r = linear((rgb >> 16) / 255.0);
  const double g = linear((rgb >> 8 & 255) / 255.0);
  const double b = linear((rgb & 255) / 255.0);
  const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

double MelOf(const FrontendSpec& spec, double hz) {
  if (spec.mel_scale != MelScale::kSlaney) {
    return spec.mel_scale == MelScale::kHtk ? 2595.0 * std::log10(1.0 + hz / 700.0)
                                            : 1127.0 * std::log(1.0 + hz / 700.0);
  }
  return hz < 1000.0 ? 3.0 * hz / 200.0 : 15.0 + 27.0 * std::log(hz / 1000.0) / std::log(6.4);
}

class PlotFile : public ::testing::Test {
 protected:
  PlotFile() : folder_(fs::temp_directory_path() / ("ossicle-plot-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~PlotFile() override { fs::remove_all(folder_); }

  PlotOptions Options(const std::string& name) const {
    PlotOptions options;
    options.path = (folder_ / name).string();
    options.title = "a <b> & c.wav";
    return options;
  }
  std::string Draw(const Features<float>& features, const FrontendSpec& spec,
                   const PlotOptions& options) const {
    PlotFeatures(features, spec, options);
    std::ifstream file(options.path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Code CodeOf(const Features<float>& features, const FrontendSpec& spec, const PlotOptions& options,
              std::string* message = nullptr) const {
    try {
      PlotFeatures(features, spec, options);
    } catch (const Error& error) {
      if (message) *message = error.what();
      return error.code();
    }
    ADD_FAILURE() << "no error for " << options.path;
    return Code::kInterrupted;
  }
  int FilesInFolder() const {
    return static_cast<int>(std::distance(fs::directory_iterator(folder_), {}));
  }

 private:
  fs::path folder_;
};

std::uint32_t BigEndian(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

void ExpectPngOfSize(const std::string& bytes, std::uint32_t width, std::uint32_t height) {
  ASSERT_GT(bytes.size(), 24u);
  EXPECT_EQ(bytes.substr(0, 8), "\x89PNG\r\n\x1A\n");
  EXPECT_EQ(BigEndian(bytes, 16), width);
  EXPECT_EQ(BigEndian(bytes, 20), height);
  EXPECT_NE(bytes.find("IEND"), std::string::npos);
}

TEST(ColorMap, ClimbsInLightnessByEqualSeenSteps) {
  constexpr int kSteps = 16;
  double shortest = std::numeric_limits<double>::infinity();
  double longest = 0.0;
  for (int i = 0; i < kSteps; ++i) {
    const auto from = Oklab(ColorAt(i / double{kSteps}));
    const auto to = Oklab(ColorAt((i + 1) / double{kSteps}));
    EXPECT_GT(to[0], from[0] + 0.03) << "step " << i;
    const double length = std::hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
    shortest = std::min(shortest, length);
    longest = std::max(longest, length);
  }
  EXPECT_LT(longest / shortest, 1.15);
}

TEST(ColorMap, TakesAnyPosition) {
  EXPECT_EQ(ColorAt(-1.0), ColorAt(0.0));
  EXPECT_EQ(ColorAt(7.0), ColorAt(1.0));
  EXPECT_EQ(ColorAt(std::numeric_limits<double>::quiet_NaN()), ColorAt(0.0));
  EXPECT_EQ(ColorAt(std::numeric_limits<double>::infinity()), ColorAt(1.0));
}

TEST(LinearTicks, AreRoundInsideTheAxisAndNeitherFewNorMany) {
  const std::vector<std::array<double, 2>> ranges = {
      {0.0, 7.1}, {-0.005, 0.005}, {-23.03, 2.5}, {3599.99, 7200.01}, {0.0, 1e9}, {1e-7, 3e-7}};
  for (const auto& [low, high] : ranges) {
    for (const int most : {2, 5, 12}) {
      const std::vector<Tick> ticks = LinearTicks(low, high, most);
      ASSERT_GE(ticks.size(), 1u) << low << ".." << high;
      ASSERT_LE(ticks.size(), static_cast<std::size_t>(most)) << low << ".." << high;
      for (const Tick& tick : ticks) {
        EXPECT_GE(tick.position, 0.0);
        EXPECT_LE(tick.position, 1.0);
        EXPECT_NEAR(std::stod(tick.label), tick.value, 1e-9 * (high - low)) << tick.label;
        EXPECT_LE(tick.label.size(), 8u) << tick.label;
      }
    }
  }
}

TEST(LinearTicks, AreTheOnesAReaderExpects) {
  std::vector<std::string> labels;
  for (const Tick& tick : LinearTicks(-0.72, 1.28, 6)) labels.push_back(tick.label);
  EXPECT_EQ(labels, (std::vector<std::string>{"-0.5", "0.0", "0.5", "1.0"}));
}

TEST(FrequencyTicks, AreRoundApartAndWhereTheMelScalePutsThem) {
  constexpr double kGap = 0.06;
  for (const MelScale scale : {MelScale::kSlaney, MelScale::kHtk, MelScale::kKaldi}) {
    for (const auto& [low, high] : std::vector<std::array<double, 2>>{
             {0, 8000}, {20, 7600}, {55, 7600}, {125, 7500}, {0, 22050}, {300, 700}, {0, 96000}}) {
      FrontendSpec spec = SmallSpec(80);
      spec.mel_scale = scale;
      spec.low_hz = low;
      spec.high_hz = high;
      const std::vector<Tick> ticks = FrequencyTicks(spec, kGap);
      ASSERT_GE(ticks.size(), 4u) << low << ".." << high;
      for (std::size_t i = 0; i < ticks.size(); ++i) {
        const double hz = ticks[i].value;
        EXPECT_GE(hz, low);
        EXPECT_LE(hz, high);
        EXPECT_EQ(std::fmod(hz, 50.0), 0.0) << hz;
        EXPECT_EQ(std::stod(ticks[i].label), hz);
        const double position =
            (MelOf(spec, hz) - MelOf(spec, low)) / (MelOf(spec, high) - MelOf(spec, low));
        EXPECT_NEAR(ticks[i].position, position, 1e-12);
        const double below = i > 0 ? ticks[i - 1].position : -1.0;
        EXPECT_GE(ticks[i].position - below, kGap) << hz;
      }
    }
  }
}

TEST(CoefficientTicks, AreWholeNumbersInTheMiddleOfTheirRows) {
  const std::vector<Tick> ticks = CoefficientTicks(13, 20);
  ASSERT_EQ(ticks.size(), 13u);
  EXPECT_EQ(ticks.back().label, "12");
  EXPECT_DOUBLE_EQ(ticks[1].position, 1.5 / 13.0);
  EXPECT_EQ(CoefficientTicks(1, 5).size(), 1u);
  EXPECT_LE(CoefficientTicks(80, 10).size(), 10u);
}

TEST(BandEdges, PutEachBandAroundItsCentre) {
  const FrontendSpec spec = SmallSpec(80);
  const std::vector<double> edges = BandEdges(spec);
  ASSERT_EQ(edges.size(), 81u);
  EXPECT_EQ(edges.front(), 0.0);
  EXPECT_EQ(edges.back(), 1.0);
  for (int b = 1; b < 79; ++b) {
    EXPECT_NEAR(0.5 * (edges[b] + edges[b + 1]), (b + 1) / 81.0, 1e-12) << b;
  }
  EXPECT_EQ(BandEdges(SmallSpec(1)), (std::vector<double>{0.0, 1.0}));
}

TEST(Raster, ShowsTheLoudestFrameOfAColumnAndTheFirstBandAtTheBottom) {
  constexpr std::int64_t kFrames = 100'003;
  constexpr std::int64_t kLoud = 77'777;
  for (const Layout layout : {Layout::kFramesFirst, Layout::kBandsFirst}) {
    const Features<float> features = MakeFeatures(kFrames, 4, layout, [&](std::int64_t t, int b) {
      return t == kLoud && b == 0 ? 1.0 : (t + b) % 3 * 0.4;
    });
    const Raster raster = DrawRaster(features, SmallSpec(4), 500, 40);
    const int loud_x = static_cast<int>(kLoud * 500 / kFrames);
    for (int x = 0; x < 500; ++x) {
      EXPECT_EQ(raster.pixels[39 * 500 + x] == ColorAt(1.0), x == loud_x) << x;
      EXPECT_NE(raster.pixels[x], ColorAt(1.0)) << x;
    }
  }
}

TEST(Raster, DrawsBandsThatOutnumberThePixels) {
  const Features<float> features = MakeFeatures(
      3, 1024, Layout::kFramesFirst, [](std::int64_t, int b) { return b == 777 ? 10.0 : b % 10; });
  const Raster raster = DrawRaster(features, SmallSpec(1024), 3, 100);
  EXPECT_EQ(std::count(raster.pixels.begin(), raster.pixels.end(), ColorAt(1.0)), 3);
}

TEST(Raster, SpansTheValuesDrawn) {
  const Raster raster = DrawRaster(Ramp(70, 10), SmallSpec(10), 70, 100);
  EXPECT_EQ(raster.range.low, 0.0);
  EXPECT_EQ(raster.range.high, 15.0);
  EXPECT_FALSE(raster.range.values_below || raster.range.values_above);
}

TEST(Raster, DoesNotLetOneClickOrASilenceTakeTheColors) {
  const Features<float> features =
      MakeFeatures(1000, 20, Layout::kFramesFirst, [](std::int64_t t, int b) {
        if (t < 300) return -100.0;
        return t == 500 && b == 3 ? 1000.0 : static_cast<double>((t + b) % 11);
      });
  const Raster raster = DrawRaster(features, SmallSpec(20), 1000, 100);
  EXPECT_EQ(raster.range.low, 0.0);
  EXPECT_EQ(raster.range.high, 10.0);
  EXPECT_TRUE(raster.range.values_below && raster.range.values_above);
}

TEST(Raster, LeavesCoefficientZeroOutOfTheRange) {
  const Features<float> features =
      MakeFeatures(50, 13, Layout::kFramesFirst,
                   [](std::int64_t t, int b) { return b == 0 ? 500.0 : double((t + b) % 5); });
  const ColorRange range = DrawRaster(features, CepstrumSpec(13), 50, 50).range;
  EXPECT_EQ(range.high, 4.0);
  EXPECT_TRUE(range.values_above);
}

TEST(Raster, PaintsSilenceAndValuesThatAreNotFinite) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double value : {0.0, -23.02585, 3e38, nan}) {
    const Features<float> features =
        MakeFeatures(5, 4, Layout::kFramesFirst, [&](std::int64_t, int) { return value; });
    const Raster raster = DrawRaster(features, SmallSpec(4), 20, 10);
    EXPECT_LT(raster.range.low, raster.range.high) << value;
    for (const std::uint32_t pixel : raster.pixels) ASSERT_EQ(pixel, ColorAt(0.0)) << value;
  }
}

TEST(PlotText, KeepsUtf8AndReplacesWhatIsNot) {
  EXPECT_EQ(PrintableUtf8("ü – 音.wav"), "ü – 音.wav");
  EXPECT_EQ(PrintableUtf8("a\xFF\x01z\n"), "a\uFFFD\uFFFDz\uFFFD");
  EXPECT_EQ(PrintableUtf8("\xE9\x9F"), "\uFFFD\uFFFD");
  EXPECT_EQ(PrintableUtf8("\xC0\x80"), "\uFFFD\uFFFD");
  EXPECT_EQ(PrintableUtf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(EscapeXml("<a & 'b\">"), "&lt;a &amp; &apos;b&quot;&gt;");
  EXPECT_EQ(WithoutFirstCharacter("üa"), "a");
}

TEST_F(PlotFile, IsAPngOfTheAskedSize) {
  PlotOptions options = Options("a.png");
  ExpectPngOfSize(Draw(Ramp(300, 80), SmallSpec(80), options), 1200, 500);
  options.path += ".PNG";
  options.width = 320;
  options.height = 240;
  ExpectPngOfSize(Draw(Ramp(300, 80), SmallSpec(80), options), 320, 240);
  EXPECT_EQ(FilesInFolder(), 2);
}

TEST_F(PlotFile, SvgNamesItsAxesTicksAndUnit) {
  const FrontendSpec spec = SmallSpec(80);
  const std::string svg = Draw(Ramp(1000, 80), spec, Options("a.svg"));
  for (const std::string& part :
       {std::string("<title>a &lt;b&gt; &amp; c.wav (test-mel)</title>"),
        std::string("Time (s): 0 1 2 3 4 5 6 7 8 9"),
        std::string("Frequency (Hz, mel scale): 0 250 500 750 1000"), FeatureUnit(spec) + ": 0"}) {
    EXPECT_NE(svg.find(part), std::string::npos) << part;
  }
  EXPECT_NE(svg.find("data:image/png;base64,"), std::string::npos);
  EXPECT_NE(svg.find("<use"), std::string::npos) << "no text is drawn";
  EXPECT_NE(svg.find("width=\"1200px\""), std::string::npos);
  EXPECT_NE(svg.find("</svg>"), std::string::npos);
}

TEST_F(PlotFile, NumbersTheRowsOfACepstrum) {
  const std::string svg = Draw(Ramp(100, 13), CepstrumSpec(13), Options("a.svg"));
  EXPECT_NE(svg.find("Coefficient number: 0 1 2 3 4 5 6 7 8 9 10 11 12"), std::string::npos);
}

TEST_F(PlotFile, CentresAFrameOnItsSamples) {
  FrontendSpec spec = SmallSpec(8);
  spec.framing = Framing::kNoPadding;
  spec.sample_rate_hz = 100;
  spec.high_hz = 50.0;
  spec.fft_size = 400;
  spec.hop_samples = 200;
  // One frame over samples 0..399 lies at 2 s; its column is one hop wide.
  const std::string svg = Draw(Ramp(1, 8), spec, Options("a.svg"));
  EXPECT_NE(svg.find("Time (s): 1.0 1.2 1.4 1.6 1.8 2.0 2.2 2.4 2.6 2.8 3.0;"), std::string::npos)
      << svg.substr(0, 600);
}

TEST_F(PlotFile, TakesOneFrameOneBandAndAnyTitle) {
  PlotOptions options = Options("a.png");
  options.title = std::string(5000, 'x') + "\xFF\x01\n";
  ExpectPngOfSize(Draw(Ramp(1, 1), SmallSpec(1), options), 1200, 500);
  options.overwrite = true;
  options.title = "";
  ExpectPngOfSize(Draw(Ramp(1, 1), CepstrumSpec(1), options), 1200, 500);
}

TEST_F(PlotFile, RefusesAnEndingThatNamesNoFormat) {
  for (const char* name : {"a.jpg", "a", "png", ""}) {
    std::string message;
    PlotOptions options = Options(name);
    options.path = name;
    EXPECT_EQ(CodeOf(Ramp(2, 8), SmallSpec(8), options, &message), Code::kInvalidSpec);
    EXPECT_NE(message.find(".png"), std::string::npos) << message;
    EXPECT_NE(message.find(".svg"), std::string::npos) << message;
  }
}

TEST_F(PlotFile, RefusesSizesOutOfRange) {
  PlotOptions options = Options("a.png");
  for (const int width : {-1, 0, 319, 8193}) {
    options.width = width;
    EXPECT_EQ(CodeOf(Ramp(2, 8), SmallSpec(8), options), Code::kInvalidSpec) << width;
  }
  options.width = 320;
  options.height = 239;
  EXPECT_EQ(CodeOf(Ramp(2, 8), SmallSpec(8), options), Code::kInvalidSpec);
}

TEST_F(PlotFile, RefusesNoFramesAndForeignBands) {
  std::string message;
  EXPECT_EQ(CodeOf(Ramp(0, 8), SmallSpec(8), Options("a.png"), &message), Code::kShape);
  EXPECT_NE(message.find("400 samples"), std::string::npos) << message;
  EXPECT_EQ(CodeOf(Ramp(5, 8), SmallSpec(9), Options("a.png")), Code::kShape);
  EXPECT_EQ(FilesInFolder(), 0);
}

TEST_F(PlotFile, ReplacesAFileOnlyWhenAsked) {
  PlotOptions options = Options("a.png");
  const std::string before = Draw(Ramp(10, 8), SmallSpec(8), options);
  EXPECT_EQ(CodeOf(Ramp(20, 8), SmallSpec(8), options), Code::kOutput);
  options.overwrite = true;
  EXPECT_NE(Draw(Ramp(20, 8), SmallSpec(8), options), before);
  EXPECT_EQ(FilesInFolder(), 1);
}

// A file size limit stands in for a full disk: write(2) fails with EFBIG.
TEST_F(PlotFile, LeavesNothingBehindWhenTheDiskIsFull) {
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const Code png = CodeOf(Ramp(300, 80), SmallSpec(80), Options("a.png"));
  const Code svg = CodeOf(Ramp(300, 80), SmallSpec(80), Options("a.svg"));
  setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(png, Code::kOutput);
  EXPECT_EQ(svg, Code::kOutput);
  EXPECT_EQ(FilesInFolder(), 0);
  EXPECT_EQ(CodeOf(Ramp(3, 8), SmallSpec(8), Options("no/such/folder.png")), Code::kOutput);
}

}  // namespace
}  // namespace ossicle::cli

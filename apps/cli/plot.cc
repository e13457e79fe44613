#include "plot.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "ossicle/error.h"
#include "ossicle/npy.h"
#include "plot_axes.h"
#include "plot_text.h"

namespace ossicle::cli {
namespace {

void RequireSize(const char* name, int pixels, int least) {
  constexpr int kMost = 8192;
  if (pixels >= least && pixels <= kMost) return;
  throw Error(Code::kInvalidSpec, std::string(name) + "=" + std::to_string(pixels) +
                                      " is out of range; use " + std::to_string(least) + ".." +
                                      std::to_string(kMost) + " pixels");
}

struct Plot {
  std::string title, preset;
  Box area;
  Axis time, band, color;
  ColorRange range;
};

// Whole pixels, so that the picture's cells fall on the page's pixels.
Box PlotArea(const Page& page, const PlotOptions& options) {
  const double left = std::round(page.Length(88));
  const double top = std::round(page.Length(48));
  return {left, top, std::round(options.width - left - page.Length(128)),
          std::round(options.height - top - page.Length(62))};
}

Plot Describe(const Page& page, const Features<float>& features, const FrontendSpec& spec,
              const PlotOptions& options, const Box& area, const ColorRange& range) {
  const int most_columns = std::max(2, static_cast<int>(area.width / page.Length(80)));
  const int most_rows = std::max(2, static_cast<int>(area.height / page.Length(40)));
  return {PrintableUtf8(options.title),
          PrintableUtf8(spec.name),
          area,
          TimeAxis(spec, features.frames(), most_columns),
          BandAxis(spec, page.Length(24) / area.height),
          {FeatureUnit(spec), range.low, range.high, LinearTicks(range.low, range.high, most_rows)},
          range};
}

void DrawTitle(Page& page, const Plot& plot) {
  const double y = page.Length(25);
  page.SetColor(kInk);
  page.SetFont(kLabelSize);
  const double preset_width = page.TextWidth(plot.preset);
  page.SetFont(kTitleSize, FontWeight::kBold);
  const double room = plot.area.width - preset_width - page.Length(16);
  page.Text(plot.area.x, y, 0.0, Shortened(page, plot.title, std::max(0.0, room)));
  page.SetFont(kLabelSize);
  page.Text(plot.area.right(), y, 1.0, Shortened(page, plot.preset, plot.area.width));
}

void Draw(Page& page, const Plot& plot, const Raster& raster) {
  page.Image(plot.area.x, plot.area.y, raster);
  DrawFrame(page, plot.area);
  page.SetFont(kLabelSize);
  DrawTimeAxis(page, plot.area, plot.time);
  DrawBandAxis(page, plot.area, plot.band);
  DrawColorBar(page, plot.area, plot.color, plot.range, ColorMap::kSequential);
  DrawTitle(page, plot);
}

std::string Description(const Plot& plot) {
  return Sentence(plot.time) + "; " + Sentence(plot.band) + "; " + Sentence(plot.color);
}

}  // namespace

void RequireDrawable(const Features<float>& features, const FrontendSpec& spec) {
  if (spec.spectrum == Spectrum::kWaveform) {
    throw Error(Code::kInvalidSpec, spec.name +
                                        " gives the waveform itself, but a plot shows bands over "
                                        "time; pass a front end with a spectrum");
  }
  if (features.frames() < 1) {
    throw Error(Code::kShape,
                "there is no frame to draw: the input is empty or shorter than one "
                "frame of " +
                    std::to_string(spec.frame_samples()) + " samples; give a longer input");
  }
  if (features.bands() != spec.bands()) {
    throw Error(Code::kShape, "the features have " + std::to_string(features.bands()) +
                                  " bands, but the front end \"" + spec.name + "\" gives " +
                                  std::to_string(spec.bands()) + "; pass the spec that made them");
  }
}

void ValidatePlotOptions(const PlotOptions& options) {
  FormatOf(options.path);
  RequireSize("width", options.width, 320);
  RequireSize("height", options.height, 240);
}

void PlotFeatures(const Features<float>& features, const FrontendSpec& spec,
                  const PlotOptions& options) {
  ValidatePlotOptions(options);
  RequireDrawable(features, spec);
  const PageFormat format = FormatOf(options.path);
  Page page(format, options.width, options.height);
  const Box area = PlotArea(page, options);
  const Raster raster =
      DrawRaster(features, spec, static_cast<int>(area.width), static_cast<int>(area.height));
  const Plot plot = Describe(page, features, spec, options, area, raster.range);
  Draw(page, plot, raster);
  std::string bytes = page.Finish();
  if (format == PageFormat::kSvg) {
    AddDescription(plot.title + " (" + plot.preset + ")", Description(plot), bytes);
  }
  AtomicFile file(options.path, options.overwrite);
  file.Write(bytes.data(), bytes.size());
  file.Commit();
}

}  // namespace ossicle::cli

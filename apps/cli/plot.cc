#include "plot.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include "axis.h"
#include "colormap.h"
#include "ossicle/error.h"
#include "ossicle/npy.h"
#include "page.h"
#include "plot_raster.h"
#include "plot_text.h"

namespace ossicle::cli {
namespace {

PageFormat FormatOf(const std::string& path) {
  std::string ending = path.substr(std::max<std::size_t>(path.size(), 4) - 4);
  for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (ending == ".png") return PageFormat::kPng;
  if (ending == ".svg") return PageFormat::kSvg;
  throw Error(Code::kInvalidSpec, "cannot tell the picture's format from \"" + path +
                                      "\"; end the output's name in .png or .svg");
}

void RequireSize(const char* name, int pixels, int least) {
  constexpr int kMost = 8192;
  if (pixels >= least && pixels <= kMost) return;
  throw Error(Code::kInvalidSpec, std::string(name) + "=" + std::to_string(pixels) +
                                      " is out of range; use " + std::to_string(least) + ".." +
                                      std::to_string(kMost) + " pixels");
}

void RequireShape(const Features<float>& features, const FrontendSpec& spec) {
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

constexpr std::uint32_t kInk = 0x222222;
constexpr std::uint32_t kFrameInk = 0x555555;
constexpr double kLabelSize = 14.0;
constexpr double kTitleSize = 17.0;
constexpr double kTickLength = 5.0;

struct Axis {
  std::string label;
  double low, high;
  std::vector<Tick> ticks;
};

struct Plot {
  std::string title, preset;
  Box area;
  Axis time, band, color;
  ColorRange range;
};

Axis TimeAxis(const FrontendSpec& spec, std::int64_t frames, int most) {
  const double hop = spec.hop_samples;
  const double middle = 0.5 * spec.frame_samples() - spec.pad_left();
  const double low = (middle - 0.5 * hop) / spec.sample_rate_hz;
  const double high = low + static_cast<double>(frames) * hop / spec.sample_rate_hz;
  return {"Time (s)", low, high, LinearTicks(low, high, most)};
}

Axis BandAxis(const FrontendSpec& spec, double gap) {
  if (IsCepstrum(spec)) {
    const int most = std::max(2, static_cast<int>(0.8 / gap));
    return {"Coefficient number", 0.0, spec.bands() - 1.0, CoefficientTicks(spec.bands(), most)};
  }
  return {"Frequency (Hz, mel scale)", spec.low_hz, spec.high_hz, FrequencyTicks(spec, gap)};
}

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

void DrawFrame(Page& page, const Box& area) {
  const double half = page.Length(0.5);
  page.SetColor(kFrameInk);
  cairo_rectangle(page.cairo(), area.x - half, area.y - half, area.width + 2 * half,
                  area.height + 2 * half);
  cairo_stroke(page.cairo());
}

void DrawTimeAxis(Page& page, const Box& area, const Axis& axis) {
  for (const Tick& tick : axis.ticks) {
    const double x = area.x + tick.position * area.width;
    page.SetColor(kFrameInk);
    page.Line(x, area.bottom(), x, area.bottom() + page.Length(kTickLength));
    page.SetColor(kInk);
    page.Text(x, area.bottom() + page.Length(17), 0.5, tick.label);
  }
  page.Text(area.x + 0.5 * area.width, area.bottom() + page.Length(42), 0.5, axis.label);
}

void DrawBandAxis(Page& page, const Box& area, const Axis& axis) {
  for (const Tick& tick : axis.ticks) {
    const double y = area.bottom() - tick.position * area.height;
    page.SetColor(kFrameInk);
    page.Line(area.x - page.Length(kTickLength), y, area.x, y);
    page.SetColor(kInk);
    page.Text(area.x - page.Length(9), y, 1.0, tick.label);
  }
  page.RotatedText(page.Length(20), area.y + 0.5 * area.height, axis.label);
}

void FillGradient(Page& page, const Box& bar) {
  constexpr int kStops = 64;
  cairo_pattern_t* gradient = cairo_pattern_create_linear(0, bar.bottom(), 0, bar.y);
  for (int i = 0; i <= kStops; ++i) {
    const double position = i / static_cast<double>(kStops);
    const std::uint32_t rgb = ColorAt(position);
    cairo_pattern_add_color_stop_rgb(gradient, position, (rgb >> 16) / 255.0,
                                     (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
  }
  cairo_set_source(page.cairo(), gradient);
  cairo_pattern_destroy(gradient);
  cairo_fill_preserve(page.cairo());
}

// The bar's outline: an end is a point where values lie beyond it.
void TraceBar(Page& page, const Box& bar, const ColorRange& range) {
  const double tip = page.Length(11);
  const double middle = bar.x + 0.5 * bar.width;
  cairo_t* cairo = page.cairo();
  cairo_move_to(cairo, bar.x, bar.y);
  if (range.values_above) cairo_line_to(cairo, middle, bar.y - tip);
  cairo_line_to(cairo, bar.right(), bar.y);
  cairo_line_to(cairo, bar.right(), bar.bottom());
  if (range.values_below) cairo_line_to(cairo, middle, bar.bottom() + tip);
  cairo_line_to(cairo, bar.x, bar.bottom());
  cairo_close_path(cairo);
}

void DrawColorBar(Page& page, const Box& area, const Axis& axis, const ColorRange& range) {
  const Box bar{std::round(area.right() + page.Length(22)) + 0.5, area.y - 0.5,
                std::round(page.Length(18)), area.height + 1.0};
  TraceBar(page, bar, range);
  FillGradient(page, bar);
  page.SetColor(kFrameInk);
  cairo_stroke(page.cairo());
  double widest = 0.0;
  for (const Tick& tick : axis.ticks) {
    const double y = bar.bottom() - tick.position * bar.height;
    page.SetColor(kFrameInk);
    page.Line(bar.right(), y, bar.right() + page.Length(kTickLength), y);
    page.SetColor(kInk);
    page.Text(bar.right() + page.Length(9), y, 0.0, tick.label);
    widest = std::max(widest, page.TextWidth(tick.label));
  }
  page.RotatedText(bar.right() + page.Length(9 + 16) + widest, area.y + 0.5 * area.height,
                   axis.label);
}

// A path's end tells more than its beginning.
std::string Shortened(const Page& page, const std::string& text, double width) {
  if (page.TextWidth(text) <= width) return text;
  std::string_view rest = text;
  while (!rest.empty() && page.TextWidth("…" + std::string(rest)) > width) {
    rest = WithoutFirstCharacter(rest);
  }
  return "…" + std::string(rest);
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
  DrawColorBar(page, plot.area, plot.color, plot.range);
  DrawTitle(page, plot);
}

std::string Sentence(const Axis& axis) {
  std::string text = axis.label + ":";
  for (const Tick& tick : axis.ticks) text += " " + tick.label;
  return text;
}

// cairo writes text as outlines; these two elements are what a search or a screen reader finds.
void AddDescription(const Plot& plot, std::string& svg) {
  const std::size_t element = svg.find("<svg");
  const std::size_t end = element == std::string::npos ? element : svg.find('>', element);
  if (end == std::string::npos) throw Error(Code::kOutput, "cannot draw the picture as SVG");
  const std::string text = "\n<title>" + EscapeXml(plot.title + " (" + plot.preset + ")") +
                           "</title>\n<desc>" + EscapeXml(Sentence(plot.time)) + "; " +
                           EscapeXml(Sentence(plot.band)) + "; " + EscapeXml(Sentence(plot.color)) +
                           "</desc>";
  svg.insert(end + 1, text);
}

}  // namespace

void ValidatePlotOptions(const PlotOptions& options) {
  FormatOf(options.path);
  RequireSize("width", options.width, 320);
  RequireSize("height", options.height, 240);
}

void PlotFeatures(const Features<float>& features, const FrontendSpec& spec,
                  const PlotOptions& options) {
  ValidatePlotOptions(options);
  RequireShape(features, spec);
  const PageFormat format = FormatOf(options.path);
  Page page(format, options.width, options.height);
  const Box area = PlotArea(page, options);
  const Raster raster =
      DrawRaster(features, spec, static_cast<int>(area.width), static_cast<int>(area.height));
  const Plot plot = Describe(page, features, spec, options, area, raster.range);
  Draw(page, plot, raster);
  std::string bytes = page.Finish();
  if (format == PageFormat::kSvg) AddDescription(plot, bytes);
  AtomicFile file(options.path, options.overwrite);
  file.Write(bytes.data(), bytes.size());
  file.Commit();
}

}  // namespace ossicle::cli

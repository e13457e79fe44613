#include "plot_axes.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "ossicle/error.h"
#include "plot_text.h"

namespace ossicle::cli {
namespace {

constexpr double kTickLength = 5.0;

void FillGradient(Page& page, const Box& bar, ColorMap map) {
  constexpr int kStops = 64;
  cairo_pattern_t* gradient = cairo_pattern_create_linear(0, bar.bottom(), 0, bar.y);
  for (int i = 0; i <= kStops; ++i) {
    const double position = i / static_cast<double>(kStops);
    const std::uint32_t rgb = ColorAt(position, map);
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

}  // namespace

PageFormat FormatOf(const std::string& path) {
  std::string ending = path.substr(std::max<std::size_t>(path.size(), 4) - 4);
  for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (ending == ".png") return PageFormat::kPng;
  if (ending == ".svg") return PageFormat::kSvg;
  throw Error(Code::kInvalidSpec, "cannot tell the picture's format from \"" + path +
                                      "\"; end the output's name in .png or .svg");
}

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

void DrawColorBar(Page& page, const Box& area, const Axis& axis, const ColorRange& range,
                  ColorMap map) {
  const Box bar{std::round(area.right() + page.Length(22)) + 0.5, area.y - 0.5,
                std::round(page.Length(18)), area.height + 1.0};
  TraceBar(page, bar, range);
  FillGradient(page, bar, map);
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

std::string Shortened(const Page& page, const std::string& text, double width) {
  if (page.TextWidth(text) <= width) return text;
  std::string_view rest = text;
  while (!rest.empty() && page.TextWidth("…" + std::string(rest)) > width) {
    rest = WithoutFirstCharacter(rest);
  }
  return "…" + std::string(rest);
}

std::string Sentence(const Axis& axis) {
  std::string text = axis.label + ":";
  for (const Tick& tick : axis.ticks) text += " " + tick.label;
  return text;
}

void AddDescription(const std::string& title, const std::string& description, std::string& svg) {
  const std::size_t element = svg.find("<svg");
  const std::size_t end = element == std::string::npos ? element : svg.find('>', element);
  if (end == std::string::npos) throw Error(Code::kOutput, "cannot draw the picture as SVG");
  svg.insert(end + 1, "\n<title>" + EscapeXml(title) + "</title>\n<desc>" + EscapeXml(description) +
                          "</desc>");
}

}  // namespace ossicle::cli

#include "colormap.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace ossicle::cli {
namespace {

constexpr int kColors = 256;

std::uint32_t SrgbByte(double linear) {
  const double x = std::clamp(linear, 0.0, 1.0);
  const double encoded = x <= 0.0031308 ? 12.92 * x : 1.055 * std::pow(x, 1.0 / 2.4) - 0.055;
  return static_cast<std::uint32_t>(std::lround(255.0 * encoded));
}

// OKLab (B. Ottosson, 2020): a space in which Euclidean distance is close to seen distance.
std::uint32_t RgbFromOklab(double lightness, double a, double b) {
  const auto cube = [](double x) { return x * x * x; };
  const double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
  const double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
  const double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
  const std::uint32_t red = SrgbByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const std::uint32_t green = SrgbByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const std::uint32_t blue = SrgbByte(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
  return red << 16 | green << 8 | blue;
}

// With a straight lightness and hue, this chroma keeps the path's speed in OKLab within 4 % and all
// of it inside sRGB.
std::uint32_t ColorOnPath(double t) {
  const double lightness = 0.14 + 0.82 * t;
  const double chroma = 0.64 * t * (1.0 - t) + 0.035 + 0.015 * t;
  const double hue = (275.0 + 190.0 * t) * std::numbers::pi / 180.0;
  return RgbFromOklab(lightness, chroma * std::cos(hue), chroma * std::sin(hue));
}

// Away from the middle, lightness falls and chroma rises in straight lines.
std::uint32_t DivergingColor(double t) {
  const double distance = std::abs(2.0 * t - 1.0);
  const double lightness = 0.98 - 0.55 * distance;
  const double chroma = 0.165 * distance;
  const double hue = (t < 0.5 ? 258.0 : 29.0) * std::numbers::pi / 180.0;
  return RgbFromOklab(lightness, chroma * std::cos(hue), chroma * std::sin(hue));
}

// Odd, so that there is a middle.
constexpr int kDivergingColors = 257;

template <std::size_t kSize>
std::array<std::uint32_t, kSize> MakeTable(std::uint32_t (*color)(double)) {
  std::array<std::uint32_t, kSize> table;
  for (std::size_t i = 0; i < kSize; ++i) table[i] = color(static_cast<double>(i) / (kSize - 1.0));
  return table;
}

template <std::size_t kSize>
std::uint32_t Look(const std::array<std::uint32_t, kSize>& table, double position) {
  if (!(position > 0.0)) return table.front();
  return table[std::lround(std::min(position, 1.0) * (kSize - 1))];
}

}  // namespace

std::uint32_t ColorAt(double position, ColorMap map) {
  static const auto sequential = MakeTable<kColors>(ColorOnPath);
  static const auto diverging = MakeTable<kDivergingColors>(DivergingColor);
  return map == ColorMap::kDiverging ? Look(diverging, position) : Look(sequential, position);
}

}  // namespace ossicle::cli

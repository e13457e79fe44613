#include "plot_raster.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "axis.h"
#include "colormap.h"

namespace ossicle::cli {
namespace {

struct Grid {
  std::int64_t columns;
  int bands;
  std::vector<float> values;  // columns x bands

  float* Column(std::int64_t column) { return values.data() + column * bands; }
  const float* Column(std::int64_t column) const { return values.data() + column * bands; }
};

/// Whether `candidate` is shown rather than `shown`.
bool Outshines(float candidate, float shown, ColorMap map) {
  if (map == ColorMap::kSequential) return candidate > shown;
  return std::abs(candidate) > std::abs(shown);
}

Grid Reduce(const Features<float>& features, int width, ColorMap map) {
  Grid grid{std::min<std::int64_t>(features.frames(), width), features.bands(), {}};
  const float none = map == ColorMap::kSequential ? -std::numeric_limits<float>::infinity() : 0.0f;
  grid.values.assign(grid.columns * grid.bands, none);
  std::int64_t frame = 0;
  for (const FeatureView<float>& block : features.Blocks()) {
    for (std::int64_t row = 0; row < block.frames; ++row, ++frame) {
      float* column = grid.Column(frame * grid.columns / features.frames());
      for (int b = 0; b < grid.bands; ++b) {
        if (Outshines(block.at(row, b), column[b], map)) column[b] = block.at(row, b);
      }
    }
  }
  return grid;
}

std::vector<float> FiniteCells(const Grid& grid, int first_band) {
  std::vector<float> cells;
  cells.reserve(grid.values.size());
  for (std::int64_t c = 0; c < grid.columns; ++c) {
    std::copy_if(grid.Column(c) + first_band, grid.Column(c) + grid.bands,
                 std::back_inserter(cells), [](float x) { return std::isfinite(x); });
  }
  return cells;
}

double Quantile(std::vector<float>& cells, double share) {
  const auto nth = cells.begin() + std::lround(share * static_cast<double>(cells.size() - 1));
  std::nth_element(cells.begin(), nth, cells.end());
  return *nth;
}

ColorRange RangeOf(std::vector<float> cells) {
  if (cells.empty()) return {};
  const auto [lowest, highest] = std::minmax_element(cells.begin(), cells.end());
  ColorRange range{*lowest, *highest};
  if (range.low == range.high) {
    range.high += std::max(1.0, std::abs(range.low));
    return range;
  }
  // The smallest value is often a floor that a whole silence shares; alone it says nothing.
  std::erase(cells, static_cast<float>(range.low));
  const double low = Quantile(cells, 0.001);
  const double high = Quantile(cells, 0.999);
  if (low == high) return range;
  const double slack = 0.25 * (high - low);
  if (low - range.low > slack) range.low = low;
  if (range.high - high > slack) range.high = high;
  return range;
}

ColorRange FindRange(const Grid& grid, const FrontendSpec& spec) {
  const int first_band = IsCepstrum(spec) && grid.bands > 1 ? 1 : 0;
  ColorRange range = RangeOf(FiniteCells(grid, first_band));
  for (const float value : grid.values) {
    range.values_below |= value < range.low;
    range.values_above |= value > range.high;
  }
  return range;
}

int BandAt(const std::vector<double>& edges, double position) {
  const auto above = std::upper_bound(edges.begin(), edges.end(), position);
  return std::min<int>(above - edges.begin(), edges.size()) - 1;
}

Raster Paint(const Grid& grid, const FrontendSpec& spec, int width, int height,
             const ColorRange& range, ColorMap map) {
  Raster raster{width, height, std::vector<std::uint32_t>(std::size_t(width) * height), range};
  const double per_unit = 1.0 / (range.high - range.low);
  const std::vector<double> edges = BandEdges(spec);
  for (int y = 0; y < height; ++y) {
    const int first = BandAt(edges, (height - 1.0 - y) / height);
    const int end = std::max(first + 1, BandAt(edges, (height - 0.0 - y) / height));
    std::uint32_t* row = raster.pixels.data() + std::size_t(y) * width;
    for (int x = 0; x < width; ++x) {
      const float* column = grid.Column(x * grid.columns / width);
      const float value = *std::max_element(
          column + first, column + end, [map](float a, float b) { return Outshines(b, a, map); });
      row[x] = ColorAt((value - range.low) * per_unit, map);
    }
  }
  return raster;
}

}  // namespace

ColorRange FindColorRange(const Features<float>& features, const FrontendSpec& spec, int width) {
  return FindRange(Reduce(features, width, ColorMap::kSequential), spec);
}

Raster DrawRaster(const Features<float>& features, const FrontendSpec& spec, int width,
                  int height) {
  const Grid grid = Reduce(features, width, ColorMap::kSequential);
  return Paint(grid, spec, width, height, FindRange(grid, spec), ColorMap::kSequential);
}

Raster DrawRaster(const Features<float>& features, const FrontendSpec& spec, int width, int height,
                  const ColorRange& range, ColorMap map) {
  return Paint(Reduce(features, width, map), spec, width, height, range, map);
}

}  // namespace ossicle::cli

#include "plot_comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "ossicle/error.h"
#include "ossicle/npy.h"
#include "plot_axes.h"
#include "plot_text.h"

namespace ossicle::cli {
namespace {

constexpr std::uint32_t kNothing = 0xEEEEEE;

struct Difference {
  Features<float> features;
  double mean = 0.0;
  double max = 0.0;
};

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3g", value);
  return text;
}

std::string Size(const PlotSide& side) {
  return std::to_string(side.features.frames()) + " frames of " +
         std::to_string(side.features.bands()) + " values";
}

/// Why there is no difference frame by frame; "" if there is one.
std::string Obstacle(const PlotSide& mine, const PlotSide& theirs) {
  if (mine.features.bands() != theirs.features.bands()) {
    return "not subtracted: " + std::to_string(mine.features.bands()) + " values a frame against " +
           std::to_string(theirs.features.bands());
  }
  const auto hop_s = [](const FrontendSpec& spec) {
    return static_cast<double>(spec.hop_samples) / spec.sample_rate_hz;
  };
  if (hop_s(mine.spec) == hop_s(theirs.spec)) return "";
  return "not subtracted: frames are " + Number(1e3 * hop_s(mine.spec)) + " ms apart against " +
         Number(1e3 * hop_s(theirs.spec)) + " ms";
}

Difference Subtract(const PlotSide& mine, const PlotSide& theirs) {
  const std::int64_t frames = std::min(mine.features.frames(), theirs.features.frames());
  const int bands = mine.features.bands();
  Difference difference{Features<float>(bands, Layout::kFramesFirst)};
  for (std::int64_t frame = 0; frame < frames; ++frame) {
    const FeatureView<float> row = difference.features.Append(1);
    for (int band = 0; band < bands; ++band) {
      const double value =
          double{mine.features.at(frame, band)} - double{theirs.features.at(frame, band)};
      row.at(0, band) = static_cast<float>(value);
      difference.mean += std::abs(value);
      difference.max = std::max(difference.max, std::abs(value));
    }
  }
  difference.mean /= static_cast<double>(frames) * bands;
  return difference;
}

/// Symmetric about 0; one frame that sticks out does not pale the others.
ColorRange DivergingRange(const Difference& difference, const FrontendSpec& spec, int width) {
  const ColorRange all = FindColorRange(difference.features, spec, width);
  const double reach = std::max(std::abs(all.low), std::abs(all.high));
  if (difference.max == 0.0 || reach == 0.0) return {-1.0, 1.0};
  return {-reach, reach, all.values_below, all.values_above};
}

ColorRange CommonRange(const PlotSide& mine, const PlotSide& theirs, int width) {
  const ColorRange one = FindColorRange(mine.features, mine.spec, width);
  const ColorRange other = FindColorRange(theirs.features, theirs.spec, width);
  return {std::min(one.low, other.low), std::max(one.high, other.high),
          one.values_below || other.values_below, one.values_above || other.values_above};
}

class ComparisonPicture {
 public:
  ComparisonPicture(const PlotSide& mine, const PlotSide& theirs, const PlotOptions& options)
      : page_(FormatOf(options.path), options.width, options.height),
        mine_(mine),
        theirs_(theirs),
        boxes_(Boxes(options)),
        range_(CommonRange(mine, theirs, static_cast<int>(boxes_[0].width))) {
    const Axis one = TimeAxis(mine.spec, mine.features.frames(), 2);
    const Axis other = TimeAxis(theirs.spec, theirs.features.frames(), 2);
    time_ = {"", std::min(one.low, other.low), std::max(one.high, other.high), {}};
    time_.ticks = LinearTicks(time_.low, time_.high,
                              std::max(2, static_cast<int>(boxes_[0].width / page_.Length(80))));
  }

  std::string Draw() {
    DrawSide(mine_, boxes_[0]);
    DrawSide(theirs_, boxes_[1]);
    time_.label = "Time (s)";
    DrawDifference(boxes_[2]);
    return page_.Finish();
  }

  std::string Description() const { return Sentence(time_) + "; " + unit_ + "; " + difference_; }

 private:
  // Whole pixels, so that the picture's cells fall on the page's pixels.
  std::array<Box, 3> Boxes(const PlotOptions& options) const {
    const double left = std::round(page_.Length(88));
    const double width = std::round(options.width - left - page_.Length(144));
    const double foot = page_.Length(62);
    const double step = (options.height - foot + page_.Length(30)) / 3.0;
    const double height = std::round(step - page_.Length(48 + 30));
    std::array<Box, 3> boxes{};
    for (int i = 0; i < 3; ++i) {
      boxes[i] = {left, std::round(page_.Length(48) + i * step), width, height};
    }
    return boxes;
  }

  void DrawTitle(const Box& area, const std::string& title, const std::string& remark) {
    const double y = area.y - page_.Length(20);
    page_.SetColor(kInk);
    page_.SetFont(kLabelSize);
    const double remark_width = page_.TextWidth(remark);
    page_.Text(area.right(), y, 1.0, Shortened(page_, remark, area.width));
    page_.SetFont(kTitleSize, FontWeight::kBold);
    const double room = area.width - remark_width - page_.Length(16);
    page_.Text(area.x, y, 0.0, Shortened(page_, title, std::max(0.0, room)));
    page_.SetFont(kLabelSize);
  }

  void Clear(const Box& area) {
    page_.SetColor(kNothing);
    cairo_rectangle(page_.cairo(), area.x, area.y, area.width, area.height);
    cairo_fill(page_.cairo());
  }

  /// The features where their seconds lie, in a box that may reach further.
  void DrawMatrix(const Features<float>& features, const FrontendSpec& spec, const Box& area,
                  const ColorRange& range, ColorMap map) {
    Clear(area);
    const Axis own = TimeAxis(spec, features.frames(), 2);
    const double per_second = area.width / (time_.high - time_.low);
    const double left = std::round((own.low - time_.low) * per_second);
    const double right = std::round((own.high - time_.low) * per_second);
    const int width = std::max(1, static_cast<int>(right - left));
    page_.Image(area.x + left, area.y,
                DrawRaster(features, spec, width, static_cast<int>(area.height), range, map));
    DrawAxes(spec, area);
  }

  void DrawAxes(const FrontendSpec& spec, const Box& area) {
    DrawFrame(page_, area);
    DrawTimeAxis(page_, area, time_);
    DrawBandAxis(page_, area, BandAxis(spec, page_.Length(24) / area.height));
  }

  void DrawColors(const Box& area, const std::string& unit, const ColorRange& range, ColorMap map) {
    const int most = std::max(2, static_cast<int>(area.height / page_.Length(40)));
    const Axis axis{unit, range.low, range.high, LinearTicks(range.low, range.high, most)};
    unit_ = Sentence(axis);
    DrawColorBar(page_, area, axis, range, map);
  }

  void DrawSide(const PlotSide& side, const Box& area) {
    DrawTitle(area, PrintableUtf8(side.title), Size(side));
    DrawMatrix(side.features, side.spec, area, range_, ColorMap::kSequential);
    DrawColors(area, FeatureUnit(side.spec), range_, ColorMap::kSequential);
  }

  void DrawDifference(const Box& area) {
    const std::string title = PrintableUtf8(mine_.title) + " minus " + PrintableUtf8(theirs_.title);
    const std::string obstacle = Obstacle(mine_, theirs_);
    if (!obstacle.empty()) return DrawObstacle(area, title, obstacle);
    const Difference difference = Subtract(mine_, theirs_);
    difference_ = "mean " + Number(difference.mean) + ", max " + Number(difference.max);
    DrawTitle(area, title, difference_);
    const ColorRange range = DivergingRange(difference, theirs_.spec, static_cast<int>(area.width));
    DrawMatrix(difference.features, theirs_.spec, area, range, ColorMap::kDiverging);
    DrawColors(area, "difference (" + FeatureUnit(theirs_.spec) + ")", range, ColorMap::kDiverging);
  }

  void DrawObstacle(const Box& area, const std::string& title, const std::string& obstacle) {
    difference_ = obstacle;
    DrawTitle(area, title, "");
    Clear(area);
    DrawAxes(theirs_.spec, area);
    page_.SetColor(kInk);
    page_.Text(area.x + 0.5 * area.width, area.y + 0.5 * area.height, 0.5, obstacle);
  }

  Page page_;
  const PlotSide& mine_;
  const PlotSide& theirs_;
  const std::array<Box, 3> boxes_;
  const ColorRange range_;
  Axis time_{};
  std::string unit_;
  std::string difference_;
};

}  // namespace

void PlotComparison(const PlotSide& mine, const PlotSide& theirs, const PlotOptions& options) {
  ValidatePlotOptions(options);
  for (const PlotSide* side : {&mine, &theirs}) RequireDrawable(side->features, side->spec);
  ComparisonPicture picture(mine, theirs, options);
  std::string bytes = picture.Draw();
  if (FormatOf(options.path) == PageFormat::kSvg) {
    AddDescription(PrintableUtf8(mine.title + " and " + theirs.title), picture.Description(),
                   bytes);
  }
  AtomicFile file(options.path, options.overwrite);
  file.Write(bytes.data(), bytes.size());
  file.Commit();
}

}  // namespace ossicle::cli

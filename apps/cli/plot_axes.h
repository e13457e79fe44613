#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "axis.h"
#include "colormap.h"
#include "ossicle/spec.h"
#include "page.h"
#include "plot_raster.h"

namespace ossicle::cli {

inline constexpr std::uint32_t kInk = 0x222222;
inline constexpr std::uint32_t kFrameInk = 0x555555;
inline constexpr double kLabelSize = 14.0;
inline constexpr double kTitleSize = 17.0;

struct Axis {
  std::string label;
  double low, high;
  std::vector<Tick> ticks;
};

/// Seconds of the sound; a frame is one hop wide, around the middle of its samples. `most` bounds
/// the ticks.
Axis TimeAxis(const FrontendSpec& spec, std::int64_t frames, int most);
/// Ticks are at least `gap` (0..1) apart.
Axis BandAxis(const FrontendSpec& spec, double gap);

void DrawFrame(Page& page, const Box& area);
void DrawTimeAxis(Page& page, const Box& area, const Axis& axis);
void DrawBandAxis(Page& page, const Box& area, const Axis& axis);
/// To the right of `area`; an end is a point where values lie beyond it.
void DrawColorBar(Page& page, const Box& area, const Axis& axis, const ColorRange& range,
                  ColorMap map);

/// `text`, or its end where it is wider than `width` pixels: a path's end tells more.
std::string Shortened(const Page& page, const std::string& text, double width);

/// An axis in words: "Time (s): 0 1 2".
std::string Sentence(const Axis& axis);
/// Puts <title> and <desc> into an SVG: cairo writes text as outlines, and these two are what a
/// search or a screen reader finds.
void AddDescription(const std::string& title, const std::string& description, std::string& svg);

/// By the ending of `path`. Throws Error(kInvalidSpec).
PageFormat FormatOf(const std::string& path);

}  // namespace ossicle::cli

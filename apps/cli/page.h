#pragma once

#include <cairo.h>

#include <cstdint>
#include <memory>
#include <string>

#include "plot_raster.h"

namespace ossicle::cli {

enum class PageFormat { kPng, kSvg };
enum class FontWeight { kNormal, kBold };

struct Box {
  double x, y, width, height;
  double right() const { return x + width; }
  double bottom() const { return y + height; }
};

/// A white page in memory and the few things that a plot draws on it, by cairo. Coordinates are
/// pixels from the upper left corner; colours are 0xRRGGBB.
/// The constructor and Finish() throw Error(kOutput) with cairo's reason.
class Page {
 public:
  Page(PageFormat format, int width, int height);
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  /// For what has no function here; owned by the page.
  cairo_t* cairo() const { return context_.get(); }

  /// Pixels of a length on a page of 1200 x 500: fonts, margins and lines grow with the page.
  double Length(double units) const { return units * scale_; }

  void SetColor(std::uint32_t rgb);
  void SetFont(double size_units, FontWeight weight = FontWeight::kNormal);
  double TextWidth(const std::string& text) const;

  /// The text's middle line lies at `y`; its share `anchor` (0: start, 1: end) at `x`.
  void Text(double x, double y, double anchor, const std::string& text);
  /// Reads upwards, centred on x, y.
  void RotatedText(double x, double y, const std::string& text);
  void Line(double x0, double y0, double x1, double y1);
  /// One pixel of the raster on one of the page.
  void Image(double x, double y, const Raster& raster);

  /// The finished file's bytes. Nothing may be drawn afterwards.
  std::string Finish();

 private:
  struct Destroy {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* context) const { cairo_destroy(context); }
  };
  using Surface = std::unique_ptr<cairo_surface_t, Destroy>;
  static Surface RasterSurface(const Raster& raster);

  PageFormat format_;
  double scale_;
  double font_size_ = 0.0;
  std::string bytes_;
  Surface surface_;
  std::unique_ptr<cairo_t, Destroy> context_;
};

}  // namespace ossicle::cli

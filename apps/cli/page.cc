#include "page.h"

#include <cairo-svg.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>
#include <numbers>
#include <utility>

#include "ossicle/error.h"

namespace ossicle::cli {
namespace {

cairo_status_t AppendBytes(void* sink, const unsigned char* data, unsigned int length) try {
  static_cast<std::string*>(sink)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
} catch (const std::bad_alloc&) {
  return CAIRO_STATUS_NO_MEMORY;
}

void Check(cairo_status_t status) {
  if (status == CAIRO_STATUS_SUCCESS) return;
  throw Error(Code::kOutput, std::string("cannot draw the picture: ") +
                                 cairo_status_to_string(status) + "; try a smaller one");
}

}  // namespace

Page::Page(PageFormat format, int width, int height)
    : format_(format),
      scale_(std::max(0.75, std::min(width / 1200.0, height / 500.0))),
      surface_(format == PageFormat::kPng
                   ? cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)
                   : cairo_svg_surface_create_for_stream(AppendBytes, &bytes_, width, height)),
      context_(cairo_create(surface_.get())) {
  Check(cairo_status(cairo()));
  if (format == PageFormat::kSvg) {
    cairo_svg_surface_set_document_unit(surface_.get(), CAIRO_SVG_UNIT_PX);
  }
  SetColor(0xFFFFFF);
  cairo_paint(cairo());
  cairo_set_line_width(cairo(), Length(1.0));
}

void Page::SetColor(std::uint32_t rgb) {
  cairo_set_source_rgb(cairo(), (rgb >> 16) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

void Page::SetFont(double size_units, FontWeight weight) {
  const bool bold = weight == FontWeight::kBold;
  cairo_select_font_face(cairo(), "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  font_size_ = Length(size_units);
  cairo_set_font_size(cairo(), font_size_);
}

double Page::TextWidth(const std::string& text) const {
  cairo_text_extents_t extents;
  cairo_text_extents(cairo(), text.c_str(), &extents);
  return extents.x_advance;
}

void Page::Text(double x, double y, double anchor, const std::string& text) {
  constexpr double kHalfDigitHeight = 0.36;  // of the font's size
  cairo_move_to(cairo(), x - anchor * TextWidth(text), y + kHalfDigitHeight * font_size_);
  cairo_show_text(cairo(), text.c_str());
}

void Page::RotatedText(double x, double y, const std::string& text) {
  cairo_save(cairo());
  cairo_translate(cairo(), x, y);
  cairo_rotate(cairo(), -0.5 * std::numbers::pi);
  Text(0.0, 0.0, 0.5, text);
  cairo_restore(cairo());
}

void Page::Line(double x0, double y0, double x1, double y1) {
  cairo_move_to(cairo(), x0, y0);
  cairo_line_to(cairo(), x1, y1);
  cairo_stroke(cairo());
}

Page::Surface Page::RasterSurface(const Raster& raster) {
  Surface image(cairo_image_surface_create(CAIRO_FORMAT_RGB24, raster.width, raster.height));
  Check(cairo_surface_status(image.get()));
  cairo_surface_flush(image.get());
  unsigned char* bytes = cairo_image_surface_get_data(image.get());
  const std::size_t stride = cairo_image_surface_get_stride(image.get());
  for (int y = 0; y < raster.height; ++y) {
    std::memcpy(bytes + y * stride, raster.pixels.data() + std::size_t(y) * raster.width,
                raster.width * sizeof(std::uint32_t));
  }
  cairo_surface_mark_dirty(image.get());
  return image;
}

void Page::Image(double x, double y, const Raster& raster) {
  const Surface image = RasterSurface(raster);
  cairo_set_source_surface(cairo(), image.get(), x, y);
  cairo_pattern_set_filter(cairo_get_source(cairo()), CAIRO_FILTER_NEAREST);
  cairo_rectangle(cairo(), x, y, raster.width, raster.height);
  cairo_fill(cairo());
}

std::string Page::Finish() {
  Check(cairo_status(cairo()));
  if (format_ == PageFormat::kPng) {
    Check(cairo_surface_write_to_png_stream(surface_.get(), AppendBytes, &bytes_));
  }
  cairo_surface_finish(surface_.get());
  Check(cairo_surface_status(surface_.get()));
  return std::move(bytes_);
}

}  // namespace ossicle::cli

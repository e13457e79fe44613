#include "plot_text.h"

#include <cstddef>
#include <cstdint>

namespace ossicle::cli {
namespace {

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// Bytes of the character's whole sequence as its first byte says; 0 for none that begins one.
std::size_t SequenceLength(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

bool IsPrintable(std::uint32_t point, std::size_t length) {
  const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0);
  const bool surrogate = point >= 0xD800 && point < 0xE000;
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  const bool noncharacter = (point & 0xFFFE) == 0xFFFE;
  return !control && !surrogate && !overlong && !noncharacter && point < 0x110000;
}

// Length of the printable character at the start of `text`, 0 if there is none.
std::size_t PrintableLength(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = SequenceLength(first);
  if (length == 0 || length > text.size()) return 0;
  std::uint32_t point = length == 1 ? first : first & (0x7F >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text[i])) return 0;
    point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
  }
  return IsPrintable(point, length) ? length : 0;
}

}  // namespace

std::string PrintableUtf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = PrintableLength(text);
    out += length > 0 ? text.substr(0, length) : "\uFFFD";
    text.remove_prefix(length > 0 ? length : 1);
  }
  return out;
}

std::string_view WithoutFirstCharacter(std::string_view text) {
  std::size_t bytes = 1;
  while (bytes < text.size() && IsContinuation(text[bytes])) ++bytes;
  return text.substr(bytes);
}

std::string EscapeXml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace ossicle::cli

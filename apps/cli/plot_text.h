#pragma once

#include <string>
#include <string_view>

namespace ossicle::cli {

/// `text` as valid UTF-8 without control characters: each byte that does not fit becomes U+FFFD.
std::string PrintableUtf8(std::string_view text);

/// Drops the first character of valid UTF-8.
std::string_view WithoutFirstCharacter(std::string_view text);

/// `text` with the five characters that XML reserves written as entities.
std::string EscapeXml(std::string_view text);

}  // namespace ossicle::cli

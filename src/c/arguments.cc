#include "c/arguments.h"

#include <cstddef>
#include <functional>
#include <string>

#include "c/call.h"
#include "c/structs.h"
#include "ossicle/resampler.h"

namespace ossicle::c {

namespace {

[[noreturn]] void Refuse(const std::string& message) {
  throw Refusal(OSSICLE_INVALID_ARGUMENT, message);
}

/// Of options.statistics: a mode, or frozen numbers as JSON.
StreamStatistics GivenStatistics(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || text[start] != '[') return StreamStatistics::Parse(text);
  StreamStatistics statistics;
  statistics.mode = StatisticsMode::kFrozen;
  statistics.frozen = StatisticsFromJson(text);
  return statistics;
}

}  // namespace

void Require(const void* pointer, const char* name) {
  if (pointer == nullptr) Refuse(std::string(name) + " is NULL");
}

std::int64_t CheckedSamples(std::size_t count) {
  if (count <= kMostSamples) return static_cast<std::int64_t>(count);
  Refuse("there are " + std::to_string(count) + " samples, but it must be 0..2^40");
}

std::span<const float> GivenSamples(const float* samples, std::size_t count) {
  CheckedSamples(count);
  return Given(samples, count, "samples");
}

std::int32_t GivenRate(std::int32_t input_rate_hz) {
  if (input_rate_hz >= 0 && input_rate_hz <= kMaxSampleRateHz) return input_rate_hz;
  throw Refusal(OSSICLE_INVALID_SPEC,
                "input_rate_hz=" + std::to_string(input_rate_hz) + ", but it must be 1.." +
                    std::to_string(kMaxSampleRateHz) + ", or 0 for the front end's own rate");
}

Layout GivenLayout(std::int32_t layout) {
  switch (layout) {
    case OSSICLE_FRAMES_FIRST:
      return Layout::kFramesFirst;
    case OSSICLE_BANDS_FIRST:
      return Layout::kBandsFirst;
    default:
      Refuse("layout=" + std::to_string(layout) +
             ", but it must be OSSICLE_FRAMES_FIRST or OSSICLE_BANDS_FIRST");
  }
}

FrontendSpec GivenSpec(const char* text) {
  const std::string_view spec = text;
  const std::size_t start = spec.find_first_not_of(" \t\r\n");
  const bool is_json = start != std::string_view::npos && spec[start] == '{';
  return is_json ? FrontendSpec::FromJson(spec) : Preset(spec);
}

StreamOptions GivenStreamOptions(const ossicle_stream_options* given) {
  const ossicle_stream_options options = ReadOptions(given, "ossicle_stream_options");
  CheckReserved(options.reserved);
  StreamOptions made{.input_rate_hz = GivenRate(options.input_rate_hz)};
  if (options.statistics != nullptr) made.statistics = GivenStatistics(options.statistics);
  return made;
}

void CheckRoom(std::size_t count, const void* buffer, std::size_t capacity, std::size_t* needed) {
  if (needed != nullptr) *needed = count;
  if (capacity > 0 && buffer == nullptr) {
    Refuse("the buffer is NULL, but its capacity is " + std::to_string(capacity));
  }
  if (count > capacity) {
    throw Refusal(OSSICLE_SHORT_BUFFER, "the capacity is " + std::to_string(capacity) +
                                            ", but the result has " + std::to_string(count) +
                                            " elements");
  }
}

void CheckApart(std::span<const float> samples, std::span<const std::byte> features) {
  const auto read = std::as_bytes(samples);
  const std::less<const std::byte*> is_before;  // also of different arrays
  if (read.empty() || features.empty() ||
      !is_before(read.data(), features.data() + features.size()) ||
      !is_before(features.data(), read.data() + read.size())) {
    return;
  }
  Refuse("the " + std::to_string(features.size()) + " bytes of features overlap the " +
         std::to_string(read.size()) +
         " bytes of samples, but must lie apart; give the features a buffer of their own");
}

void GiveText(const std::string& text, char* buffer, std::size_t capacity, std::size_t* needed) {
  Give(std::span(text.c_str(), text.size() + 1), buffer, capacity, needed);
}

}  // namespace ossicle::c

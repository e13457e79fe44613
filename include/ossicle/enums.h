#pragma once

// The choices that a FrontendSpec makes; spec.h says what each means.

namespace ossicle {

enum class Downmix { kMean, kFfmpeg };
enum class InputRounding { kNone, kInt16 };
enum class PreEmphasis { kNone, kSignal, kFrame };
enum class Framing { kNoPadding, kCenter, kKaldiNoSnip, kExplicit };
enum class Edge { kZeros, kReflect, kReflectRepeat };
enum class Window { kRectangular, kHann, kHamming, kPovey };
enum class WindowPosition { kLeft, kCenter };
enum class Spectrum { kMagnitude, kPower, kWaveform };
enum class MelScale { kSlaney, kHtk, kKaldi };
enum class MelInterpolation { kHz, kMel };
enum class MelNorm { kNone, kSlaney };
enum class Log { kNone, kLn, kLog10, kDbPower, kDbMagnitude };
enum class LogFloor { kClamp, kAdd };
enum class Layout { kFramesFirst, kBandsFirst };

}  // namespace ossicle

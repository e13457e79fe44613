#include "compare/window_moves.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace ossicle::compare {

namespace {

/// The smallest power of 2 that is not below n.
int NextPowerOfTwo(int n) {
  int power = 2;
  while (power < n) power *= 2;
  return power;
}

class WindowMoves {
 public:
  WindowMoves(const Trial& trial, std::vector<Move>& moves) : trial_(trial), moves_(moves) {}

  void Make() {
    for (const Window window : {Window::kHann, Window::kHamming, Window::kPovey}) {
      for (const bool periodic : {true, false}) {
        Add("window", [=](Trial& t) {
          t.spec.window = window;
          t.spec.window_periodic = periodic;
        });
      }
    }
    Add("window", [](Trial& t) { t.spec.window = Window::kRectangular; });
    for (const Window window : {Window::kHann, Window::kHamming, Window::kPovey}) AsWide(window);
    // A symmetric window is a periodic one with another sample, and its middle is between two.
    for (const int later : {-1, 1}) {
      Add("window_periodic", [=](Trial& t) {
        t.spec.window_periodic = !t.spec.window_periodic;
        t.start += later;
      });
    }
    for (const int longer : {-1, 1}) {
      for (const bool keep_middle : {true, false}) {
        for (const bool toggle : {true, false}) Neighbour(longer, keep_middle, toggle);
      }
    }
    Add("window_kept_samples", [](Trial& t) { t.spec.window_kept_samples = 0; });
    for (const double part : {0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95}) {
      Add("window_kept_samples", [=](Trial& t) {
        t.spec.window_kept_samples = static_cast<int>(t.spec.window_samples * part);
      });
    }
    for (const int length : Lengths()) WindowLength(length);
    for (const int size : Lengths()) FftSize(size);
    for (const int size : {trial_.spec.window_samples, NextPowerOfTwo(trial_.spec.window_samples),
                           2 * NextPowerOfTwo(trial_.spec.window_samples)}) {
      FftSize(size);
    }
  }

 private:
  /// Another window that is as wide in effect, which a search may have taken for this one.
  void AsWide(Window window) {
    const double ratio = Width(window) / Width(trial_.spec.window);
    const int length = static_cast<int>(std::lround(trial_.spec.window_samples * ratio));
    if (window == trial_.spec.window || trial_.spec.window == Window::kRectangular) return;
    for (const bool periodic : {true, false}) {
      Add("window_samples", [=](Trial& t) {
        const std::int64_t middle = MiddleOf(t);
        t.spec.window = window;
        t.spec.window_periodic = periodic;
        t.spec.window_samples = length;
        t.spec.fft_size = std::max(t.spec.fft_size, length);
        PutMiddle(t, middle);
      });
    }
  }

  /// Equivalent noise bandwidth, in bins.
  static double Width(Window window) {
    return window == Window::kHann ? 1.5 : window == Window::kHamming ? 1.36 : 1.41;
  }

  void Neighbour(int longer, bool keep_middle, bool toggle) {
    Add("window_samples", [=](Trial& t) {
      const std::int64_t middle = MiddleOf(t);
      t.spec.window_samples += longer;
      if (toggle) t.spec.window_periodic = !t.spec.window_periodic;
      t.spec.fft_size = std::max(t.spec.fft_size, t.spec.window_samples);
      if (keep_middle) PutMiddle(t, middle);
    });
  }

  std::set<int> Lengths() const {
    std::set<int> lengths = {256, 320, 400, 480, 512, 640, 800, 960, 1024, 1200, 2048};
    const FrontendSpec& spec = trial_.spec;
    for (const double milliseconds : {16.0, 20.0, 25.0, 30.0, 32.0, 40.0, 50.0, 64.0}) {
      lengths.insert(static_cast<int>(std::lround(spec.sample_rate_hz * milliseconds / 1000)));
    }
    lengths.insert({spec.fft_size, 2 * spec.hop_samples, 4 * spec.hop_samples});
    return lengths;
  }

  void WindowLength(int length) {
    const FrontendSpec& spec = trial_.spec;
    if (length == spec.window_samples) return;
    std::set<int> sizes = {std::max(spec.fft_size, length)};
    if (length > spec.fft_size) sizes.insert(NextPowerOfTwo(length));
    if (spec.fft_size == spec.window_samples) sizes.insert(length);
    for (const int size : sizes) {
      for (const bool keep_middle : {true, false}) {
        Add("window_samples", [=](Trial& t) {
          const std::int64_t middle = MiddleOf(t);
          t.spec.window_samples = length;
          t.spec.fft_size = size;
          if (keep_middle) PutMiddle(t, middle);
        });
      }
    }
  }

  void FftSize(int size) {
    if (size == trial_.spec.fft_size || size < trial_.spec.window_samples) return;
    Add("fft_size", [=](Trial& t) { t.spec.fft_size = size; });
  }

  void Add(const char* field, std::function<void(Trial&)> apply) {
    moves_.push_back({field, std::move(apply)});
  }

  const Trial& trial_;
  std::vector<Move>& moves_;
};

}  // namespace

void AddWindowMoves(const Trial& trial, std::vector<Move>& moves) {
  WindowMoves(trial, moves).Make();
}

}  // namespace ossicle::compare

#include "dsp/window.h"

#include "dsp/exact_math.h"

namespace ossicle::dsp {

namespace {

double WindowValue(Window window, int n, int divisor) {
  switch (window) {
    case Window::kRectangular:
      return 1.0;
    case Window::kHann:
      return 0.5 - 0.5 * CosTurn(n, divisor);
    case Window::kHamming:
      return 0.54 - 0.46 * CosTurn(n, divisor);
    case Window::kPovey:
      return Pow(0.5 - 0.5 * CosTurn(n, divisor), 0.85);
  }
  return 0.0;
}

}  // namespace

std::vector<double> MakeWindow(Window window, int samples, bool periodic) {
  if (samples == 1) return {1.0};
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(samples));
  for (int n = 0; n < samples; ++n) {
    values.push_back(WindowValue(window, n, periodic ? samples : samples - 1));
  }
  return values;
}

}  // namespace ossicle::dsp

#pragma once

#include <array>
#include <cstddef>

namespace ossicle::dsp {

/// The constants of scale * ln(x) + offset. In float the scale is part of the polynomial's
/// coefficients; in double it is multiplied at the end.
template <class T>
struct ScaledLog {
  static constexpr double kLn2 = 0.69314718055994530942;
  /// Q of ln(1 + f) ~ f + f^2 Q(f) for |f| <= 1/3, minimax by Remez's exchange for the error
  /// relative to ln(1 + f): 2.6e-8.
  static constexpr std::array kPolynomial = {
      -0.4999993607939760178797939, 0.3333319813651416787024037,  -0.2500781884808955747355676,
      0.2001116872361310173693095,  -0.1641596159470464109563292, 0.1399580595032797620497616,
      -0.1538853563474035446177853, 0.1402636417783854073539795};

  ScaledLog() { Set(1.0, 0.0); }
  void Set(double new_scale, double new_offset) {
    scale = static_cast<T>(new_scale);
    offset = static_cast<T>(new_offset);
    ln2 = static_cast<T>(new_scale * kLn2);
    for (std::size_t i = 0; i < polynomial.size(); ++i) {
      polynomial[i] = static_cast<T>(new_scale * kPolynomial[i]);
    }
  }

  T scale = 1;
  T offset = 0;
  T ln2 = 0;
  std::array<T, kPolynomial.size()> polynomial{};
};

}  // namespace ossicle::dsp

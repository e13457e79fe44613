#pragma once

namespace ossicle::compare {

/// `value` with so many decimal digits: the nearest double to the decimal number.
double AsDigits(double value, int digits);

/// What `value` is if it is nearly (relatively) a number of at most 5 digits or a well-known one,
/// else itself. With 3 digits or more, `tolerance` is at most 1e-5, 1e-6, 1e-7.
double Rounded(double value, double tolerance);

/// How unlikely it is that somebody chose `value`: 0 for 1e-5 or 80, 1 more for each further digit
/// up to 5, 8 for any other.
double Roughness(double value);

}  // namespace ossicle::compare

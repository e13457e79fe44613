#pragma once

#include "dsp/turn.h"

namespace ossicle::dsp {

// Functions for tables. The C library's own differ in their last bit between machines, so that
// tables made with them would too; these use IEEE add, subtract, multiply and divide only, carry
// about 100 bits, and round once at the end.

/// sin(pi x) for 0 <= x < 2^31.
double SinPi(double x);

/// e^x for -700 < x < 700.
double Exp(double x);

/// ln(x) for x > 0, normal.
double Log(double x);

/// x^y for x > 0, and 0 for x = 0.
double Pow(double x, double y);

// The same care for tables of many thousands of values, in double alone: within a few units in the
// last place, and the same bits everywhere.

/// sin(pi x) and cos(pi x) for |x| < 2^31.
double QuickSinPi(double x);
double QuickCosPi(double x);

/// sin(pi x) / (pi x), and 1 for x = 0; |x| < 2^31.
double Sinc(double x);

/// The modified Bessel function of the first kind and order 0, for 0 <= x <= 40.
double BesselI0(double x);

}  // namespace ossicle::dsp

#pragma once

namespace ossicle::dsp {

// Functions for tables. The C library's own differ in their last bit between machines, so that
// tables made with them would too; these use IEEE add, subtract, multiply and divide only, carry
// about 100 bits, and round once at the end.

/// cos(2 pi k / n) and sin(2 pi k / n), for 0 <= k and 1 <= n.
double CosTurn(long long k, long long n);
double SinTurn(long long k, long long n);

/// sin(pi x) for 0 <= x < 2^31.
double SinPi(double x);

/// e^x for -700 < x < 700.
double Exp(double x);

/// ln(x) for x > 0, normal.
double Log(double x);

/// x^y for x > 0, and 0 for x = 0.
double Pow(double x, double y);

}  // namespace ossicle::dsp

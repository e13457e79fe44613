#pragma once

#include <vector>

#include "compare/moves.h"

namespace ossicle::compare {

/// Changes of the window's kind, length and place and of the FFT's size.
void AddWindowMoves(const Trial& trial, std::vector<Move>& moves);

}  // namespace ossicle::compare

#include "dsp/fft.h"

#include <array>
#include <cstdint>
#include <limits>
#include <numeric>

#include "dsp/turn.h"

namespace ossicle::dsp {

namespace {

/// A codelet: its size, and its additions and multiplications.
struct Codelet {
  int size;
  int operations;
};
constexpr std::array kRealCodelets = {Codelet{2, 0},   Codelet{3, 5},  Codelet{4, 4},
                                      Codelet{5, 15},  Codelet{8, 20}, Codelet{16, 68},
                                      Codelet{32, 196}};
constexpr std::array kComplexCodelets = {Codelet{2, 4},    Codelet{3, 16},   Codelet{4, 16},
                                         Codelet{5, 44},   Codelet{8, 56},   Codelet{15, 212},
                                         Codelet{16, 168}, Codelet{25, 536}, Codelet{32, 465}};

// What goes with them, in instructions: loads and stores of a complex element, a twiddle with its
// two constants, a sample with its window, a stored part.
constexpr std::int64_t kElement = 6;
constexpr std::int64_t kTwiddle = 8;
constexpr std::int64_t kSample = 3;
constexpr std::int64_t kPart = 1;
constexpr std::int64_t kPair = 22;  // the separation of two elements

constexpr std::int64_t kImpossible = std::numeric_limits<std::int64_t>::max() / 4096;

/// The way to transform a column of `size` elements that costs least.
struct ColumnPlan {
  std::int64_t cost = kImpossible;
  std::vector<int> radices;
};

ColumnPlan PlanColumn(int size) {
  if (size == 1) return {kElement, {1}};
  ColumnPlan best;
  for (const Codelet& codelet : kComplexCodelets) {
    const int radix = codelet.size;
    if (size % radix != 0) continue;
    const std::int64_t rest = size / radix;
    ColumnPlan plan = {rest * (codelet.operations + kElement * radix), {radix}};
    if (rest > 1) {
      const ColumnPlan inner = PlanColumn(static_cast<int>(rest));
      plan.cost += rest * (radix - 1) * kTwiddle + radix * inner.cost;
      plan.radices.insert(plan.radices.end(), inner.radices.begin(), inner.radices.end());
    }
    if (plan.cost < best.cost) best = plan;
  }
  return best;
}

struct Split {
  std::int64_t cost = kImpossible;
  int rows = 0;
  std::vector<int> radices;
};

/// Twiddles are saved only where the rows are a power of 2, and the columns odd.
bool AreCoprime(int rows, int columns) { return rows % 2 == 0 && std::gcd(rows, columns) == 1; }

Split PlanSplit(int size) {
  Split best;
  for (const Codelet& codelet : kRealCodelets) {
    const int rows = codelet.size;
    if (size % rows != 0 || (size - rows) % 2 != 0) continue;
    const int columns = size / rows;
    const int kept = (rows + 1) / 2;
    const ColumnPlan column = PlanColumn(columns);
    std::int64_t cost = columns * (codelet.operations + (kSample + kPart) * rows);
    cost += kept * column.cost;
    if (size % 2 == 0) cost += (columns / 2 + 1) * kPair;
    if (!AreCoprime(rows, columns)) cost += (columns - 1) * (kept - 1) * kTwiddle;
    if (cost < best.cost) best = {cost, rows, column.radices};
  }
  return best;
}

template <class T>
void AppendTwiddle(std::int64_t k, std::int64_t n, std::vector<T>& twiddles) {
  twiddles.push_back(static_cast<T>(CosTurn(k, n)));
  twiddles.push_back(static_cast<T>(-SinTurn(k, n)));
}

/// x with a x = 1 modulo n.
int InverseModulo(int a, int n) {
  int x = 0;
  while (static_cast<std::int64_t>(a) * x % n != 1 % n) ++x;
  return x;
}

template <class T>
class FftPlanner {
 public:
  explicit FftPlanner(FftPlan<T>& plan) : plan_(plan) {
    const Split split = PlanSplit(plan.size);
    plan.rows = split.rows;
    plan.columns = plan.size / split.rows;
    plan.kept = (plan.rows + 1) / 2;
    plan.coprime = AreCoprime(plan.rows, plan.columns);
    plan.paired = plan.size % 2 == 0;
    plan.column_stride = plan.columns | 1;
    column_bins_ = RealColumnBins(plan.rows);
    if (plan.coprime) inverse_rows_ = InverseModulo(plan.rows, plan.columns);
    PlanFirstPass();
    PlanStages(split.radices);
    PlanOutputs();
  }

 private:
  void PlanFirstPass() {
    for (int column = 0; column < plan_.columns; ++column) {
      for (int row = 0; row < plan_.rows; ++row) {
        const int step = plan_.coprime ? plan_.rows : 1;
        plan_.inputs.push_back((plan_.columns * row + step * column) % plan_.size);
      }
      const bool as_one_signal = plan_.paired && !plan_.coprime;
      plan_.sum_places.push_back(as_one_signal ? column : 2 * column);
      plan_.sum_places.push_back(as_one_signal ? column + plan_.columns : 2 * column + 1);
      if (column == 0 || plan_.coprime) continue;
      for (const int bin : column_bins_) {
        AppendTwiddle<T>(static_cast<std::int64_t>(column) * bin, plan_.size, plan_.row_twiddles);
      }
    }
  }

  void PlanStages(const std::vector<int>& radices) {
    places_.resize(static_cast<std::size_t>(plan_.columns));
    Place(radices.data(), plan_.columns, 0, 0, 1);
    int rest = plan_.columns;
    for (const int radix : radices) {
      rest /= radix;
      plan_.stages.push_back({radix, rest, plan_.stage_twiddles.size()});
      if (rest == 1) break;
      for (int j = 0; j < rest; ++j) {
        for (int k = 1; k < radix; ++k) {
          AppendTwiddle<T>(static_cast<std::int64_t>(j) * k,
                           static_cast<std::int64_t>(radix) * rest, plan_.stage_twiddles);
        }
      }
    }
  }

  /// The transform of `size` elements from `start` gives the bins first, first + step, ...
  void Place(const int* radices, int size, int start, int first, int step) {
    if (size == 1) {
      places_[static_cast<std::size_t>(first)] = start;
      return;
    }
    const int rest = size / *radices;
    for (int k = 0; k < *radices; ++k) {
      Place(radices + 1, rest, start + rest * k, first + step * k, step * *radices);
    }
  }

  int PlaceOf(int k) const { return places_[static_cast<std::size_t>(k % plan_.columns)]; }

  /// The bin that is row_bin modulo rows and k modulo columns.
  int CoprimeBin(int row_bin, int k) const {
    const std::int64_t difference = k - row_bin % plan_.columns + plan_.columns;
    return row_bin + plan_.rows * static_cast<int>(difference * inverse_rows_ % plan_.columns);
  }

  void SetBin(int bin, int vector) {
    const int folded = 2 * bin > plan_.size ? plan_.size - bin : bin;
    plan_.bin_places[static_cast<std::size_t>(folded)] = vector;
  }

  void PlanOutputs() {
    plan_.bin_places.resize(static_cast<std::size_t>(plan_.size / 2 + 1));
    if (plan_.paired) {
      PlanPairs();
    } else {
      PlanColumnOutputs(0, 0);
    }
    for (int column = 1; column < plan_.kept; ++column) {
      PlanColumnOutputs(column, column_bins_[static_cast<std::size_t>(column - 1)]);
    }
  }

  void PlanColumnOutputs(int column, int row_bin) {
    const int radix = plan_.stages.back().radix;
    for (int k = 0; k < plan_.columns; ++k) {
      const int bin = plan_.coprime ? CoprimeBin(row_bin, k) : row_bin + plan_.rows * k;
      const int place = PlaceOf(k);
      const int block = place - place % radix;
      SetBin(bin, 2 * (column * plan_.column_stride + block) + place % radix);
    }
  }

  void PlanPairs() {
    const int half = plan_.rows / 2;
    for (int k = 0; 2 * k <= plan_.columns; ++k) {
      const int low = PlaceOf(k), high = PlaceOf(plan_.columns - k);
      plan_.pair_places.push_back(low);
      plan_.pair_places.push_back(high);
      AppendTwiddle<T>(plan_.coprime ? 0 : k, 2 * static_cast<std::int64_t>(plan_.columns),
                       plan_.pair_twiddles);
      const int difference = low == high ? 2 * low + 1 : 2 * high;
      if (plan_.coprime) {
        SetBin(CoprimeBin(0, k), 2 * low);
        SetBin(CoprimeBin(half, k), difference);
      } else {
        SetBin(half * (plan_.columns - k), difference);
        SetBin(half * k, 2 * low);
      }
    }
  }

  FftPlan<T>& plan_;
  std::vector<int> column_bins_;
  std::vector<int> places_;  // of a column's bins
  int inverse_rows_ = 0;     // modulo columns
};

}  // namespace

std::vector<int> RealColumnBins(int size) {
  std::vector<int> bins;
  if (size % 2 == 1) {
    for (int bin = 1; 2 * bin < size; ++bin) bins.push_back(bin);
    return bins;
  }
  for (int step = 1; size / step >= 4; step *= 2) {
    for (int m = 0; m < size / step / 4; ++m) bins.push_back(step * (4 * m + 1));
  }
  return bins;
}

template <class T>
FftPlan<T>::FftPlan(int size_in) : size(size_in) {
  FftPlanner<T> planner(*this);
}

template struct FftPlan<float>;
template struct FftPlan<double>;

}  // namespace ossicle::dsp

// The mel bank over a block of frames. Included once per target.
#if defined(OSSICLE_DSP_MEL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_MEL_INL_H_
#undef OSSICLE_DSP_MEL_INL_H_
#else
#define OSSICLE_DSP_MEL_INL_H_
#endif

#include <cstddef>
#include <cstdint>

#include "dsp/lanes-inl.h"
#include "dsp/mel_segments.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

/// Segment s leaves its two sums in vector s of `falls` and of `rises`.
template <class D>
class MelSums {
 public:
  using T = hn::TFromD<D>;
  using V = Values<D>;

  MelSums(const T* spectrum, T* falls, T* rises)
      : spectrum_(spectrum), falls_(falls), rises_(rises) {}

  HWY_INLINE void Run(const MelSegments<T>& mel, const std::int32_t* taps) const {
    Cursor at = {mel.segments.data(), taps, mel.weights.data()};
    for (const auto& run : mel.runs) at = SumRun(run.taps, run.segments, at);
  }

 private:
  /// Where the tables are read.
  struct Cursor {
    const std::int32_t* segment;
    const std::int32_t* tap;
    const T* weight;
  };

  HWY_INLINE Cursor SumRun(int taps, int segments, Cursor at) const {
    switch (taps) {
      case 0:
        return Few<0>(segments, at);
      case 1:
        return Few<1>(segments, at);
      case 2:
        return Few<2>(segments, at);
      case 3:
        return Few<3>(segments, at);
      case 4:
        return Few<4>(segments, at);
      case 5:
        return Few<5>(segments, at);
      case 6:
        return Few<6>(segments, at);
      case 7:
        return Few<7>(segments, at);
      case 8:
        return Few<8>(segments, at);
      case 9:
        return Few<9>(segments, at);
      case 10:
        return Few<10>(segments, at);
      case 11:
        return Few<11>(segments, at);
      case 12:
        return Few<12>(segments, at);
      default:
        return Many(taps, segments, at);
    }
  }

  HWY_INLINE void Store(V fall, V rise, Cursor& at) const {
    const auto place = static_cast<std::size_t>(*at.segment++) * hn::Lanes(D());
    fall.Store(falls_ + place);
    rise.Store(rises_ + place);
  }

  template <int kTaps>
  HWY_NOINLINE Cursor Few(int segments, Cursor at) const {
    const MelSums self = *this;
    for (; segments > 0; --segments) {
      V fall[2], rise[2];
      fall[0] = rise[0] = V::All(0);
      Unroll<kTaps>([&](auto i) OSSICLE_LAMBDA {
        const V bin = V::Load(self.spectrum_ + at.tap[i]);
        const V falling = bin * at.weight[2 * i], rising = bin * at.weight[2 * i + 1];
        fall[i % 2] = i < 2 ? falling : fall[i % 2] + falling;
        rise[i % 2] = i < 2 ? rising : rise[i % 2] + rising;
      });
      if constexpr (kTaps > 1) {
        fall[0] = fall[0] + fall[1];
        rise[0] = rise[0] + rise[1];
      }
      self.Store(fall[0], rise[0], at);
      at.tap += kTaps;
      at.weight += 2 * kTaps;
    }
    return at;
  }

  HWY_NOINLINE Cursor Many(int taps, int segments, Cursor at) const {
    const MelSums self = *this;
    for (; segments > 0; --segments) {
      V fall[2], rise[2];
      Unroll<2>([&](auto i) OSSICLE_LAMBDA {
        const V bin = V::Load(self.spectrum_ + at.tap[i]);
        fall[i] = bin * at.weight[2 * i];
        rise[i] = bin * at.weight[2 * i + 1];
      });
      const std::int32_t* tap = at.tap + 2;
      const T* weight = at.weight + 4;
      const auto add = [&](auto parity) OSSICLE_LAMBDA {
        const V bin = V::Load(self.spectrum_ + tap[parity]);
        fall[parity] = fall[parity] + bin * weight[2 * parity];
        rise[parity] = rise[parity] + bin * weight[2 * parity + 1];
      };
      for (int pairs = taps / 2 - 1; pairs > 0; --pairs, tap += 2, weight += 4) Unroll<2>(add);
      if (taps % 2 == 1) add(Int<0>());
      at.tap += taps;
      at.weight += 2 * taps;
      self.Store(fall[0] + fall[1], rise[0] + rise[1], at);
    }
    return at;
  }

  const T* spectrum_;
  T* falls_;
  T* rises_;
};

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif

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

  MelSums(const MelSegments<T>& mel, const std::int32_t* taps, const T* spectrum, T* falls,
          T* rises)
      : mel_(mel),
        segment_(mel.segments.data()),
        tap_(taps),
        weight_(mel.weights.data()),
        spectrum_(spectrum),
        falls_(falls),
        rises_(rises) {}

  HWY_INLINE void Run() {
    for (const auto& run : mel_.runs) {
      switch (run.taps) {
        case 0:
          Few<0>(run.segments);
          break;
        case 1:
          Few<1>(run.segments);
          break;
        case 2:
          Few<2>(run.segments);
          break;
        case 3:
          Few<3>(run.segments);
          break;
        case 4:
          Few<4>(run.segments);
          break;
        case 5:
          Few<5>(run.segments);
          break;
        case 6:
          Few<6>(run.segments);
          break;
        case 7:
          Few<7>(run.segments);
          break;
        default:
          Many(run.taps, run.segments);
      }
    }
  }

 private:
  HWY_INLINE V Bin(int tap) const { return V::Load(spectrum_ + tap_[tap]); }

  HWY_INLINE void AddTo(V& fall, V& rise, int tap) const {
    const V bin = Bin(tap);
    fall = fall + bin * weight_[2 * tap];
    rise = rise + bin * weight_[2 * tap + 1];
  }

  HWY_INLINE void Finish(V fall, V rise, int taps) {
    const auto segment = static_cast<std::size_t>(*segment_++);
    fall.Store(falls_ + segment * hn::Lanes(D()));
    rise.Store(rises_ + segment * hn::Lanes(D()));
    tap_ += taps;
    weight_ += 2 * taps;
  }

  template <int kTaps>
  HWY_NOINLINE void Few(int segments) {
    for (; segments > 0; --segments) {
      V fall[2], rise[2];
      fall[0] = rise[0] = V::All(0);
      Unroll<kTaps>([&](auto i) OSSICLE_LAMBDA {
        const V bin = Bin(i);
        const V falling = bin * weight_[2 * i], rising = bin * weight_[2 * i + 1];
        fall[i % 2] = i < 2 ? falling : fall[i % 2] + falling;
        rise[i % 2] = i < 2 ? rising : rise[i % 2] + rising;
      });
      if constexpr (kTaps > 1) {
        fall[0] = fall[0] + fall[1];
        rise[0] = rise[0] + rise[1];
      }
      Finish(fall[0], rise[0], kTaps);
    }
  }

  HWY_NOINLINE void Many(int taps, int segments) {
    for (; segments > 0; --segments) {
      const V first = Bin(0), second = Bin(1);
      V fall_even = first * weight_[0], rise_even = first * weight_[1];
      V fall_odd = second * weight_[2], rise_odd = second * weight_[3];
      int tap = 2;
      for (; tap + 1 < taps; tap += 2) {
        AddTo(fall_even, rise_even, tap);
        AddTo(fall_odd, rise_odd, tap + 1);
      }
      if (tap < taps) AddTo(fall_even, rise_even, tap);
      Finish(fall_even + fall_odd, rise_even + rise_odd, taps);
    }
  }

  const MelSegments<T>& mel_;
  const std::int32_t* HWY_RESTRICT segment_;
  const std::int32_t* HWY_RESTRICT tap_;
  const T* HWY_RESTRICT weight_;
  const T* HWY_RESTRICT spectrum_;
  T* HWY_RESTRICT falls_;
  T* HWY_RESTRICT rises_;
};

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif

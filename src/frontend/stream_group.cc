#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/fp_environment.h"
#include "frontend/access.h"
#include "frontend/apart_block.h"
#include "frontend/finite.h"
#include "frontend/live_signal.h"
#include "ossicle/error.h"
#include "ossicle/stream.h"

namespace ossicle {

namespace {

/// Of the signal that a stream takes at a time: a block of frames one hop after the other.
template <class T>
std::int64_t PieceSamples(const internal::CompiledFrontend& compiled) {
  constexpr std::int64_t kLeast = 1024, kMost = 16384;
  const dsp::KernelPlan<T>& plan = compiled.Plan<T>();
  return std::clamp(std::int64_t{dsp::KernelFor(plan).lanes} * plan.hop_samples, kLeast, kMost);
}

}  // namespace

template <class T>
struct StreamGroup<T>::State {
  static constexpr std::size_t kMaxLanes = dsp::KernelPlan<T>::kMaxLanes;

  struct Member {
    explicit Member(const internal::LiveSignal<T>& fresh) : signal(fresh) {}

    internal::LiveSignal<T> signal;
    std::span<const float> input;  // of this Push: what is not taken yet
    std::int64_t named_in = 0;     // the last Push that named it
    bool present = true;
  };

  /// A frame that waits for others to share a block with.
  struct Waiting {
    int stream = 0;
    std::int64_t frame = 0;
  };

  State(const Frontend& frontend_in, const StreamOptions& options)
      : frontend(frontend_in),
        compiled(internal::FrontendAccess::Compiled(frontend)),
        fresh(compiled, options, PieceSamples<T>(compiled)),
        scratch(internal::ScratchMemory::For<T>(compiled)),
        apart(compiled),
        block_frames(dsp::KernelFor(compiled.Plan<T>()).lanes) {
    const auto bands = static_cast<std::size_t>(frontend.bands());
    values.resize(bands * static_cast<std::size_t>(apart.lanes()));
    out.reserve(bands * kMaxLanes);
    resampled.reserve(fresh.MostResampled());
  }

  Member& Of(int stream) const {
    const auto place = static_cast<std::size_t>(stream);
    if (stream >= 0 && place < members.size() && members[place]->present) return *members[place];
    throw Error(Code::kShape,
                Name(stream) + " is not in the group: give a number that Add returned");
  }

  static std::string Name(int stream) { return "stream " + std::to_string(stream); }

  int Add() {
    if (removed.empty()) {
      members.push_back(std::make_unique<Member>(fresh));
      removed.reserve(members.size());
      return static_cast<int>(members.size()) - 1;
    }
    const int stream = removed.back();
    removed.pop_back();
    members[static_cast<std::size_t>(stream)]->present = true;
    return stream;
  }

  void Remove(int stream) {
    Member& member = Of(stream);
    member.signal.Reset();
    member.present = false;
    removed.push_back(stream);
  }

  void Check(std::span<const StreamPiece> pieces) {
    ++pushes;
    for (const StreamPiece& piece : pieces) {
      Member& member = Of(piece.stream);
      if (member.named_in == pushes) {
        throw Error(Code::kShape, Name(piece.stream) + " has two pieces in one Push: join them");
      }
      member.named_in = pushes;
      const internal::LiveSignal<T>& signal = member.signal;
      try {
        internal::CheckFinite(piece.samples, signal.samples(), signal.input_rate_hz(), nullptr, 1);
        if (piece.last) compiled.CheckSamples(signal.LengthWith(std::ssize(piece.samples)));
      } catch (const Error& error) {
        throw Error(error.code(), Name(piece.stream) + ": " + error.what());
      }
    }
  }

  void Push(std::span<const StreamPiece> pieces, const Sink& sink) {
    waiting = 0;  // and nothing is left of a Push that the sink has ended
    out.clear();
    for (const StreamPiece& piece : pieces) Of(piece.stream).input = piece.samples;
    // Of every stream what it holds at a time, so that memory does not grow with the pieces.
    for (bool more = true; more;) {
      more = false;
      for (const StreamPiece& piece : pieces) {
        Member& member = Of(piece.stream);
        if (member.input.empty()) continue;
        Take(piece.stream, member.signal.Read(member.input, resampled), sink);
        more = more || !member.input.empty();
      }
      Flush(sink);
    }
    End(pieces, sink);
  }

  void End(std::span<const StreamPiece> pieces, const Sink& sink) {
    for (const StreamPiece& piece : pieces) {
      if (!piece.last) continue;
      internal::LiveSignal<T>& signal = Of(piece.stream).signal;
      Take(piece.stream, signal.ReadLast(resampled), sink);
      Flush(sink);
      signal.End();
      Collect(piece.stream, sink);
    }
    Flush(sink);
    for (const StreamPiece& piece : pieces) {
      if (!piece.last) continue;
      internal::LiveSignal<T>& signal = Of(piece.stream).signal;
      signal.Finish(scratch, out);
      Deliver(piece.stream, sink);
      signal.Reset();
    }
  }

  void Take(int stream, std::span<const float> audio, const Sink& sink) {
    while (!audio.empty()) {
      audio = Of(stream).signal.Hold(audio);
      Collect(stream, sink);
      if (!audio.empty()) Flush(sink);
    }
  }

  /// Computes whole blocks of a stream's frames; those that are left wait for others.
  void Collect(int stream, const Sink& sink) {
    internal::LiveSignal<T>& signal = Of(stream).signal;
    const std::int64_t end = signal.known_frames();
    std::int64_t alone = end - signal.next_frame();
    if (apart.lanes() > 0) alone -= alone % block_frames;
    if (alone > 0) {
      signal.Compute(signal.next_frame() + alone, scratch, out);
      Deliver(stream, sink);
    }
    if (apart.lanes() == 0) return;
    for (; signal.next_frame() < end; signal.Skip(1)) {
      frames[waiting++] = {stream, signal.next_frame()};
      if (waiting == static_cast<std::size_t>(apart.lanes())) Flush(sink);
    }
  }

  /// Computes the frames that wait.
  void Flush(const Sink& sink) {
    if (waiting == 0) return;
    std::array<internal::PlacedFrame, kMaxLanes> placed;
    for (std::size_t i = 0; i < waiting; ++i) {
      placed[i] = {Of(frames[i].stream).signal.Piece(), frames[i].frame};
    }
    apart.Compute(std::span(placed).first(waiting), scratch.template Of<T>(0), values.data());
    const std::size_t count = std::exchange(waiting, 0);
    const auto bands = static_cast<std::size_t>(frontend.bands());
    for (std::size_t i = 0, end = 0; i < count; i = end) {
      const int stream = frames[i].stream;
      for (end = i; end < count && frames[end].stream == stream;) ++end;
      const auto of_stream = std::span<const T>(values).subspan(i * bands, (end - i) * bands);
      internal::LiveSignal<T>& signal = members[static_cast<std::size_t>(stream)]->signal;
      if (!signal.FinishesFrames()) {
        sink(stream, of_stream);
        continue;
      }
      signal.Append(of_stream, scratch, out);
      Deliver(stream, sink);
    }
  }

  void Deliver(int stream, const Sink& sink) {
    if (!out.empty()) sink(stream, out);
    out.clear();
  }

  const Frontend frontend;
  const internal::CompiledFrontend& compiled;
  const internal::LiveSignal<T> fresh;  // has taken nothing; those of the members are copies
  internal::ScratchMemory scratch;
  const internal::ApartBlock<T> apart;
  const std::int64_t block_frames;

  std::vector<std::unique_ptr<Member>> members;  // by number
  std::vector<int> removed;
  std::int64_t pushes = 0;

  std::array<Waiting, kMaxLanes> frames;
  std::size_t waiting = 0;
  std::vector<T> values;  // of those frames
  std::vector<T> out;
  std::vector<float> resampled;
};

template <class T>
StreamGroup<T>::StreamGroup(const Frontend& frontend, const StreamOptions& options) {
  const internal::DefaultFpEnvironment environment;
  state_ = std::make_unique<State>(frontend, options);
}

template <class T>
StreamGroup<T>::StreamGroup(StreamGroup&&) noexcept = default;
template <class T>
StreamGroup<T>& StreamGroup<T>::operator=(StreamGroup&&) noexcept = default;
template <class T>
StreamGroup<T>::~StreamGroup() = default;

template <class T>
int StreamGroup<T>::Add() {
  return state_->Add();
}

template <class T>
void StreamGroup<T>::Remove(int stream) {
  state_->Remove(stream);
}

template <class T>
int StreamGroup<T>::streams() const noexcept {
  return static_cast<int>(state_->members.size() - state_->removed.size());
}

template <class T>
void StreamGroup<T>::Push(std::span<const StreamPiece> pieces, const Sink& sink) {
  const internal::DefaultFpEnvironment environment;
  state_->Check(pieces);
  state_->Push(pieces, sink);
}

template <class T>
std::int64_t StreamGroup<T>::lookahead_samples() const noexcept {
  return state_->fresh.LookaheadSamples();
}

template class StreamGroup<float>;
template class StreamGroup<double>;

}  // namespace ossicle

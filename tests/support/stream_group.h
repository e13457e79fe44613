#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "ossicle/stream.h"
#include "support/stream.h"

namespace ossicle::test {

/// A StreamGroup beside a Stream for each of its streams, which take the same pieces of random
/// sizes of a signal, end and begin again, join and leave.
template <class T>
class GroupBesideStreams {
 public:
  GroupBesideStreams(const Frontend& frontend, StreamOptions options, unsigned seed)
      : frontend_(frontend),
        options_(std::move(options)),
        random_(seed),
        signal_(TestSignal(100000)),
        group_(frontend, options_) {}

  StreamGroup<T>& group() { return group_; }

  void Add() { beside_.emplace(group_.Add(), std::make_unique<Beside>(frontend_, options_)); }

  void RemoveAny() {
    auto any = beside_.begin();
    std::advance(any, static_cast<std::ptrdiff_t>(Random(beside_.size())));
    group_.Remove(any->first);
    beside_.erase(any);
  }

  std::size_t streams() const { return beside_.size(); }

  /// Pushes a piece of most of the streams, in any order; whether each gave the frames that its
  /// Stream gives for the same piece.
  bool PushGivesTheFramesOfEachStream() {
    std::vector<StreamPiece> pieces;
    for (auto& [number, beside] : beside_) {
      beside->found.clear();
      beside->expected.clear();
      if (Random(5) == 0) continue;
      pieces.push_back(NextPiece(number, *beside));
    }
    std::shuffle(pieces.begin(), pieces.end(), random_);
    group_.Push(pieces, [this](int stream, std::span<const T> frames) {
      std::vector<T>& found = beside_.at(stream)->found;
      found.insert(found.end(), frames.begin(), frames.end());
    });
    for (const StreamPiece& piece : pieces) PushAlone(piece);
    return std::all_of(beside_.begin(), beside_.end(), [](const auto& of_number) {
      return SameBits(of_number.second->found, of_number.second->expected);
    });
  }

  /// Frames until now.
  std::int64_t frames() const { return frames_; }

 private:
  struct Beside {
    Beside(const Frontend& frontend, const StreamOptions& options) : stream(frontend, options) {}
    Stream<T> stream;
    std::vector<T> expected;
    std::vector<T> found;
  };

  std::size_t Random(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }

  /// Samples of the input that give at least min_samples.
  std::int64_t LeastSamples() const {
    const FrontendSpec& spec = frontend_.spec();
    const std::int64_t rate_hz =
        options_.input_rate_hz == 0 ? spec.sample_rate_hz : options_.input_rate_hz;
    return (std::int64_t{spec.min_samples} + 2) * rate_hz / spec.sample_rate_hz;
  }

  StreamPiece NextPiece(int number, const Beside& beside) {
    const auto hop = static_cast<std::size_t>(frontend_.spec().hop_samples);
    const auto least = static_cast<std::size_t>(LeastSamples());
    const std::size_t sizes[] = {0, 1, hop, hop + 1, least, Random(3 * hop), Random(20 * hop)};
    const std::size_t size = std::min(sizes[Random(std::size(sizes))], signal_.size() / 2);
    const auto piece = std::span(signal_).subspan(Random(signal_.size() / 2), size);
    const std::int64_t length = beside.stream.samples() + std::ssize(piece);
    return {number, piece, Random(8) == 0 && (length == 0 || length >= LeastSamples())};
  }

  void PushAlone(const StreamPiece& piece) {
    Beside& beside = *beside_.at(piece.stream);
    beside.stream.Push(piece.samples, beside.expected);
    if (piece.last) {
      beside.stream.Finish(beside.expected);
      beside.stream.Reset();
    }
    frames_ += std::ssize(beside.expected) / frontend_.bands();
  }

  Frontend frontend_;
  StreamOptions options_;
  std::mt19937 random_;
  std::vector<float> signal_;
  StreamGroup<T> group_;
  std::map<int, std::unique_ptr<Beside>> beside_;
  std::int64_t frames_ = 0;
};

}  // namespace ossicle::test

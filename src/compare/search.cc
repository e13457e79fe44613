#include "compare/search.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "compare/describe.h"
#include "compare/moves.h"
#include "compare/starts.h"

namespace ossicle::compare {

namespace {

/// Starts that are expanded at least: of those that have the target's shape, and of all.
constexpr std::size_t kFirstInPlace = 4;
constexpr std::size_t kFirst = 6;
constexpr int kExpansionsInPlace = 8;
/// Samples by which frames are moved after a change; more, if each step helps.
constexpr std::int64_t kStartReach = 4;
/// Rounds over all numbers, while one gains so much and more can be gained.
constexpr int kRounds = 3;
constexpr double kRoundGain = 0.2;
constexpr double kFinished = -13.0;
constexpr int kMostExpansions = 12;
/// Changes that follow each other without a look at another start.
constexpr int kMostDepth = 5;
/// A change that improves the score by less is none.
constexpr double kGain = 0.02;
constexpr double kRoundingGain = 0.05;
/// At a higher rate, the same sound gives nearly the same: such a change has to gain more.
constexpr double kRateGains = 25.0;
/// At most so far above what rounding leaves, in ln, in each band: all is found.
constexpr double kRounding = 0.7;
constexpr double kRoundingLeast = -15.5;
constexpr double kMaybeRounding = -9.0;
/// The best changes of other fields that are tried on top of the best one.
constexpr std::size_t kCombined = 6;
constexpr std::size_t kChildren = 3;
constexpr double kDepthCost = 0.15;
constexpr double kRateCost = 0.3;
/// Pairs of changes that are taken back together, if there are at most so many changes.
constexpr std::size_t kMostTakenBack = 7;

struct Node : Scored {
  int depth = 0;
  bool expanded = false;
};

struct Child {
  const Move* move = nullptr;
  Scored result;
};

class InnerSearch {
 public:
  InnerSearch(Evaluator& evaluator, const std::vector<Scored>& starts) : evaluator_(evaluator) {
    for (const Scored& start : starts) nodes_.push_back({start});
    starts_ = nodes_.size();
    std::stable_sort(nodes_.begin(), nodes_.end(),
                     [this](const Node& a, const Node& b) { return Cost(a) < Cost(b); });
  }

  std::vector<Scored> Run() {
    // A preset with the target's frames and bands is likely the one that was changed: its own
    // changes first. One change of another one is found when that one comes first: each of the
    // nearest gets a turn.
    ExpandStarts(2, kFirstInPlace);
    for (int i = 0; i < kExpansionsInPlace && !Done(); ++i) {
      if (!ExpandNext(1)) break;
    }
    ExpandStarts(1, kFirstInPlace);
    ExpandStarts(0, kFirst);
    for (int i = 0; i < kMostExpansions && !Done(); ++i) {
      if (!ExpandNext(0)) break;
    }
    std::stable_sort(nodes_.begin(), nodes_.end(),
                     [](const Node& a, const Node& b) { return a.score < b.score; });
    return {nodes_.begin(), nodes_.end()};
  }

 private:
  const Node& Best() const {
    return *std::min_element(nodes_.begin(), nodes_.end(),
                             [](const Node& a, const Node& b) { return a.score < b.score; });
  }

  /// Those that have at least so much of the target's shape, each preset once, until there are
  /// `most` in all.
  void ExpandStarts(int right_counts, std::size_t most) {
    for (std::size_t i = 0; i < starts_ && expanded_.size() < most; ++i) {
      if (nodes_[i].score >= Evaluator::kNoFit) continue;
      if (RightCounts(evaluator_, nodes_[i].trial) < right_counts) continue;
      FinishBest();
      if (Done()) return;
      if (nodes_[i].expanded || !expanded_.insert(nodes_[i].trial.spec.name).second) continue;
      Expand(i);
    }
  }

  /// The best of those that are at least so many changes away from a start; false if there is none.
  bool ExpandNext(int least_depth) {
    const std::optional<std::size_t> next = Next(least_depth);
    if (next) Expand(*next);
    return next.has_value();
  }

  /// One that is nearly exact goes before all others.
  void FinishBest() {
    while (!Done() && Best().score < kMaybeRounding) {
      const auto best =
          std::min_element(nodes_.begin(), nodes_.end(),
                           [](const Node& a, const Node& b) { return a.score < b.score; });
      Expand(static_cast<std::size_t>(best - nodes_.begin()));
    }
  }

  bool Done() {
    const Node& best = Best();
    // Nothing improves it: what is left is the other side's rounding, or no spec can say it.
    const bool final = best.expanded && best.score < kMaybeRounding;
    return evaluator_.exhausted() || final || IsExact(best);
  }

  /// A long chain of changes, or audio at another rate, makes a trial less likely.
  double Cost(const Node& node) const {
    const bool resampled = evaluator_.sound().IsResampledFor(node.trial.spec);
    return node.score + kDepthCost * node.depth + (resampled ? kRateCost : 0.0);
  }

  /// The best one that has not been expanded.
  std::optional<std::size_t> Next(int least_depth) const {
    std::optional<std::size_t> next;
    double best = 0.0;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const Node& node = nodes_[i];
      if (node.expanded || node.depth >= kMostDepth || node.score >= Evaluator::kNoFit) continue;
      if (node.depth < least_depth) continue;
      const double cost = Cost(node);
      if (next && cost >= best) continue;
      next = i;
      best = cost;
    }
    return next;
  }

  /// No band fits worse than rounding lets it.
  bool IsExact(const Scored& node) {
    if (node.score > kMaybeRounding) return false;
    const std::vector<Evaluator::BandFit> fits = evaluator_.InnerBands(node.trial);
    const std::vector<Evaluator::BandFit> rounded = evaluator_.RoundingBands(node.trial);
    for (std::size_t b = 0; b < fits.size(); ++b) {
      if (fits[b].score == Evaluator::kNoFit) continue;
      if (fits[b].score > std::max(rounded[b].score, kRoundingLeast) + kRounding) return false;
    }
    return true;
  }

  double Evaluate(const Trial& trial) { return evaluator_.Inner(trial); }

  void Expand(std::size_t place) {
    nodes_[place].expanded = true;
    const Node from = nodes_[place];
    std::vector<Move> moves =
        InnerMoves(from.trial, evaluator_.sound().sample_rate_hz(), evaluator_.target().frames);
    TakeBack(from.trial.spec, moves);
    std::vector<Child> children;
    for (const Move& move : moves) {
      Trial trial = from.trial;
      move.apply(trial);
      const double score = Evaluate(trial);
      if (score >=
          from.score - Gain(from.score) * (move.field == "sample_rate_hz" ? kRateGains : 1)) {
        continue;
      }
      children.push_back({&move, {trial, score}});
      if (!IsExact(children.back().result)) continue;
      Keep(from, children.back().result);
      return;
    }
    std::stable_sort(children.begin(), children.end(), [](const Child& a, const Child& b) {
      return a.result.score < b.result.score;
    });
    for (std::size_t i = 0; i < std::min(kChildren, children.size()); ++i) {
      Keep(from, Refined(children[i].result, {children[i].move->field}));
    }
    if (children.size() > 1) Keep(from, Combined(children));
    if (children.empty()) Keep(from, Refined(from, {}));
  }

  /// Changes that the preset does not have, each and two at a time: one that has been made too
  /// early holds others up.
  static void TakeBack(const FrontendSpec& spec, std::vector<Move>& moves) {
    const FrontendSpec preset = Preset(spec.name);
    const std::vector<SpecChange> changes = SpecChanges(preset, spec);
    if (changes.size() > kMostTakenBack) return;
    const auto is_step = [](const SpecChange& c) { return c.deviation.field.starts_with("steps"); };
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const FrontendSpec one = changes[i].alone;
      moves.push_back({changes[i].deviation.field, [one](Trial& t) { t.spec = one; }});
      for (std::size_t j = 0; j < i; ++j) {
        if (is_step(changes[i]) && is_step(changes[j])) continue;
        const FrontendSpec two = Together(changes[i], changes[j], preset);
        moves.push_back({changes[i].deviation.field, [two](Trial& t) { t.spec = two; }});
      }
    }
  }

  /// The best change, and on top of it those of other fields that still help.
  Scored Combined(const std::vector<Child>& children) {
    Scored best = children.front().result;
    std::set<std::string> fields = {children.front().move->field};
    for (const Child& child : children) {
      if (fields.size() > kCombined) break;
      if (!fields.insert(child.move->field).second) continue;
      Trial trial = best.trial;
      child.move->apply(trial);
      const double score = Evaluate(trial);
      if (score < best.score - Gain(best.score)) best = {trial, score};
    }
    return Refined(best, fields);
  }

  /// Those numbers of a trial whose fields are named, or all, at their best, one after another.
  Scored Refined(Scored trial, const std::set<std::string>& fields) {
    const Score score = [this](const Trial& t) { return Evaluate(t); };
    for (int round = 0; round < kRounds; ++round) {
      const double before = trial.score;
      trial = RefineStart(score, trial, kStartReach);
      for (const Number& number : InnerNumbers(trial.trial)) {
        if (!fields.empty() && !fields.contains(number.field)) continue;
        trial = RefineNumber(score, trial, number);
      }
      trial = RoundNumbers(score, trial);
      if (trial.score > before - kRoundGain || trial.score < kFinished) break;
    }
    return trial;
  }

  /// Near to rounding, small gains are chance.
  static double Gain(double score) { return score > kMaybeRounding ? kGain : kRoundingGain; }

  void Keep(const Node& from, const Scored& child) {
    if (child.score > from.score - Gain(from.score)) return;
    for (const Node& node : nodes_) {
      if (node.trial.start == child.trial.start && node.trial.spec == child.trial.spec) return;
    }
    nodes_.push_back({child, from.depth + 1, false});
  }

  Evaluator& evaluator_;
  std::vector<Node> nodes_;
  std::size_t starts_ = 0;  // the first of them
  std::set<std::string> expanded_;
};

}  // namespace

std::vector<Scored> SearchInner(Evaluator& evaluator, const std::vector<Scored>& starts) {
  return InnerSearch(evaluator, starts).Run();
}

}  // namespace ossicle::compare

#include "compare/search.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "compare/moves.h"

namespace ossicle::compare {

namespace {

constexpr int kMostExpansions = 14;
/// Changes that follow each other without a look at another start.
constexpr int kMostDepth = 5;
/// A change that improves the score by less is none.
constexpr double kGain = 0.02;
/// At most so far above what rounding leaves, in ln: all is found.
constexpr double kRounding = 0.5;
constexpr double kMaybeRounding = -8.0;
/// The best changes of other fields that are tried on top of the best one.
constexpr std::size_t kCombined = 6;
constexpr std::size_t kChildren = 3;

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
  }

  std::vector<Scored> Run() {
    for (int i = 0; i < kMostExpansions && !evaluator_.exhausted(); ++i) {
      if (IsExact(Best())) break;
      Node* next = Next();
      if (next == nullptr) break;
      Expand(*next);
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

  /// The best one that has not been expanded; a long chain of changes counts as worse.
  Node* Next() {
    Node* next = nullptr;
    double best = 0.0;
    for (Node& node : nodes_) {
      if (node.expanded || node.depth >= kMostDepth || node.score >= Evaluator::kNoFit) continue;
      const double cost = node.score + 0.15 * node.depth;
      if (next == nullptr || cost < best) {
        next = &node;
        best = cost;
      }
    }
    return next;
  }

  bool IsExact(const Scored& node) {
    return node.score < kMaybeRounding && node.score < evaluator_.Rounding(node.trial) + kRounding;
  }

  double Evaluate(const Trial& trial) { return evaluator_.Inner(trial); }

  void Expand(Node& node) {
    node.expanded = true;
    const Node from = node;
    const std::vector<Move> moves = InnerMoves(from.trial, evaluator_.sound().sample_rate_hz());
    std::vector<Child> children;
    for (const Move& move : moves) {
      Trial trial = from.trial;
      move.apply(trial);
      const double score = Evaluate(trial);
      if (score < from.score - kGain) children.push_back({&move, {trial, score}});
    }
    std::stable_sort(children.begin(), children.end(), [](const Child& a, const Child& b) {
      return a.result.score < b.result.score;
    });
    for (std::size_t i = 0; i < std::min(kChildren, children.size()); ++i) {
      Keep(from, Refined(children[i].result, {children[i].move->field}));
    }
    if (children.size() > 1) Keep(from, Combined(children));
    if (!IsExact(Best())) Keep(from, Refined(Best(), {}));
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
      if (score < best.score - kGain) best = {trial, score};
    }
    return Refined(best, fields);
  }

  /// Those numbers of a trial whose fields are named, or all, at their best, one after another.
  Scored Refined(Scored trial, const std::set<std::string>& fields) {
    const Score score = [this](const Trial& t) { return Evaluate(t); };
    if (fields.empty() || fields.contains("window_samples") || fields.contains("fft_size") ||
        fields.contains("hop_samples")) {
      trial = RefineStart(score, trial, 4);
    }
    for (const Number& number : InnerNumbers(trial.trial)) {
      if (!fields.empty() && !fields.contains(number.field)) continue;
      trial = RefineNumber(score, trial, number);
    }
    return trial;
  }

  void Keep(const Node& from, const Scored& child) {
    if (child.score > from.score - kGain) return;
    for (const Node& node : nodes_) {
      if (node.trial.start == child.trial.start && node.trial.spec == child.trial.spec) return;
    }
    nodes_.push_back({child, from.depth + 1, false});
  }

  Evaluator& evaluator_;
  std::vector<Node> nodes_;
};

}  // namespace

std::vector<Scored> SearchInner(Evaluator& evaluator, const std::vector<Scored>& starts) {
  return InnerSearch(evaluator, starts).Run();
}

}  // namespace ossicle::compare

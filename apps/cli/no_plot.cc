#include "ossicle/error.h"
#include "plot.h"
#include "plot_comparison.h"

// In place of all that draws, in a build without cairo.

namespace ossicle::cli {
namespace {

[[noreturn]] void ThrowNoPictures() {
  throw Error(Code::kInvalidSpec,
              "this ossicle was built without cairo and draws no pictures; build it with "
              "OSSICLE_PLOT=ON, or call ossicle.plot in Python (pip install 'ossicle[plot]')");
}

}  // namespace

void ValidatePlotOptions(const PlotOptions&) { ThrowNoPictures(); }

void RequireDrawable(const Features<float>&, const FrontendSpec&) { ThrowNoPictures(); }

void PlotFeatures(const Features<float>&, const FrontendSpec&, const PlotOptions&) {
  ThrowNoPictures();
}

void PlotComparison(const PlotSide&, const PlotSide&, const PlotOptions&) { ThrowNoPictures(); }

}  // namespace ossicle::cli

#include "progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace ossicle::cli {

namespace {

constexpr auto kPatience = std::chrono::seconds(1);
constexpr auto kInterval = std::chrono::milliseconds(100);

int TerminalColumns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string Duration(double seconds) {
  char text[32];
  const int whole = static_cast<int>(std::min(seconds + 0.5, 359999.0));
  if (whole < 3600) {
    std::snprintf(text, sizeof(text), "%d:%02d", whole / 60, whole % 60);
  } else {
    std::snprintf(text, sizeof(text), "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }
  return text;
}

std::string Bar(double fraction, int width) {
  const int filled = static_cast<int>(fraction * width);
  return "[" + std::string(static_cast<std::size_t>(filled), '#') +
         std::string(static_cast<std::size_t>(width - filled), '.') + "]";
}

}  // namespace

Progress::Progress(int inputs, bool enabled)
    : inputs_(inputs), enabled_(enabled && isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() { Clear(); }

void Progress::Report(double done_s, double total_s) {
  if (!enabled_) return;
  const std::lock_guard lock(mutex_);
  fraction_ = total_s > 0.0 ? std::min(done_s / total_s, 1.0) : 0.0;
  Draw();
}

void Progress::InputDone() {
  if (!enabled_) return;
  const std::lock_guard lock(mutex_);
  ++inputs_done_;
  Draw();
}

void Progress::Clear() {
  const std::lock_guard lock(mutex_);
  if (visible_) std::fputs("\r\033[K", stderr);
  visible_ = false;
}

void Progress::Draw() {
  const Clock::time_point now = Clock::now();
  if (now - drawn_ < kInterval || (inputs_ == 1 && now - start_ < kPatience)) return;
  drawn_ = now;
  visible_ = true;
  std::fprintf(stderr, "\r\033[K%s", Line().c_str());
}

std::string Progress::Line() const {
  const double fraction = inputs_ == 1 ? fraction_ : static_cast<double>(inputs_done_) / inputs_;
  const double spent_s = std::chrono::duration<double>(Clock::now() - start_).count();
  char count[64];
  if (inputs_ == 1) {
    std::snprintf(count, sizeof(count), "%3.0f %%", fraction * 100.0);
  } else {
    std::snprintf(count, sizeof(count), "%d of %d", inputs_done_, inputs_);
  }
  std::string line = std::string(count) + ", " + Duration(spent_s);
  if (fraction > 0.0) line += ", " + Duration(spent_s / fraction - spent_s) + " left";
  const int bar_width = std::min(TerminalColumns() - static_cast<int>(line.size()) - 4, 40);
  return bar_width >= 8 ? Bar(fraction, bar_width) + " " + line : line;
}

}  // namespace ossicle::cli

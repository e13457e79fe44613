#pragma once

namespace ossicle::cli {

/// Makes the first SIGINT or SIGTERM ask for an orderly end; a second one ends at once.
void CatchInterrupts();

/// The signal that came, or 0.
int InterruptSignal();

/// Throws Error(kInterrupted) if one came.
void CheckInterrupt();

}  // namespace ossicle::cli

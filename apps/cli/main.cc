#include "command.h"

int main(int argc, char** argv) { return ossicle::cli::RunCommand(argc, argv); }

# WebAssembly with 128-bit SIMD, by Emscripten.
execute_process(COMMAND em-config EMSCRIPTEN_ROOT OUTPUT_VARIABLE EMSCRIPTEN_ROOT_PATH
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
include(${EMSCRIPTEN_ROOT_PATH}/cmake/Modules/Platform/Emscripten.cmake)
set(CMAKE_CXX_FLAGS_INIT "-msimd128 -fexceptions -include ${CMAKE_CURRENT_LIST_DIR}/wasm_gaps.h")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-fexceptions")

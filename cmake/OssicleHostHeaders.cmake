# For WebAssembly: header-only use of this machine's packages.

# ossicle_host_headers(target header package): an imported target for the folder that holds `header`,
# seen through a link, because all of /usr/include would hide the C library of the target.
function(ossicle_host_headers target header package)
  string(REGEX MATCH "^[^/]+" folder ${header})
  find_path(OSSICLE_HOST_${folder} ${header} PATHS /usr/local/include /usr/include NO_CMAKE_FIND_ROOT_PATH)
  if(NOT OSSICLE_HOST_${folder})
    ossicle_missing(${header} ${package})
  endif()
  set(include ${PROJECT_BINARY_DIR}/host-headers/${folder})
  file(MAKE_DIRECTORY ${include})
  file(CREATE_LINK ${OSSICLE_HOST_${folder}}/${folder} ${include}/${folder} SYMBOLIC)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${target} SYSTEM INTERFACE ${include})
endfunction()

ossicle_host_headers(hwy::hwy hwy/highway.h libhwy-dev)
ossicle_host_headers(nlohmann_json::nlohmann_json nlohmann/json.hpp nlohmann-json3-dev)
# There is one instruction set to choose from, and no libhwy that would choose.
target_compile_definitions(hwy::hwy INTERFACE HWY_COMPILE_ONLY_STATIC)

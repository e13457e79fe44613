# A build that is given those of another one can have its objects from ccache.
set(warnings "")
if(OSSICLE_DEVELOPER_MODE)
  set(warnings -Wall -Wextra -Werror)
  # GCC 12 sees an overlap in "literal" + std::string where there is none (its bug 105651).
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    list(APPEND warnings -Wno-restrict)
  endif()
endif()
set(OSSICLE_WARNINGS "${warnings}" CACHE STRING "Warnings for our own targets")

# ossicle_options(target): what all of our targets are compiled with, and no consumer inherits.
function(ossicle_options target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON)
  # A fused multiply-add rounds once where two operations round twice: with it, the bits would depend
  # on the instruction set.
  target_compile_options(${target} PRIVATE -ffp-contract=off -fno-math-errno)
  target_compile_options(${target} PRIVATE ${OSSICLE_WARNINGS})
  if(OSSICLE_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${OSSICLE_SANITIZE} -fno-omit-frame-pointer
                           -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${OSSICLE_SANITIZE})
  endif()
endfunction()

# ossicle_library(name SOURCES ... DEPENDS ... PRIVATE_DEPENDS ... HEADER_DEPENDS ...): one layer, as
# ossicle::name. HEADER_DEPENDS are header-only packages that a user of the built library never needs.
function(ossicle_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS;HEADER_DEPENDS" ${ARGN})
  add_library(ossicle_${name} STATIC ${ARG_SOURCES})
  add_library(ossicle::${name} ALIAS ossicle_${name})
  set_target_properties(ossicle_${name} PROPERTIES EXPORT_NAME ${name})
  ossicle_options(ossicle_${name})
  target_include_directories(ossicle_${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(ossicle_${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS})
  foreach(package IN LISTS ARG_HEADER_DEPENDS)
    target_include_directories(ossicle_${name} SYSTEM PRIVATE
      $<TARGET_PROPERTY:${package},INTERFACE_INCLUDE_DIRECTORIES>)
  endforeach()
  set_property(GLOBAL APPEND PROPERTY OSSICLE_LIBRARIES ${name})
endfunction()

# The installed package: headers, static libraries, the command, find_package(ossicle), pkg-config.
include(CMakePackageConfigHelpers)

set(OSSICLE_CONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/ossicle)
get_property(libraries GLOBAL PROPERTY OSSICLE_LIBRARIES)

# One export set per layer, so that a user of one layer needs the packages of no other.
if(OSSICLE_C)
  list(APPEND libraries c)
endif()
foreach(library IN LISTS libraries)
  install(TARGETS ossicle_${library} EXPORT ossicle-${library}
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT ossicle-${library} NAMESPACE ossicle:: DESTINATION ${OSSICLE_CONFIG_DIR})
endforeach()
install(DIRECTORY include/ossicle DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.h)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(OSSICLE_CLI)
  install(TARGETS ossicle_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

configure_package_config_file(cmake/ossicle-config.cmake.in ossicle-config.cmake
                              INSTALL_DESTINATION ${OSSICLE_CONFIG_DIR})
write_basic_package_version_file(ossicle-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/ossicle-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/ossicle-config-version.cmake
        DESTINATION ${OSSICLE_CONFIG_DIR})

# Paths from ${pcfiledir}, so that a moved prefix still works; an absolute folder stays as it is.
set(OSSICLE_PC_DIR ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
if(IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR})
  set(OSSICLE_PC_PREFIX ${CMAKE_INSTALL_PREFIX})
else()
  file(RELATIVE_PATH OSSICLE_PC_PREFIX /prefix/${OSSICLE_PC_DIR} /prefix)
  string(REGEX REPLACE "(.*[^/])/*$" "\${pcfiledir}/\\1" OSSICLE_PC_PREFIX ${OSSICLE_PC_PREFIX})
endif()
foreach(kind LIB INCLUDE)
  set(OSSICLE_PC_${kind}DIR ${CMAKE_INSTALL_${kind}DIR})
  if(NOT IS_ABSOLUTE ${CMAKE_INSTALL_${kind}DIR})
    set(OSSICLE_PC_${kind}DIR \${prefix}/${CMAKE_INSTALL_${kind}DIR})
  endif()
endforeach()
set(OSSICLE_PC_MODULES ossicle)
if(OSSICLE_C)
  list(APPEND OSSICLE_PC_MODULES ossicle-c)
endif()
foreach(module IN LISTS OSSICLE_PC_MODULES)
  configure_file(cmake/${module}.pc.in ${module}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${module}.pc DESTINATION ${OSSICLE_PC_DIR})
endforeach()
